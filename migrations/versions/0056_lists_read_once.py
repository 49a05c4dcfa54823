"""Clients and Today by one statement each: which standings are good no longer, or what stands in the list.

Whoever is told that some are not makes them anew, hands them over with the same question, and is told the list. A list
by name is read along an index, and of all clients nothing but what is counted; who works in a practice is found without
going through its clients.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

Columns = Sequence[str | sa.TextClause]

revision = "0056"
down_revision = "0054"
branch_labels = None
depends_on = None

_COLUMNS = {
    "fresh_until": "timestamptz",
    "coach_id": "uuid",
    "name": "text",
    "words": "text",
    "address": "text",
    "time_zone": "text",
    "standing": "text",
    "standing_order": "int",
    "need": "text",
    "need_order": "int",
    "need_cause": "text",
    "need_since": "timestamptz",
    "need_about": "uuid",
    "is_booster_due": "bool",
    "has_not_chosen": "bool",
    "status": "text",
    "reason": "text",
    "next_step": "text",
    "day": "int",
    "days_left": "int",
    "missed": "int",
    "stage": "text",
    "stage_order": "int",
    "strength": "int",
    "streak": "int",
    "year": "text",
    "steps": "timestamptz[]",
    "stepped_at": "timestamptz",
    "met_at": "timestamptz",
    "session_at": "timestamptz",
}
_TYPED = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_KEEP = f"""
create function keep_standings(practice uuid, made json) returns void language sql security invoker as $$
    update standings s set ({", ".join(_COLUMNS)}) = ({", ".join(f"r.{name}" for name in _COLUMNS)})
        from json_to_recordset(made) as r(client_id uuid, {_TYPED})
        where s.practice_id = practice and s.client_id = r.client_id
$$
"""
# Not `stable`: rows are locked and written. Whoever is asked a second time is believed to have made them all.
_KEEPS_ITS_PLAN = "language plpgsql security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
_STALE = """
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
"""
_TEAM = """
    (select json_agg(json_build_array(u.id, u.name) order by u.name, u.id)
        from memberships m join users u on u.id = m.user_id where m.practice_id = practice and m.role <> 'client')
"""
_AMONG = """
    s.practice_id = practice and s.standing <> '' and (coach is null or s.coach_id = coach) and s.words like all (likes)
"""
_FLAGS = "(s.has_not_chosen or not not_chosen) and (s.need_order is not null or not in_need)"
_FOUND = f"""
    {_AMONG.strip()}
    and case when wanted is null then s.standing <> 'archived' else s.standing = wanted end and {_FLAGS}
"""
_MINE = "s.practice_id = practice and s.standing <> '' and (coach is null or s.coach_id = coach)"
# The first along an index. Sorting is switched off, because the planner would rather sort all clients than read fifty:
# it believes that hardly any are left.
_ALONG = f"""
create function {{signature}} returns uuid[] stable {_KEEPS_ITS_PLAN} set enable_sort = off
    set enable_bitmapscan = off as $$
begin
    return array(select s.client_id from standings s where {{where}} order by {{order}} limit most offset skipped);
end
$$
"""
_NAMED = _ALONG.format(
    signature="named_first(practice uuid, coach uuid, likes text[], wanted text, not_chosen boolean, in_need boolean, "
    "most integer, skipped integer)",
    where=_FOUND.strip(),
    order="s.words, s.client_id",
)
_NEEDY = _ALONG.format(
    signature="needy_first(practice uuid, coach uuid, most integer, skipped integer)",
    where=f"{_MINE} and s.need_order is not null",
    order="s.need_order, s.missed desc, greatest(s.strength, 0), s.words, s.client_id",
)
_NEWEST = _ALONG.format(
    signature="newest_first(practice uuid, coach uuid, since timestamptz, most integer, skipped integer)",
    where=f"{_MINE} and s.stepped_at > since",
    order="s.stepped_at desc, s.client_id",
)
# Counted along an index that has all of it, so that the wide rows are left alone.
_COUNTING = f"""
create function {{signature}} returns json stable {_KEEPS_ITS_PLAN} set enable_bitmapscan = off as $$
begin
    return (select {{counted}});
