"""Clients and Today with fewer looks, and their rows as a run of text.

The rows stand behind what comes with them, on a line of their own: whoever has written the same run before need not
take it apart (`reports/service/runs.py`). They are read along the index that finds them, and not a second time by their
ids; each is put together by `format`, in a third less time than a JSON array is built. Names and addresses are
anybody's words, so JSON quotes them; all else in a row is ours and has no quotes. Clients are counted by standing, and
what is counted of them without a filter for each: over a thousand of them that takes half the time of Today's sums.
Otherwise what is read is as in `clients_seen` and `day_around`.
"""

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
# The planner would rather sort all clients than read fifty along an index: it believes that hardly any are left.
_ALONG = f"language plpgsql stable {_KEEPS_ITS_PLAN} set enable_sort = off set enable_bitmapscan = off"
_COUNTING = f"language plpgsql stable {_KEEPS_ITS_PLAN} set enable_bitmapscan = off"
_MINE = "s.practice_id = practice and s.standing <> '' and (coach is null or s.coach_id = coach)"
_FLAGS = "(s.has_not_chosen or not not_chosen) and (s.need_order is not null or not in_need)"
_STANDS = "case when wanted is null then s.standing <> 'archived' else s.standing = wanted end"


def _or_null(column: str) -> str:
    return f"""coalesce('"' || s.{column} || '"', 'null')"""


