"""How clients stand, a narrow row a client, kept right by triggers; and the filters that a coach has kept."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_WORKS_HERE = f"(select lookup.works_in({rls.PRACTICE}, {rls.PERSON}))"
_KEY = "practice_id, client_id"

# What a trigger's statement changed is in `changed`, how that was before in `before`. One row at a time, by its key and
# in one order: two transactions never wait for each other in a circle, and no plan may look through the table.
_MARKING = """
create function lookup.{name}() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
declare
    found record;
begin
    for found in {found} order by 1, 2 loop
        update standings s set fresh_until = 'epoch'
            where s.practice_id = found.practice_id and s.client_id = found.client_id;
    end loop;
    return null;
end
$$
"""
_ADDING = """
create function lookup.add_standings() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
    insert into standings (practice_id, client_id, coach_id) select practice_id, id, coach_id from changed;
    return null;
end
$$
"""
_FOUND = {
    "mark_clients": "select distinct practice_id, id as client_id from changed",
    "mark_of_client": "select distinct practice_id, client_id from changed where client_id is not null",
    "mark_of_assignment": (
        "select distinct a.practice_id, a.client_id from changed x "
        "join assignments a on a.practice_id = x.practice_id and a.id = x.assignment_id"
    ),
    "mark_of_purchase": (
        "select distinct p.practice_id, p.client_id from changed x "
        "join purchases p on p.practice_id = x.practice_id and p.id = x.purchase_id where p.client_id is not null"
    ),
    "mark_of_address": (
        "select distinct s.practice_id, s.client_id from changed x "
        "join standings s on s.practice_id = x.practice_id and lower(s.address) = x.address"
    ),
    "mark_of_person": (
        "select distinct c.practice_id, c.id as client_id from changed x join before b on b.id = x.id "
        "join memberships m on m.user_id = x.id "
        "join clients c on c.practice_id = m.practice_id and c.user_id = m.user_id "
        "where x.email is distinct from b.email"
    ),
}
"""Whose standing is no longer good, by what was changed."""
_ANY = ("insert", "update", "delete")
_WATCHED: dict[str, tuple[str, Sequence[str]]] = {
    "clients": ("mark_clients", ("update",)),
    "client_invites": ("mark_of_client", _ANY),
    "assignments": ("mark_of_client", _ANY),
    "assignment_pauses": ("mark_of_assignment", _ANY),
    "cycles": ("mark_of_client", _ANY),
    "bookings": ("mark_of_client", _ANY),
    "coaching_sessions": ("mark_of_client", _ANY),
    "reports": ("mark_of_client", _ANY),
    "purchases": ("mark_of_client", _ANY),
    "refunds": ("mark_of_purchase", _ANY),
    "disputes": ("mark_of_purchase", _ANY),
    "suppressions": ("mark_of_address", _ANY),
    "users": ("mark_of_person", ("update",)),
}
"""What standings are made of, and who finds whose they are."""


def upgrade() -> None:
    """Make both tables and bind them, fill the first with rows to be made, and watch what they are made of."""
    _standings()
    _saved_filters()
    _let_triggers_work()
    _watch()
    _look_across_practices()
    with rls.seeing_all("standings", "clients"):
        op.execute(f"insert into standings ({_KEY}, coach_id) select practice_id, id, coach_id from clients")


def _standings() -> None:
    op.create_table(
        "standings",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("fresh_until", _INSTANT, server_default="epoch", nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        _text("name"),
        sa.Column("words", sa.Text(collation="C"), server_default="", nullable=False),
        *map(_text, ("address", "time_zone", "standing")),
        _small("standing_order", 0),
        sa.Column("need", sa.Text(), nullable=True),
        sa.Column("need_order", sa.SmallInteger(), nullable=True),
        _text("need_cause"),
        sa.Column("need_since", _INSTANT, nullable=True),
        sa.Column("need_about", sa.Uuid(), nullable=True),
        *map(_flag, ("is_booster_due", "has_not_chosen")),
        *map(_text, ("status", "reason", "next_step")),
        *(_small(name, 0) for name in ("day", "days_left", "missed")),
        _text("stage"),
        *(_small(name, -1) for name in ("stage_order", "strength", "streak")),
        _text("year"),
        sa.Column("steps", sa.ARRAY(_INSTANT), server_default="{}", nullable=False),
        *(sa.Column(name, _INSTANT, nullable=True) for name in ("stepped_at", "met_at", "session_at")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_standings_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "client_id", name=op.f("pk_standings")),
    )
    op.create_index("ix_standings_practice_id_fresh_until", "standings", ["practice_id", "fresh_until"])
    rls.enable_tenant_rls("standings")
    only = f"using ({_WORKS_HERE}) with check ({_WORKS_HERE})"
    rls.policy("standings", "staff", f"as restrictive to coachhub_web {only}")


def _saved_filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "user_id"],
            ["memberships.practice_id", "memberships.user_id"],
            name=op.f("fk_saved_filters_practice_id_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("practice_id", "user_id", "name", name=op.f("uq_saved_filters_practice_id_user_id_name")),
    )
    rls.enable_tenant_rls("saved_filters")
    own = f"user_id = {rls.PERSON}"
    rls.policy("saved_filters", "person", f"as restrictive to coachhub_web using ({own}) with check ({own})")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _small(name: str, start: int) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), server_default=sa.text(str(start)), nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def _let_triggers_work() -> None:
    """Their owner may mark and add rows, and find whose a changed row is; it reads nothing else of them."""
    op.execute(
        f"grant select ({_KEY}, address, fresh_until), insert ({_KEY}, coach_id) on standings to coachhub_lookup"
    )
    op.execute("grant update (fresh_until) on standings to coachhub_lookup")
    rls.policy("standings", "marking", "to coachhub_lookup using (true) with check (true)")
    for table in ("assignments", "purchases"):
        op.execute(f"grant select (practice_id, id, client_id) on {table} to coachhub_lookup")
        rls.policy(table, "marking", "for select to coachhub_lookup using (true)")


def _watch() -> None:
    op.execute(_ADDING)
    _trigger("clients", "insert", "add_standings")
    for name, found in _FOUND.items():
        op.execute(_MARKING.format(name=name, found=found))
    for table, (name, events) in _WATCHED.items():
        for event in events:
            _trigger(table, event, name)
    for name in ("add_standings", *_FOUND):
        op.execute(f"revoke all on function lookup.{name}() from public")
        op.execute(f"alter function lookup.{name}() owner to coachhub_lookup")


def _trigger(table: str, event: str, name: str) -> None:
    seen = {"insert": "new table as changed", "delete": "old table as changed"}
    referencing = seen.get(event, "old table as before new table as changed")
    op.execute(
        f"create trigger standings_{event} after {event} on {table} referencing {referencing} "
        f"for each statement execute function lookup.{name}()"
    )


def _look_across_practices() -> None:
    rls.narrow_function(
        "practices_with_stale_standings(at timestamptz)",
        "setof uuid",
        "select id from practices p where exists (select from standings s where s.practice_id = p.id "
        "and s.fresh_until <= at)",
        "coachhub_worker",
    )
