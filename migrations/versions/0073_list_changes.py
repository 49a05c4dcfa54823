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
