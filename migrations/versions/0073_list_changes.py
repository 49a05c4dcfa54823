"""How often the lists of a practice have changed, counted as they change: whether one has is read from a row or two.

Until now all rows that a list is made of were looked through for it, as many as there are clients. Here whoever changes
one of them counts that in the same transaction, by a trigger. Not in one row of the practice, for which all would have
to wait: in the first that nobody else is at, and in another where all are taken. So nobody waits for anybody, nothing
goes round in a circle, and there are as many rows as there have ever been writers at a time.

Only the sum tells, and it grows with each change that is committed, whoever began earlier: a row belongs to its writer
until the end, so no change is hidden behind a later one. The steps are of chance, so that after a restore from a backup
no sum comes again that a browser has seen.
"""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

# Once in a transaction is enough: all of it is seen at the same moment. A row that it has written has its number.
_COUNTING = """
create function lookup.{name}() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
    practice uuid;
begin
    for practice in {found} order by 1 loop
        continue when exists (
            select from list_changes c where c.practice_id = practice and c.xmin = pg_current_xact_id()::xid);
        update list_changes c set changes = c.changes + random(1, 1000000000)
            where c.practice_id = practice and c.id = (
                select x.id from list_changes x where x.practice_id = practice limit 1 for update skip locked);
        if not found then
            insert into list_changes (practice_id, changes) values (practice, random(1, 1000000000));
        end if;
    end loop;
    return null;
end
$$
"""
_FOUND = {
    "count_list_change": "select distinct practice_id from changed",
    "count_change_of_person": (
        "select distinct m.practice_id from changed x join memberships m on m.user_id = x.id where m.role <> 'client'"
    ),
}
"""Whose lists are others now, by what was changed."""
_ANY = ("insert", "update", "delete")
_WATCHED = {
    "standings": ("count_list_change", _ANY),
    "saved_filters": ("count_list_change", _ANY),
    "memberships": ("count_list_change", _ANY),
    "habits": ("count_list_change", _ANY),
    "users": ("count_change_of_person", ("update",)),
}
"""All that Clients is made of, beside who asks and what for."""

# Nothing where somebody's standing is good no longer: it has to be made anew first. The earliest of them is asked for,
# since that is one look along an index; whether any is so early might be looked for in all of them.
_STAMP = """
    select case when coalesce((select min(s.fresh_until) from standings s where s.practice_id = practice) > at, true)
        then (select coalesce(sum(c.changes), 0)::text from list_changes c where c.practice_id = practice) end
"""
_KEEPS_ITS_PLAN = "security invoker set enable_seqscan = off set plan_cache_mode = force_generic_plan"
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
_SEEN = f"""
create function clients_seen(practice uuid, now_is timestamptz, made json, reader uuid, coach uuid, likes text[],
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
_SIGNATURE = (
    "clients_seen(uuid, timestamptz, json, uuid, uuid, text[], text, bool, bool, text, integer, integer, integer)"
)


def upgrade() -> None:
    """Count from here on, and make what reads it, for the web role alone."""
    _changes()
    for name, found in _FOUND.items():
        op.execute(_COUNTING.format(name=name, found=found))
    for table, (name, events) in _WATCHED.items():
        for event in events:
            _trigger(table, event, name)
    for name in _FOUND:
        op.execute(f"revoke all on function lookup.{name}() from public")
        op.execute(f"alter function lookup.{name}() owner to coachhub_lookup")
    rls.narrow_function("clients_stamp(practice uuid, at timestamptz)", "text", _STAMP, "coachhub_web")
    op.execute(_SEEN)
    op.execute(f"revoke all on function {_SIGNATURE} from public")
    op.execute(f"grant execute on function {_SIGNATURE} to coachhub_web")


def _changes() -> None:
    """The narrow functions alone read and write it."""
    op.create_table(
        "list_changes",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_list_changes_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_list_changes")),
    )
    op.execute("alter table list_changes enable row level security")
    op.execute("alter table list_changes force row level security")
    op.execute("grant select, insert, update on list_changes to coachhub_lookup")
    rls.policy("list_changes", "counting", "to coachhub_lookup using (true) with check (true)")


def _trigger(table: str, event: str, name: str) -> None:
    seen = "old table as changed" if event == "delete" else "new table as changed"
    op.execute(
        f"create trigger list_changes_{event} after {event} on {table} referencing {seen} "
        f"for each statement execute function lookup.{name}()"
    )
