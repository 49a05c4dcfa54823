"""Every client of the practice with how they stand: what Today and Clients are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, any_, cast, exists, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from coachhub.accounts.models import User
from coachhub.booking.models import Booking, PaidWith
from coachhub.clients.models import Client, ClientInvite, ClientStatus
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.habits.service.progress import Progress, progress_of
from coachhub.payments.service.troubles import Troubled, trouble_of, troubled
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.models import Suppression
from coachhub.reminders.service.suppressions import Suppressed, is_suppressed
from coachhub.reports.rules import Standing, has_not_chosen, standing_of
from coachhub.reports.service.unfinished import UnfinishedReport, unfinished, unfinished_of

login = aliased(User, name="login")
_NOT_OFF = (CoachingSessionStatus.SCHEDULED, CoachingSessionStatus.HELD)
_THEIR_SESSIONS = (CoachingSession.practice_id == Client.practice_id, CoachingSession.client_id == Client.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """A client in a list. `progress` is None without a habit this month; `invited_at` is the last invitation's.

    `address` is where mail to them goes; `stopped` is why none does, where none does. `has_booked`: there is a booking
    of theirs, made by themselves; it is looked for only of those who have not started. `session_at`: when their next
    coaching session begins, `spoke_at`: when the last one began, whether anybody has said that it took place or not.
    `trouble`: a payment of theirs that somebody should look at. `unfinished`: a report about them that waits for the
    coach.
    """

    id: UUID
    name: str
    email: str
    status: ClientStatus
    coach_id: UUID
    coach_name: str
    time_zone: str
    invited_at: datetime | None
    standing: Standing
    progress: Progress | None
    address: str
    stopped: Suppressed | None
    has_booked: bool = False
    session_at: datetime | None = None
    spoke_at: datetime | None = None
    trouble: Troubled | None = None
    unfinished: UnfinishedReport | None = None

    @property
    def has_not_chosen(self) -> bool:
        """Whether they have chosen nobody yet in this month."""
        return has_not_chosen(self.standing, self.progress.stage if self.progress else None)


def everybody() -> list[Listed]:
    """All clients of the practice, archived ones too, by name. Two statements, however many clients."""
    now = clock.now()
    return _all_listed(db.session.execute(_clients(now)).all(), progress_of(None, now))


def listed_among(client_ids: Sequence[UUID], now: datetime) -> list[Listed]:
    """Those of these clients that there are, as the lists show them, by name. Two statements, however many."""
    rows = db.session.execute(_clients(now).where(Client.id == any_(cast(list(client_ids), ARRAY(Uuid))))).all()
    return _all_listed(rows, progress_of([row.id for row in rows], now))


def listed_clients(client_ids: Sequence[UUID]) -> list[Listed]:
    """These clients as the lists show them, by name. Raises NotFound where one of them is none of the practice's."""
    found = listed_among(client_ids, clock.now())
    if len(found) != len(set(client_ids)):
        raise NotFound
    return found


def listed_client(client_id: UUID) -> Listed:
    """One client as the lists show them. Raises NotFound."""
    return listed_clients([client_id])[0]


def _all_listed(rows: Sequence[Any], progress: Mapping[UUID, Progress]) -> list[Listed]:
    return [_listed(row, progress.get(row.id)) for row in rows]


def _clients(now: datetime) -> Any:
    invited = (
        select(ClientInvite.client_id, func.max(ClientInvite.created_at).label("at"))
        .where(ClientInvite.practice_id == current_practice())
        .group_by(ClientInvite.client_id)
        .subquery()
    )
    address = func.coalesce(login.email, Client.email)
    trouble, report = trouble_of(Client.id, now), unfinished_of(Client.id, now)
    return (
        select(
            Client.id,
            Client.name,
            Client.email,
            Client.status,
            Client.coach_id,
            User.name.label("coach_name"),
            Client.time_zone,
            invited.c.at.label("invited_at"),
            address.label("address"),
            Suppression.cause,
            Suppression.reason,
            Suppression.since,
            trouble.c.trouble,
            trouble.c.purchase_id,
            trouble.c.since.label("trouble_since"),
            report.c.report_id,
            report.c.what,
            report.c.since.label("report_since"),
            _next_session(now),
            _last_session(now),
            _has_booked(),
        )
        .join(User, User.id == Client.coach_id)
        .outerjoin(login, login.id == Client.user_id)
        .outerjoin(invited, (invited.c.client_id == Client.id) & (Client.status == ClientStatus.INVITED))
        .outerjoin(Suppression, is_suppressed(address))
        .outerjoin(trouble, true())
        .outerjoin(report, true())
        .where(Client.practice_id == current_practice())
        .order_by(Client.name, Client.id)
    )


def _next_session(now: datetime) -> Any:
    ahead = (CoachingSession.status == CoachingSessionStatus.SCHEDULED, CoachingSession.starts_at > now)
    first = select(func.min(CoachingSession.starts_at)).where(*_THEIR_SESSIONS, *ahead)
    return first.correlate(Client).scalar_subquery().label("session_at")


def _last_session(now: datetime) -> Any:
    begun = (CoachingSession.status.in_(_NOT_OFF), CoachingSession.starts_at <= now)
    last = select(func.max(CoachingSession.starts_at)).where(*_THEIR_SESSIONS, *begun)
    return last.correlate(Client).scalar_subquery().label("spoke_at")


def _has_booked() -> Any:
    """Whether somebody who has not started has booked: coaches plan for those whom they have added, too."""
    by_themselves = Booking.paid_with != PaidWith.COACH
    theirs = (Booking.practice_id == Client.practice_id, Booking.client_id == Client.id, by_themselves)
    booked = exists().where(*theirs).correlate(Client)
    return and_(Client.status == ClientStatus.INVITED, booked).label("has_booked")


def _listed(row: Any, progress: Progress | None) -> Listed:
    return Listed(
        id=row.id,
        name=row.name,
        email=row.email,
        status=ClientStatus(row.status),
        coach_id=row.coach_id,
        coach_name=row.coach_name,
        time_zone=row.time_zone,
        invited_at=row.invited_at,
        standing=_standing(row.status, progress),
        progress=progress,
        address=row.address,
        stopped=Suppressed(row.address.lower(), row.cause, row.reason, row.since) if row.cause else None,
        has_booked=row.has_booked,
        session_at=row.session_at,
        spoke_at=row.spoke_at,
        trouble=troubled(row.trouble, row.purchase_id, row.trouble_since),
        unfinished=unfinished(row.report_id, row.what, row.report_since),
    )


def _standing(status: str, progress: Progress | None) -> Standing:
    if progress is None:
        return standing_of(status, None)
    return standing_of(status, progress.verdict.status, is_month_paused=progress.is_paused)
