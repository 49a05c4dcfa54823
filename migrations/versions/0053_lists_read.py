"""What Clients and Today read, as functions: a session plans them once, and the policies bind them as ever.

They run as whoever calls them. Planning what they ask takes longer than reading it among a thousand clients. What is
counted and sorted of all clients is a few narrow columns; the others are read of those alone that are shown.
"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_KEEPS_ITS_PLAN = (
    "language plpgsql stable security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
)
_TEAM = """
            (select json_agg(json_build_array(u.id, u.name) order by u.name, u.id)
                from memberships m join users u on u.id = m.user_id
                where m.practice_id = practice and m.role <> 'client')
"""
# `way` is 1, or -1 where the largest comes first; whoever has no session comes last both ways.
_CLIENTS = """
create function clients_listed(practice uuid, reader uuid, coach uuid, likes text[], wanted text, not_chosen boolean,
    in_need boolean, heading text, way integer, most integer, skipped integer) returns json {how} as $$
begin
    return (
        with mine as materialized (
            select s.client_id, s.words, s.standing, s.has_not_chosen,
                s.need is not null and s.standing <> 'archived' as is_in_need,
                case when wanted is null then s.standing <> 'archived' else s.standing = wanted end
                    and (s.has_not_chosen or not not_chosen) and (s.need is not null or not in_need) as is_found,
                case heading
                    when 'status' then way * s.standing_order
                    when 'stage' then way * s.stage_order
                    when 'strength' then way * s.strength
                    when 'met' then way * coalesce(extract(epoch from s.met_at)::float8, 0)
                    when 'session' then coalesce(way * extract(epoch from s.session_at)::float8, 1e12)
                    else 0
                end as place
            from standings s
            where s.practice_id = practice and s.standing <> '' and (coach is null or s.coach_id = coach)
                and s.words like all (likes)
        ), first as (
            select client_id, row_number() over () as place from (
                select client_id from mine where is_found
                order by place, case when heading <> 'name' or way > 0 then words end,
                    case when heading = 'name' and way < 0 then words end desc, client_id
                limit most offset skipped) x
        ), page as (
            select s.* from first join standings s on s.practice_id = practice and s.client_id = first.client_id
            order by first.place
        )
        select json_build_array(
            (select json_agg(json_build_array(client_id, name, standing, stage, strength, year, met_at, time_zone,
                session_at)) from page),
            (select json_object_agg(standing, n) from (select standing, count(*) as n from mine group by standing) c),
            count(*) filter (where is_found),
            count(*) filter (where has_not_chosen),
            count(*) filter (where is_in_need),
            not exists (select from standings s where s.practice_id = practice),
            {team},
            (select json_agg(json_build_array(f.id, f.name, f.query) order by lower(f.name), f.id) from saved_filters f
                where f.practice_id = practice and f.user_id = reader))
        from mine
    );
end
$$
"""
_TODAY = """
create function day_listed(practice uuid, coach uuid, reader uuid, since timestamptz, day date, begins timestamptz,
    ends timestamptz, most_needy integer, most_lately integer) returns json {how} as $$
declare
    team json := {team};
    is_all boolean := coach is null or coach = reader and json_array_length(team) = 1;
begin
    return (
        with mine as materialized (
            select s.client_id, s.words, s.standing, s.stage, s.has_not_chosen, s.need_order, s.missed, s.strength,
                s.stepped_at, is_all or s.coach_id = coach as is_mine
            from standings s where s.practice_id = practice and s.standing <> ''
        ), first as (
            select client_id, row_number() over () as place from (
                select client_id from mine where is_mine and need_order is not null
                order by need_order, missed desc, greatest(strength, 0), words, client_id limit most_needy) x
        ), needy as (
            select s.* from first join standings s on s.practice_id = practice and s.client_id = first.client_id
            order by first.place
        ), newest as (
            select client_id from mine where is_mine and stepped_at > since
            order by stepped_at desc, client_id limit most_lately
        ), lately as (
            select s.* from newest join standings s on s.practice_id = practice and s.client_id = newest.client_id
        )
        select json_build_array(
            (select json_agg(json_build_array(client_id, name, standing, need, need_cause, need_since, need_about,
                address, is_booster_due, status, reason, next_step, needy.day, days_left, missed)) from needy),
            (select json_agg(json_build_array(client_id, name, time_zone, steps)) from lately),
            team,
            is_all,
            exists (select from coaching_sessions x
                where x.practice_id = practice and x.starts_at >= begins and x.starts_at < ends),
            exists (select from actions a where a.practice_id = practice and a.owner = 'coach' and a.due_on <= day
                and a.done_at is null and a.dropped_at is null),
            count(*) filter (where is_mine and need_order is not null),
            count(*) filter (where is_mine and standing in ('on_track', 'at_risk', 'off_track')),
            count(*) filter (where is_mine and standing in ('on_track', 'at_risk', 'off_track') and stage = 'met'),
            count(*) filter (where is_mine and has_not_chosen),
            count(*) > 0,
            count(*) filter (where stage <> '') > 0,
            count(*) filter (where standing <> 'invited') > 0)
        from mine
    );
end
$$
"""
_SIGNATURES = (
    "clients_listed(uuid, uuid, uuid, text[], text, boolean, boolean, text, integer, integer, integer)",
    "day_listed(uuid, uuid, uuid, timestamptz, date, timestamptz, timestamptz, integer, integer)",
)


def upgrade() -> None:
    """Make them, for the application alone."""
    for text in (_CLIENTS, _TODAY):
        op.execute(text.format(how=_KEEPS_ITS_PLAN, team=_TEAM.strip()))
    for signature in _SIGNATURES:
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to coachhub_web")
