"""What the operator sees of mail across practices: counts and ids; and no look for mail that is held back."""

from alembic import op

from migrations import rls

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None

_NOBODY_NAMED = r"left(regexp_replace(coalesce(o.reason, ''), '\S+@\S+', '…', 'g'), 80)"
_HELD_BACK = (
    "exists (select from mail_pauses p where (p.practice_id is null or p.practice_id = o.practice_id) "
    "and (p.kind is null or p.kind = o.kind))"
)
# That an instant is later than -infinity says that the index of all that is open is meant.
_TO_LOOK_AT = (
    "select x.practice_id, bool_or(x.is_urgent) from ("
    "select w.practice_id, w.is_urgent from wakes w where w.at <= practices_to_look_at.at "
    "union all select distinct o.practice_id, false from outbox o where o.settled_at is null "
    "and o.due_at > '-infinity' and o.due_at <= practices_to_look_at.at "
    f"and (o.state = 'due' and not {_HELD_BACK} or o.leased_until <= practices_to_look_at.at)"
    ") x group by x.practice_id"
)


def upgrade() -> None:
    """Index the settled, let the lookups read what they count, then make them."""
    _index()
    _grants()
    _tallies()
    _look()


def _index() -> None:
    """A block range index costs a settled message next to nothing: its ranges only widen, in memory mostly."""
    op.create_index(
        "ix_outbox_settled_at",
        "outbox",
        ["settled_at"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": "true"},
    )


def _grants() -> None:
    rls.let_lookup_read("mail_pauses")
    op.execute("set local role coachhub_lookup")
    op.execute("grant execute on function lookup.practice_by_slug(text) to coachhub_worker")
    op.execute("reset role")


def _tallies() -> None:
    rls.narrow_function(
        "mail_waiting(at timestamptz)",
        "table (practice_id uuid, kind text, state text, messages bigint, oldest timestamptz)",
        "select o.practice_id, o.kind, o.state, count(*), min(o.due_at) from outbox o "
        "where o.settled_at is null and o.due_at > '-infinity' and o.due_at <= mail_waiting.at group by 1, 2, 3",
    )
    rls.narrow_function(
        "mail_settled(at timestamptz)",
        "table (kind text, state text, reason text, last_minutes bigint, last_hour bigint, last_day bigint)",
        f"select o.kind, o.state, {_NOBODY_NAMED}, "
        "count(*) filter (where o.settled_at > mail_settled.at - interval '5 minutes'), "
        "count(*) filter (where o.settled_at > mail_settled.at - interval '1 hour'), "
        "count(*) from outbox o "
        "where o.settled_at > mail_settled.at - interval '1 day' and o.settled_at <= mail_settled.at group by 1, 2, 3",
        "coachhub_worker",
    )
    rls.narrow_function(
        "mail_unknown(at timestamptz)",
        "table (messages bigint, last_day bigint)",
        "select count(*), count(*) filter (where o.settled_at > mail_unknown.at - interval '1 day') "
        "from outbox o where o.is_trouble and o.state = 'unknown'",
    )
    rls.narrow_function(
        "suppressed_addresses()",
        "bigint",
        "select count(*) from suppressions s where s.lifted_at is null",
        "coachhub_worker",
    )


def _look() -> None:
    """While mail is held back there is nothing to ring for; afterwards the sweep finds it again."""
    op.execute("set local role coachhub_lookup")
    op.execute(
        "create or replace function lookup.practices_to_look_at(at timestamptz) "
        "returns table (practice_id uuid, is_urgent boolean) language sql stable security definer "
        f"set search_path = public, pg_temp as $$ {_TO_LOOK_AT} $$"
    )
    op.execute("reset role")