end
$$
"""
_TALLY = f"""
    json_agg(json_build_array(c.standing, c.here, c.found, c.not_chosen, c.in_need)) from (
        select s.standing, count(*) as here, count(*) filter (where {_FLAGS}) as found,
            count(*) filter (where s.has_not_chosen) as not_chosen, count(s.need_order) as in_need
        from standings s where {{among}} group by s.standing) c
"""
_COUNTED = _COUNTING.format(
    signature="standings_counted(practice uuid, coach uuid, not_chosen boolean, in_need boolean)",
    counted=_TALLY.format(among=_MINE).strip(),
)
_DAY_COUNTED = _COUNTING.format(
    signature="day_counted(practice uuid, coach uuid)",
    counted="""
        json_build_array(
            count(s.need_order) filter (where coach is null or s.coach_id = coach),
            count(*) filter (where c.is_counted),
            count(*) filter (where c.is_counted and s.stage = 'met'),
            count(*) filter (where s.has_not_chosen and (coach is null or s.coach_id = coach)),
            count(*) > 0,
            count(*) filter (where s.stage <> '') > 0,
            count(*) filter (where s.standing <> 'invited') > 0)
        from standings s, lateral (select s.standing in ('on_track', 'at_risk', 'off_track')
            and (coach is null or s.coach_id = coach) as is_counted) c
        where s.practice_id = practice and s.standing <> ''
    """.strip(),
)
# `way` is 1, or -1 where the largest comes first; whoever has no session comes last both ways.
_CLIENTS = f"""
create function clients_read(practice uuid, now_is timestamptz, made json, reader uuid, coach uuid, likes text[],
    wanted text, not_chosen boolean, in_need boolean, heading text, way integer, most integer, skipped integer)
    returns json {_KEEPS_ITS_PLAN} as $$
declare
    stale json;
    shown uuid[];
    counted json;
begin
    {_STALE.strip()}
    if heading = 'name' and way > 0 then
        shown := named_first(practice, coach, likes, wanted, not_chosen, in_need, most, skipped);
    else
        shown := array(
            select s.client_id from standings s where {_FOUND.strip()}
            order by
                case heading
                    when 'status' then way * s.standing_order
                    when 'stage' then way * s.stage_order
                    when 'strength' then way * s.strength
                    when 'met' then way * coalesce(extract(epoch from s.met_at)::float8, 0)
                    when 'session' then coalesce(way * extract(epoch from s.session_at)::float8, 1e12)
                    else 0
                end,
                case when heading <> 'name' then s.words end,
                case when heading = 'name' then s.words end desc, s.client_id
            limit most offset skipped);
    end if;
    if likes = '{{}}' then
        counted := standings_counted(practice, coach, not_chosen, in_need);
    else
        counted := (select {_TALLY.format(among=_AMONG.strip()).strip()});
    end if;
    return json_build_array(
        null,
        (select json_agg(json_build_array(s.client_id, s.name, s.standing, s.stage, s.strength, s.year, s.met_at,
            s.time_zone, s.session_at) order by x.place)
            from unnest(shown) with ordinality x(client_id, place)
                join standings s on s.practice_id = practice and s.client_id = x.client_id),
        counted,
        counted is null and not exists (select from standings s where s.practice_id = practice),
        {_TEAM.strip()},
        (select json_agg(json_build_array(f.id, f.name, f.query) order by lower(f.name), f.id) from saved_filters f
            where f.practice_id = practice and f.user_id = reader),
        (select json_agg(json_build_array(h.id, h.name) order by h.is_default desc, h.name) from habits h
            where h.practice_id = practice and h.retired_at is null));
end
$$
"""
_TODAY = f"""
create function day_read(practice uuid, now_is timestamptz, made json, reader uuid, coach uuid, since timestamptz,
    today date, begins timestamptz, ends timestamptz, most_needy integer, most_lately integer)
    returns json {_KEEPS_ITS_PLAN} as $$
