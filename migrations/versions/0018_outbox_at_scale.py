"""The outbox for a million: mails that go together, what the provider tells afterwards, and when to look again."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_STATES = "state in ('due', 'claimed', 'sent', 'delivered', 'bounced', 'complained', 'unknown', 'dropped', 'failed')"


def upgrade() -> None:
    """Widen the outbox, then make what stands around it."""
    _outbox()
    _wakes()
    _mail_events()
    _suppressions()
    _lookups()


def _outbox() -> None:
    """A claim and its handing over touch no indexed column, so that they write no index: hence `settled_at`.

    That every instant is later than `-infinity` says which index is meant: only a statement that says so may look
    among all that is due. One that looks for a client's own would else do so while the table's statistics are young.
    """
    op.drop_constraint(op.f("ck_outbox_state"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_state"), "outbox", _STATES)
    op.add_column("outbox", sa.Column("together", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("outbox", sa.Column("delivery_id", sa.Uuid(), nullable=True))
    op.add_column("outbox", sa.Column("is_trouble", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute("alter table outbox set (fillfactor = 40)")
    op.drop_index("ix_outbox_practice_id_open", "outbox")
    op.create_index(
        "ix_outbox_practice_id_open",
        "outbox",
        ["practice_id", "due_at"],
        postgresql_where=sa.text("settled_at is null and due_at > '-infinity'"),
    )
    op.create_index(
        "ix_outbox_practice_id_together",
        "outbox",
        ["practice_id", "client_id", "due_at"],
        postgresql_where=sa.text("settled_at is null and together"),
    )
    op.create_index(
        "ix_outbox_practice_id_delivery_id",
        "outbox",
        ["practice_id", "delivery_id"],
        postgresql_where=sa.text("delivery_id <> id"),
    )
    op.create_index(
        "ix_outbox_practice_id_trouble",
        "outbox",
        ["practice_id", "id"],
        postgresql_where=sa.text("is_trouble"),
    )
    with rls.seeing_all("outbox"):
        op.execute("update outbox set is_trouble = true where state in ('unknown', 'failed')")


def _wakes() -> None:
    op.create_table(
        "wakes",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_wakes_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "at", "is_urgent", name=op.f("pk_wakes")),
    )
    op.create_index("ix_wakes_at", "wakes", ["at", "practice_id", "is_urgent"])
    rls.enable_tenant_rls("wakes")
    rls.let_lookup_read("wakes")
    with rls.seeing_all("wakes", "practices"):
        op.execute("insert into wakes (practice_id, at, is_urgent) select id, now(), false from practices")


def _mail_events() -> None:
    op.create_table(
        "mail_events",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_mail_events_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_mail_events")),
    )
    op.create_index(
        "ix_mail_events_practice_id_unhandled",
        "mail_events",
        ["practice_id", "received_at"],
        postgresql_where=sa.text("handled_at is null"),
    )
    op.create_index("ix_mail_events_practice_id_delivery_id", "mail_events", ["practice_id", "delivery_id"])
    rls.enable_tenant_rls("mail_events")


def _suppressions() -> None:
    op.create_table(
        "suppressions",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("cause in ('bounced', 'complained')", name=op.f("ck_suppressions_cause")),
        sa.ForeignKeyConstraint(["practice_id"], ["practices.id"], name=op.f("fk_suppressions_practice_id")),
        sa.PrimaryKeyConstraint("practice_id", "address", name=op.f("pk_suppressions")),
    )
    rls.enable_tenant_rls("suppressions")


def _lookups() -> None:
    """The function that it replaces stays: workers of the version before still ask it while they are replaced."""
    rls.narrow_function(
        "practices_to_look_at(at timestamptz)",
        "table (practice_id uuid, is_urgent boolean)",
        "select x.practice_id, bool_or(x.is_urgent) from ("
        "select w.practice_id, w.is_urgent from wakes w where w.at <= practices_to_look_at.at "
        "union all select distinct o.practice_id, false from outbox o where o.settled_at is null "
        "and o.due_at > '-infinity' and o.due_at <= practices_to_look_at.at "
        "and (o.state = 'due' or o.leased_until <= practices_to_look_at.at)"
        ") x group by x.practice_id",
        "coachhub_worker",
    )
