"""The cohort as one statement whose plan a session keeps: its clients, and whom the page can be narrowed to.

The months are read as the standings have them. As in 0045 the plan may be made while a table is empty and used when
there are ten thousand rows: so who has begun and how they stand may not be joined row by row. That is a function of its
own, since what others plan inside it they would plan so, too.
"""

from alembic import op

revision = "0071"
down_revision = "0069"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"

_CHOICES = f"""
create function figure_choices(practice uuid) returns json
language plpgsql stable {_KEEPS_ITS_PLAN} as $$
begin
    return json_build_array(
        (select json_agg(json_build_array(u.id, u.name) order by u.name, u.id)
            from memberships m join users u on u.id = m.user_id where m.practice_id = practice and m.role <> 'client'),
        (select json_agg(json_build_array(h.id, h.name) order by not h.is_default, h.name, h.id) from habits h
            where h.practice_id = practice));
end
$$
"""
_ROWS = f"""
create function cohort_rows(practice uuid, coach uuid, with_archived boolean, this date, begun_since date,
    begun_until date, heading text, way integer, most integer, skipped integer, out shown json, out counted bigint,
    out beginnings json)
language plpgsql stable {_KEEPS_ITS_PLAN} set enable_nestloop = off as $$
begin
    with begun as (
        select a.client_id, min(a.from_month) as began from assignments a
        where a.practice_id = practice and a.from_month <= this
            and (a.ended_from is null or a.ended_from > a.from_month)
        group by a.client_id
    ), everybody as materialized (
        select s.client_id, s.name, s.words, s.strength, s.year, s.time_zone, b.began
        from standings s join begun b on b.client_id = s.client_id
        where s.practice_id = practice and s.standing <> 'invited' and (with_archived or s.standing <> 'archived')
            and (coach is null or s.coach_id = coach)
    )
    select
        (select json_agg(json_build_array(p.client_id, p.name, p.began, p.strength, p.time_zone, p.year)) from (
            select * from everybody where began between begun_since and begun_until
            order by
                case heading
                    when 'begun' then way * (began - date '1970-01-01')
                    when 'strength' then way * strength
                    else 0
                end,
                case when heading = 'name' and way < 0 then words end desc, words, client_id
            limit most offset skipped) p),
        (select count(*) from everybody where began between begun_since and begun_until),
        (select json_object_agg(x.began, x.clients)
            from (select began, count(*) as clients from everybody group by began) x)
    into shown, counted, beginnings;
end
$$
"""
_COHORT = f"""
create function cohort_read(practice uuid, now_is timestamptz, made json, coach uuid, with_archived boolean, this date,
    begun_since date, begun_until date, heading text, way integer, most integer, skipped integer) returns json
language plpgsql {_KEEPS_ITS_PLAN} as $$
declare
    stale json;
begin
    if made is not null then
        perform keep_standings(practice, made);
    else
        select json_agg(x.client_id) into stale from (
            select s.client_id from standings s where s.practice_id = practice and s.fresh_until <= now_is
            order by s.client_id for update) x;
        if stale is not null then
            return json_build_array(stale);
        end if;
    end if;
    return (
        select json_build_array(null, c.shown, c.counted, c.beginnings, figure_choices(practice))
        from cohort_rows(practice, coach, with_archived, this, begun_since, begun_until, heading, way, most, skipped) c
    );
end
$$
"""
_SIGNATURES = (
    "figure_choices(uuid)",
    "cohort_rows(uuid, uuid, bool, date, date, date, text, integer, integer, integer)",
    "cohort_read(uuid, timestamptz, json, uuid, bool, date, date, date, text, integer, integer, integer)",
)


def upgrade() -> None:
    """Make them, for the web role alone."""
    for text in (_CHOICES, _ROWS, _COHORT):
        op.execute(text)
    for signature in _SIGNATURES:
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to coachhub_web")
