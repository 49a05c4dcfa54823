"""Reports as documents: asked for, made by a worker, kept with their versions, shared with the client."""

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_WORKS_HERE = f"(select lookup.works_in({rls.PRACTICE}, {rls.PERSON}))"
_OWN = (
    "(state = 'ready' and shared_at is not null and exists (select from clients c "
    f"where c.practice_id = reports.practice_id and c.id = reports.client_id and c.user_id = {rls.PERSON}))"
)
_OF_VISIBLE = "exists (select from reports r where r.practice_id = report_files.practice_id and r.id = report_id)"


def upgrade() -> None:
    """Make the tables, and bind them: to those who work in the practice, and to the client what is shared."""
    _batches()
    _reports()
    _files()
    _wishes()
    _letters()
    _look_across_practices()


def _batches() -> None:
    op.create_table(
        "report_batches",
        *_own_id(),
        sa.Column("coach_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("sends", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.CheckConstraint("kind in ('progress', 'sponsor')", name=op.f("ck_report_batches_kind")),
        sa.CheckConstraint("first_month <= last_month", name=op.f("ck_report_batches_months")),
        _to_member("report_batches", "asked_by"),
        _to_member("report_batches", "coach_id"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_report_batches")),
    )
    op.create_index("ix_report_batches_practice_id_asked_at", "report_batches", ["practice_id", "asked_at"])
    _for_staff("report_batches")


def _reports() -> None:
    op.create_table(
        "reports",
        *_own_id(),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("first_month", sa.Date(), nullable=True),
        sa.Column("last_month", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("lease_until", _INSTANT, nullable=True),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("sends", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("ready_at", _INSTANT, nullable=True),
        sa.Column("size", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("is_accessible", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("shared_at", _INSTANT, nullable=True),
        sa.Column("opened_at", _INSTANT, nullable=True),
        *_report_checks(),
        *_report_keys(),
    )
    op.create_index("ix_reports_practice_id_client_id", "reports", ["practice_id", "client_id", "asked_at"])
    op.create_index("ix_reports_practice_id_batch_id", "reports", ["practice_id", "batch_id"])
    is_open = sa.text("state in ('waiting', 'making')")
    has_failed = sa.text("state = 'failed'")
    op.create_index(
        "ix_reports_practice_id_failed", "reports", ["practice_id", "client_id"], postgresql_where=has_failed
    )
    op.create_index("ix_reports_practice_id_open", "reports", ["practice_id", "asked_at"], postgresql_where=is_open)
    rls.enable_tenant_rls("reports")
    either = f"({_WORKS_HERE} or {_OWN})"
    rls.policy("reports", "reads", f"as restrictive for select to coachhub_web using ({either})")
    rls.policy(
        "reports", "changes", f"as restrictive for update to coachhub_web using ({either}) with check ({either})"
    )
    rls.policy("reports", "adds", f"as restrictive for insert to coachhub_web with check ({_WORKS_HERE})")
    rls.policy("reports", "deletes", f"as restrictive for delete to coachhub_web using ({_WORKS_HERE})")


def _report_checks() -> tuple[sa.CheckConstraint, ...]:
    return (
        sa.CheckConstraint("kind in ('session', 'progress', 'sponsor')", name=op.f("ck_reports_kind")),
        sa.CheckConstraint("state in ('waiting', 'making', 'ready', 'failed')", name=op.f("ck_reports_state")),
        sa.CheckConstraint(
            "(kind = 'session') = (session_id is not null) and (kind = 'session') = (first_month is null) "
            "and (kind = 'session') = (last_month is null)",
            name=op.f("ck_reports_subject"),
        ),
        sa.CheckConstraint("first_month <= last_month", name=op.f("ck_reports_months")),
        sa.CheckConstraint("(state = 'making') = (run_id is not null)", name=op.f("ck_reports_run")),
        sa.CheckConstraint("(state = 'making') = (lease_until is not null)", name=op.f("ck_reports_lease")),
        sa.CheckConstraint("(state = 'ready') = (ready_at is not null)", name=op.f("ck_reports_ready")),
        sa.CheckConstraint("shared_at is null or state = 'ready'", name=op.f("ck_reports_shared")),
    )


def _report_keys() -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_reports_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "session_id"],
            ["coaching_sessions.practice_id", "coaching_sessions.id"],
            name=op.f("fk_reports_practice_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["practice_id", "batch_id"],
            ["report_batches.practice_id", "report_batches.id"],
            name=op.f("fk_reports_practice_id_batch_id"),
        ),
        _to_member("reports", "asked_by"),
        sa.PrimaryKeyConstraint("practice_id", "id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "practice_id",
            "client_id",
            "kind",
            "session_id",
            "first_month",
            "last_month",
            "version",
            name="uq_reports_version",
            postgresql_nulls_not_distinct=True,
        ),
    )


def _files() -> None:
    op.create_table(
        "report_files",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        _to_report("report_files"),
        sa.PrimaryKeyConstraint("practice_id", "report_id", name=op.f("pk_report_files")),
    )
    op.execute("alter table report_files alter column pdf set storage external")  # a PDF is packed already
    rls.enable_tenant_rls("report_files")
    rls.policy("report_files", "of_visible", f"as restrictive to coachhub_web using ({_OF_VISIBLE})")


def _wishes() -> None:
    op.create_table(
        "report_wishes",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("made_month", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.CheckConstraint("kind in ('progress', 'sponsor')", name=op.f("ck_report_wishes_kind")),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_report_wishes_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        _to_member("report_wishes", "asked_by"),
        sa.PrimaryKeyConstraint("practice_id", "client_id", "kind", name=op.f("pk_report_wishes")),
    )
    _for_staff("report_wishes")


def _letters() -> None:
    op.create_table(
        "report_letters",
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("session_at", _INSTANT, nullable=True),
        sa.Column("first_month", sa.Date(), nullable=True),
        sa.Column("last_month", sa.Date(), nullable=True),
        sa.Column("told_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id", "client_id"],
            ["clients.practice_id", "clients.id"],
            name=op.f("fk_report_letters_practice_id_client_id"),
            ondelete="CASCADE",
        ),
        _to_report("report_letters"),
        sa.PrimaryKeyConstraint("practice_id", "report_id", name=op.f("pk_report_letters")),
    )
    op.create_index("ix_report_letters_practice_id_told_at", "report_letters", ["practice_id", "told_at"])
    op.create_index("ix_report_letters_practice_id_client_id", "report_letters", ["practice_id", "client_id"])
    _for_staff("report_letters")


def _own_id() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("practice_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
    )


def _to_member(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", column],
        ["memberships.practice_id", "memberships.user_id"],
        name=op.f(f"fk_{table}_practice_id_{column}"),
    )


def _to_report(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["practice_id", "report_id"],
        ["reports.practice_id", "reports.id"],
        name=op.f(f"fk_{table}_practice_id_report_id"),
        ondelete="CASCADE",
    )


def _for_staff(table: str) -> None:
    rls.enable_tenant_rls(table)
    rls.policy(table, "staff", f"as restrictive to coachhub_web using ({_WORKS_HERE}) with check ({_WORKS_HERE})")


def _look_across_practices() -> None:
    op.execute("grant select (practice_id, state, lease_until) on reports to coachhub_lookup")
    rls.policy("reports", "tending", "for select to coachhub_lookup using (true)")
    rls.narrow_function(
        "open_reports(at timestamptz)",
        "table (practice_id uuid, reports bigint)",
        "select practice_id, count(*) from reports where state in ('waiting', 'making') "
        "and (state = 'waiting' or lease_until <= at) group by practice_id",
        "coachhub_worker",
    )
    op.execute("grant select (practice_id, since, made_month) on report_wishes to coachhub_lookup")
    rls.policy("report_wishes", "wishing", "for select to coachhub_lookup using (true)")
    rls.narrow_function(
        "practices_with_report_wishes(month date)",
        "setof uuid",
        "select distinct practice_id from report_wishes where since <= month "
        "and (made_month is null or made_month < month)",
        "coachhub_worker",
    )