declare
    stale json;
    team json;
    is_all boolean;
    whose uuid;
    needy uuid[];
    newest uuid[];
begin
    {_STALE.strip()}
    team := {_TEAM.strip()};
    is_all := coach is null or coach = reader and json_array_length(team) = 1;
    whose := case when not is_all then coach end;
    needy := needy_first(practice, whose, most_needy, 0);
    newest := newest_first(practice, whose, since, most_lately, 0);
    return (
        select json_build_array(
            null,
            (select json_agg(json_build_array(s.client_id, s.name, s.standing, s.need, s.need_cause, s.need_since,
                s.need_about, s.address, s.is_booster_due, s.status, s.reason, s.next_step, s.day, s.days_left,
                s.missed) order by x.place)
                from unnest(needy) with ordinality x(client_id, place)
                    join standings s on s.practice_id = practice and s.client_id = x.client_id),
            (select json_agg(json_build_array(s.client_id, s.name, s.time_zone, s.steps))
                from standings s where s.practice_id = practice and s.client_id = any (newest)),
            team,
            is_all,
            exists (select from coaching_sessions x
                where x.practice_id = practice and x.starts_at >= begins and x.starts_at < ends),
            exists (select from actions a where a.practice_id = practice and a.owner = 'coach' and a.due_on <= today
                and a.done_at is null and a.dropped_at is null),
            (select json_build_array(p.status, p.trial_ends_at, p.ends_at, p.grace_until, p.granted_until)
                from practice_plans p where p.practice_id = practice),
            day_counted(practice, whose))
    );
end
$$
"""
_STRENGTH = sa.text("greatest(strength, 0)")
_BY_NEED: Columns = [
    "practice_id",
    "need_order",
    sa.text("missed desc"),
    sa.text("greatest(strength, 0)"),
    "words",
    "client_id",
]
_COUNTED_BY: Columns = ["practice_id", "standing", "coach_id", "has_not_chosen", "need_order", "stage"]
_BY_STEP: Columns = ["practice_id", sa.text("stepped_at desc"), "client_id"]
_IS_NEEDY = "need_order is not null"
_SIGNATURES = {
    "keep_standings(uuid, json)": "coachhub_web, coachhub_worker",
    "named_first(uuid, uuid, text[], text, boolean, boolean, integer, integer)": "coachhub_web",
    "needy_first(uuid, uuid, integer, integer)": "coachhub_web",
    "newest_first(uuid, uuid, timestamptz, integer, integer)": "coachhub_web",
    "standings_counted(uuid, uuid, boolean, boolean)": "coachhub_web",
    "day_counted(uuid, uuid)": "coachhub_web",
    "clients_read(uuid, timestamptz, json, uuid, uuid, text[], text, bool, bool, text, integer, integer, integer)": (
        "coachhub_web"
    ),
    "day_read(uuid, timestamptz, json, uuid, uuid, timestamptz, date, timestamptz, timestamptz, integer, integer)": (
        "coachhub_web"
    ),
}


def upgrade() -> None:
    """Make them, for the application alone, and the indexes that they read along."""
    op.create_index("ix_standings_practice_id_words", "standings", ["practice_id", "words", "client_id"])
    op.create_index("ix_standings_practice_id_need_order", "standings", _BY_NEED, postgresql_where=sa.text(_IS_NEEDY))
    op.create_index("ix_standings_practice_id_stepped_at", "standings", _BY_STEP)
    op.create_index("ix_standings_practice_id_standing", "standings", _COUNTED_BY)
    op.create_index(
        "ix_memberships_practice_id_staff", "memberships", ["practice_id"], postgresql_where=sa.text("role <> 'client'")
    )
    for text in (_KEEP, _NAMED, _NEEDY, _NEWEST, _COUNTED, _DAY_COUNTED, _CLIENTS, _TODAY):
        op.execute(text)
    for signature, roles in _SIGNATURES.items():
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to {roles}")
