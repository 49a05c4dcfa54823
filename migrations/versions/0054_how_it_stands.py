"""How things stand across practices, for whoever watches the installation: counts and instants, and nothing of anybody.

Only what is open or has failed is counted, because indexes know just that: what is done, counted again and again, would
take the longer the longer an installation lives.
"""

from alembic import op

from migrations import rls

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

# That an instant is later than -infinity says that the index of all that is open is meant.
_OUTBOX = """
    select 'outbox', v.state, v.rows, v.oldest from (
        select count(*) filter (where state = 'due' and due_at <= at) as due,
            min(due_at) filter (where state = 'due' and due_at <= at) as due_since,
            count(*) filter (where state = 'due' and due_at > at) as later,
            count(*) filter (where state = 'claimed') as claimed,
            min(due_at) filter (where state = 'claimed') as claimed_since
        from outbox where settled_at is null and due_at > '-infinity'
    ) o, lateral (values ('due', o.due, o.due_since), ('later', o.later, null), ('claimed', o.claimed, o.claimed_since))
        as v(state, rows, oldest)
    union all
    select 'outbox', 'unknown', count(*), null from outbox where is_trouble and state = 'unknown'
"""
_INBOXES = """
    select 'mail_events', 'open', count(*), min(received_at) from mail_events where handled_at is null
    union all
    select 'stripe_events', 'open', count(*), min(received_at) from stripe_events where handled_at is null
    union all
    select 'stripe_events', 'failed', count(*), null from stripe_events where outcome = 'failed'
"""
_REPORTS = """
    select 'reports', v.state, v.rows, v.oldest from (
        select count(*) filter (where state = 'waiting') as waiting,
            min(asked_at) filter (where state = 'waiting') as waiting_since,
            count(*) filter (where state = 'making') as making
        from reports where state in ('waiting', 'making')
    ) r, lateral (values ('waiting', r.waiting, r.waiting_since), ('making', r.making, null)) as v(state, rows, oldest)
    union all
    select 'reports', 'failed', count(*), null from reports where state = 'failed'
"""
_BOOKINGS = """
    select 'bookings', 'held', count(*), null from bookings where status = 'held'
    union all
    select 'bookings', v.state, v.rows, v.oldest from (
        select count(*) filter (where ends_at > at) as ahead, count(*) filter (where ends_at <= at) as over
        from bookings where status = 'confirmed'
    ) b, lateral (values ('ahead', b.ahead, null::timestamptz), ('over', b.over, null)) as v(state, rows, oldest)
"""


def upgrade() -> None:
    """One function that counts."""
    op.execute("grant select (received_at) on mail_events to coachhub_lookup")
    op.execute("grant select (asked_at) on reports to coachhub_lookup")
    rls.narrow_function(
        "how_it_stands(at timestamptz)",
        "table (what text, state text, number bigint, oldest timestamptz)",
        " union all ".join((_OUTBOX, _INBOXES, _REPORTS, _BOOKINGS)),
    )
