"""Reports as documents, from being asked for to being opened."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import Base, RowId, TenantId


class ReportKind(StrEnum):
    """What a report is about: one coaching session, or some months; for a sponsor, without names."""

    SESSION = "session"
    PROGRESS = "progress"
    SPONSOR = "sponsor"


class ReportState(StrEnum):
    """Where a report stands."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"


def _to_member(column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["practice_id", column], ["memberships.practice_id", "memberships.user_id"])


def _to_client() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["practice_id", "client_id"], ["clients.practice_id", "clients.id"], ondelete="CASCADE")


class ReportBatch(Base):
    """Reports asked for in one step: of a coach's clients (None: of everybody's), about the same months.

    `total` is how many they were when asked for. `sends`: each goes to its client as soon as it is ready.
    """

    __tablename__ = "report_batches"
    __table_args__ = (
        CheckConstraint("kind in ('progress', 'sponsor')", name="kind"),
        CheckConstraint("first_month <= last_month", name="months"),
        _to_member("asked_by"),
        _to_member("coach_id"),
        Index("ix_report_batches_practice_id_asked_at", "practice_id", "asked_at"),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    coach_id: Mapped[UUID | None]
    kind: Mapped[str]
    first_month: Mapped[date]
    last_month: Mapped[date]
    sends: Mapped[bool] = mapped_column(server_default=text("false"))
    total: Mapped[int]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]


class Report(Base):
    """One version of a report. Of a session it has a `session_id`, else the firsts of the months it is about, both
    included.

    `run_id` is the worker at it, whose word counts until `lease_until`; `attempts` counts the runs. `why` is a code of
    what failed, which `wording` puts into words. `asked_by` is None where it is made by itself. `sends`: it goes to the
    client as soon as it is ready. From `shared_at` on the client may read it, and `opened_at` is when they first did.
    `is_accessible`: it keeps to PDF/UA-1. `size` is in bytes.
    """

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("kind in ('session', 'progress', 'sponsor')", name="kind"),
        CheckConstraint("state in ('waiting', 'making', 'ready', 'failed')", name="state"),
        CheckConstraint(
            "(kind = 'session') = (session_id is not null) and (kind = 'session') = (first_month is null) "
            "and (kind = 'session') = (last_month is null)",
            name="subject",
        ),
        CheckConstraint("first_month <= last_month", name="months"),
        CheckConstraint("(state = 'making') = (run_id is not null)", name="run"),
        CheckConstraint("(state = 'making') = (lease_until is not null)", name="lease"),
        CheckConstraint("(state = 'ready') = (ready_at is not null)", name="ready"),
        CheckConstraint("shared_at is null or state = 'ready'", name="shared"),
        _to_client(),
        ForeignKeyConstraint(
            ["practice_id", "session_id"],
            ["coaching_sessions.practice_id", "coaching_sessions.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["practice_id", "batch_id"], ["report_batches.practice_id", "report_batches.id"]),
        _to_member("asked_by"),
        UniqueConstraint(
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
        Index("ix_reports_practice_id_client_id", "practice_id", "client_id", "asked_at"),
        Index("ix_reports_practice_id_batch_id", "practice_id", "batch_id"),
        Index("ix_reports_practice_id_failed", "practice_id", "client_id", postgresql_where=text("state = 'failed'")),
        Index(
            "ix_reports_practice_id_open",
            "practice_id",
            "asked_at",
            postgresql_where=text("state in ('waiting', 'making')"),
        ),
    )

    practice_id: Mapped[TenantId]
    id: Mapped[RowId]
    client_id: Mapped[UUID]
    kind: Mapped[str]
    session_id: Mapped[UUID | None]
    first_month: Mapped[date | None]
    last_month: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    state: Mapped[str] = mapped_column(server_default="waiting")
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    run_id: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(server_default="")
    batch_id: Mapped[UUID | None]
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    sends: Mapped[bool] = mapped_column(server_default=text("false"))
    ready_at: Mapped[datetime | None]
    size: Mapped[int] = mapped_column(server_default=text("0"))
    is_accessible: Mapped[bool] = mapped_column(server_default=text("false"))
    shared_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]


class ReportFile(Base):
    """The document of a report that is ready. Whoever may not read the report may not read this."""

    __tablename__ = "report_files"
    __table_args__ = (
        ForeignKeyConstraint(["practice_id", "report_id"], ["reports.practice_id", "reports.id"], ondelete="CASCADE"),
    )

    practice_id: Mapped[TenantId]
    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)


class ReportWish(Base):
    """A report about each month, made and mailed by itself after the month's end, from the month `since` on.

    `made_month` is the last one that was asked for.
    """

    __tablename__ = "report_wishes"
    __table_args__ = (
        CheckConstraint("kind in ('progress', 'sponsor')", name="kind"),
        _to_client(),
        _to_member("asked_by"),
    )

    practice_id: Mapped[TenantId]
    client_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date]
    made_month: Mapped[date | None]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime]
