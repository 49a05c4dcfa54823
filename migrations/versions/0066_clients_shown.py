"""Clients by fewer looks through all of them: those whom a search leaves are looked up once, to be counted and sorted.

What is read is as in `clients_listed`, and what counts as a change is as in `clients_version`. There the number of a
transaction makes a detour by text, for each row; here it is taken by its age, which is how far it lies behind the
newest, and so from how far the first one does.
"""

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_OF_ROWS = (
    "(select count(*) || ':' || count(*) * age('3'::xid) - coalesce(sum(age(x.xmin)), 0) || ':' || "
    "coalesce(sum(hashtid(x.ctid)), 0) from {})"
)
_OF_CLIENTS = (
    "standings x where x.practice_id = practice",
    "saved_filters x where x.practice_id = practice and x.user_id = reader",
    "memberships x where x.practice_id = practice and x.role <> 'client'",
    "memberships m join users x on x.id = m.user_id where m.practice_id = practice and m.role <> 'client'",
    "habits x where x.practice_id = practice",
)
_VERSION = " || '/' || ".join(_OF_ROWS.format(each) for each in _OF_CLIENTS)
_TOLD = f"""
create function clients_told(practice uuid, reader uuid, at timestamptz) returns text
language plpgsql stable {_KEEPS_ITS_PLAN} as $$
begin
    if exists (select from standings s where s.practice_id = practice and s.fresh_until <= at) then
        return null;
    end if;
    return {_VERSION};
end
$$
"""
_AMONG = "s.standing <> '' and (coach is null or s.coach_id = coach) and s.words like all (likes)"
_FLAGS = "(s.has_not_chosen or not not_chosen) and (s.need_order is not null or not in_need)"
_STANDS = "case when wanted is null then s.standing <> 'archived' else s.standing = wanted end"
_ORDER = """
                case heading
                    when 'status' then way * s.standing_order
                    when 'stage' then way * s.stage_order
                    when 'strength' then way * s.strength
                    when 'met' then way * coalesce(extract(epoch from s.met_at)::float8, 0)
                    when 'session' then coalesce(way * extract(epoch from s.session_at)::float8, 1e12)
                    else 0
                end"""
_SHOWN = f"""
create function clients_shown(practice uuid, now_is timestamptz, made json, reader uuid, coach uuid, likes text[],
    wanted text, not_chosen boolean, in_need boolean, heading text, way integer, most integer, skipped integer)
    returns json language plpgsql {_KEEPS_ITS_PLAN} as $$
declare
    stale json;
    shown uuid[];
    counted json;
    version text;
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
    version := {_VERSION};
    if likes = '{{}}' then
        counted := standings_counted(practice, coach, not_chosen, in_need);
        if heading = 'name' and way > 0 then
            shown := named_first(practice, coach, likes, wanted, not_chosen, in_need, most, skipped);
        else
            shown := array(
                select s.client_id from standings s
                where s.practice_id = practice and {_AMONG} and {_STANDS} and {_FLAGS}
                order by {_ORDER.strip()}, case when heading <> 'name' then s.words end,
                    case when heading = 'name' then s.words end desc, s.client_id
                limit most offset skipped);
        end if;
    else
        with among as materialized (
            select s.client_id, s.standing, s.has_not_chosen, s.need_order is not null as is_needy, s.words,
                {_FLAGS} as is_found, {_ORDER.strip()} as place
            from standings s where s.practice_id = practice and {_AMONG}
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
    return json_build_array(
        null,
        version,
        (select json_agg(json_build_array(s.client_id, s.name, s.standing, s.stage, s.strength, s.year, s.met_at,
            s.time_zone, s.session_at) order by x.place)
            from unnest(shown) with ordinality x(client_id, place)
                join standings s on s.practice_id = practice and s.client_id = x.client_id),
        counted,
        counted is null and not exists (select from standings s where s.practice_id = practice),
        (select json_agg(json_build_array(u.id, u.name) order by u.name, u.id)
            from memberships m join users u on u.id = m.user_id where m.practice_id = practice and m.role <> 'client'),
        (select json_agg(json_build_array(f.id, f.name, f.query) order by lower(f.name), f.id) from saved_filters f
            where f.practice_id = practice and f.user_id = reader),
        (select json_agg(json_build_array(h.id, h.name) order by h.is_default desc, h.name) from habits h
            where h.practice_id = practice and h.retired_at is null));
end
$$
"""
_SIGNATURES = (
    "clients_told(uuid, uuid, timestamptz)",
    "clients_shown(uuid, timestamptz, json, uuid, uuid, text[], text, bool, bool, text, integer, integer, integer)",
)


def upgrade() -> None:
    """Make them, for the web role alone."""
    for text in (_TOLD, _SHOWN):
        op.execute(text)
    for signature in _SIGNATURES:
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to coachhub_web")