_LINE = f"""
    format('["%s",%s,"%s","%s",%s,"%s",%s,"%s",%s]', s.client_id, to_json(s.name), s.standing, s.stage, s.strength,
        s.year, {_or_null("met_at")}, s.time_zone, {_or_null("session_at")})
""".strip()
_NEEDY_LINE = f"""
    format('["%s",%s,"%s","%s","%s",%s,%s,%s,%s,"%s","%s","%s",%s,%s,%s]', s.client_id, to_json(s.name), s.standing,
        s.need, s.need_cause, {_or_null("need_since")}, {_or_null("need_about")}, to_json(s.address),
        s.is_booster_due::text, s.status, s.reason, s.next_step, s.day, s.days_left, s.missed)
""".strip()
_NAMED = f"""
create function named_lines(practice uuid, coach uuid, wanted text, not_chosen boolean, in_need boolean, most integer,
    skipped integer) returns text {_ALONG} as $$
begin
    return (
        select string_agg(x.line, ',') from (
            select {_LINE} as line from standings s where {_MINE} and {_STANDS} and {_FLAGS}
            order by s.words, s.client_id limit most offset skipped) x);
end
$$
"""
_NEEDY = f"""
create function needy_lines(practice uuid, coach uuid, most integer) returns text {_ALONG} as $$
begin
    return (
        select string_agg(x.line, ',') from (
            select {_NEEDY_LINE} as line from standings s where {_MINE} and s.need_order is not null
            order by s.need_order, s.missed desc, greatest(s.strength, 0), s.words, s.client_id limit most) x);
end
$$
"""
_NEWEST = f"""
create function newest_lines(practice uuid, coach uuid, since timestamptz, most integer) returns json {_ALONG} as $$
begin
    return (
        select json_agg(x.line) from (
            select json_build_array(s.client_id, s.name, s.time_zone, s.steps) as line
            from standings s where {_MINE} and s.stepped_at > since
            order by s.stepped_at desc, s.client_id limit most) x);
end
$$
"""
# With no filter, or one, what is found is counted already; with both it is counted as in `standings_counted`.
_TALLIED = f"""
create function standings_tallied(practice uuid, coach uuid, not_chosen boolean, in_need boolean) returns json
{_COUNTING} as $$
begin
    if not_chosen and in_need then
        return standings_counted(practice, coach, not_chosen, in_need);
    end if;
    return (
        select json_agg(json_build_array(c.standing, c.here,
            case when not_chosen then c.open when in_need then c.needy else c.here end, c.open, c.needy))
        from (
            select s.standing, count(*) as here, count(nullif(s.has_not_chosen, false)) as open,
                count(s.need_order) as needy
            from standings s where {_MINE} group by s.standing) c);
end
$$
"""
_DAY_TALLIED = f"""
create function day_tallied(practice uuid, coach uuid) returns json {_COUNTING} as $$
begin
    return (
        select json_build_array(
            coalesce(sum(c.needy) filter (where c.is_mine), 0),
            coalesce(sum(c.here) filter (where c.is_counted), 0),
            coalesce(sum(c.met) filter (where c.is_counted), 0),
            coalesce(sum(c.not_chosen) filter (where c.is_mine), 0),
            count(*) > 0,
            coalesce(sum(c.staged), 0) > 0,
            count(*) filter (where c.standing <> 'invited') > 0)
        from (
            select x.*, x.is_mine and x.standing in ('on_track', 'at_risk', 'off_track') as is_counted from (
                select s.standing, coach is null or s.coach_id is not distinct from coach as is_mine, count(*) as here,
                    count(s.need_order) as needy, count(nullif(s.stage = 'met', false)) as met,
                    count(nullif(s.stage, '')) as staged, count(nullif(s.has_not_chosen, false)) as not_chosen
                from standings s where s.practice_id = practice and s.standing <> ''
                group by s.standing, s.coach_id) x) c);
end
$$
"""
_STALE = """
        if exists (select from standings s where s.practice_id = practice and s.fresh_until <= now_is) then
            select json_agg(x.client_id) into stale from (
                select s.client_id from standings s where s.practice_id = practice and s.fresh_until <= now_is
                order by s.client_id for update) x;
            if stale is not null then
                return json_build_array(stale);
            end if;
        end if;
""".strip()
_TEAM = """
(select json_agg(json_build_array(u.id, u.name) order by u.name, u.id)
            from memberships m join users u on u.id = m.user_id where m.practice_id = practice and m.role <> 'client')
""".strip()
_ORDER = """
case heading
                    when 'status' then way * s.standing_order
                    when 'stage' then way * s.stage_order
                    when 'strength' then way * s.strength
                    when 'met' then way * coalesce(extract(epoch from s.met_at)::float8, 0)
                    when 'session' then coalesce(way * extract(epoch from s.session_at)::float8, 1e12)
                    else 0
                end
""".strip()
_CLIENTS = f"""
create function clients_in_lines(practice uuid, now_is timestamptz, made json, reader uuid, coach uuid, likes text[],
    wanted text, not_chosen boolean, in_need boolean, heading text, way integer, most integer, skipped integer)
    returns text language plpgsql {_KEEPS_ITS_PLAN} as $$
declare
    stale json;
    shown uuid[];
    lines text;
    counted json;
    version text;
begin
    if made is not null then
        perform keep_standings(practice, made);
    end if;
    version := lookup.clients_stamp(practice, now_is);
    if version is null and made is null then
        select json_agg(x.client_id) into stale from (
            select s.client_id from standings s where s.practice_id = practice and s.fresh_until <= now_is
            order by s.client_id for update) x;
        if stale is not null then
            return json_build_array(stale);
        end if;
        version := lookup.clients_stamp(practice, now_is);
    end if;
    if likes = '{{}}' then
        counted := standings_tallied(practice, coach, not_chosen, in_need);
        if heading = 'name' and way > 0 then
            lines := named_lines(practice, coach, wanted, not_chosen, in_need, most, skipped);
        else
            shown := array(
                select s.client_id from standings s where {_MINE} and {_STANDS} and {_FLAGS}
                order by {_ORDER}, case when heading <> 'name' then s.words end,
                    case when heading = 'name' then s.words end desc, s.client_id
                limit most offset skipped);
        end if;
    else
        with among as materialized (
            select s.client_id, s.standing, s.has_not_chosen, s.need_order is not null as is_needy, s.words,
                {_FLAGS} as is_found, {_ORDER} as place
            from standings s where {_MINE} and s.words like all (likes)
        )
        select
            array(
                select s.client_id from among s where s.is_found and {_STANDS}
                order by s.place, case when heading <> 'name' or way > 0 then s.words end,
                    case when heading = 'name' and way < 0 then s.words end desc, s.client_id
                limit most offset skipped),
            (select json_agg(json_build_array(c.standing, c.here, c.found, c.not_chosen, c.in_need)) from (
                select s.standing, count(*) as here, count(*) filter (where s.is_found) as found,
                    count(*) filter (where s.has_not_chosen) as not_chosen,
                    count(*) filter (where s.is_needy) as in_need
                from among s group by s.standing) c)
            into shown, counted;
    end if;
    if shown <> '{{}}' then
        lines := (
            select string_agg({_LINE}, ',' order by x.place)
            from unnest(shown) with ordinality x(client_id, place)
                join standings s on s.practice_id = practice and s.client_id = x.client_id);
    end if;
    return json_build_array(
        null,
        version,
        counted,
        counted is null and not exists (select from standings s where s.practice_id = practice),
        {_TEAM},
        (select json_agg(json_build_array(f.id, f.name, f.query) order by lower(f.name), f.id) from saved_filters f
            where f.practice_id = practice and f.user_id = reader),
        (select json_agg(json_build_array(h.id, h.name) order by h.is_default desc, h.name) from habits h
            where h.practice_id = practice and h.retired_at is null))::text || e'\\n' || coalesce(lines, '');
end
$$
"""
_DAY = f"""
create function day_in_lines(practice uuid, now_is timestamptz, made json, reader uuid, coach uuid, since timestamptz,
    most_needy integer, most_lately integer) returns text language plpgsql {_KEEPS_ITS_PLAN} as $$
declare
    stale json;
    team json;
    is_all boolean;
    whose uuid;
begin
    if made is not null then
        perform keep_standings(practice, made);
    else
        {_STALE}
    end if;
    team := {_TEAM};
    is_all := coach is null or coach = reader and json_array_length(team) = 1;
    whose := case when not is_all then coach end;
    return json_build_array(
        null,
        newest_lines(practice, whose, since, most_lately),
        team,
        is_all,
        (select json_build_array(max(x.starts_at) filter (where x.starts_at <= now_is),
                min(x.starts_at) filter (where x.starts_at > now_is))
            from coaching_sessions x where x.practice_id = practice
                and x.starts_at between now_is - interval '2 days' and now_is + interval '2 days'),
        (select min(a.due_on) from actions a where a.practice_id = practice and a.owner = 'coach'
            and a.due_on is not null and a.done_at is null and a.dropped_at is null),
        (select json_build_array(p.status, p.trial_ends_at, p.ends_at, p.grace_until, p.granted_until)
            from practice_plans p where p.practice_id = practice),
        day_tallied(practice, whose))::text || e'\\n' || coalesce(needy_lines(practice, whose, most_needy), '');
end
$$
"""
_SIGNATURES = (
    "named_lines(uuid, uuid, text, bool, bool, integer, integer)",
    "needy_lines(uuid, uuid, integer)",
    "newest_lines(uuid, uuid, timestamptz, integer)",
    "standings_tallied(uuid, uuid, bool, bool)",
    "day_tallied(uuid, uuid)",
    "clients_in_lines(uuid, timestamptz, json, uuid, uuid, text[], text, bool, bool, text, integer, integer, integer)",
    "day_in_lines(uuid, timestamptz, json, uuid, uuid, timestamptz, integer, integer)",
)


def upgrade() -> None:
    """Make them, for the web role alone."""
    for text in (_NAMED, _NEEDY, _NEWEST, _TALLIED, _DAY_TALLIED, _CLIENTS, _DAY):
        op.execute(text)
    for signature in _SIGNATURES:
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to coachhub_web")
