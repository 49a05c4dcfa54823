"""Every client of the practice with how they stand: what Today and Clients are made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, any_, cast, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from coachhub.accounts.models import User
from coachhub.booking.models import Booking, PaidWith
from coachhub.clients.models import Client, ClientInvite, ClientStatus
from coachhub.habits.service.progress import Progress, progress_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.service.suppressions import Suppressed, suppressions_of
from coachhub.reports.rules import Standing, has_not_chosen, standing_of

login = aliased(User, name="login")


@dataclass(frozen=True, slots=True)
class Listed:
    """A client in a list. `progress` is None without a habit this month; `invited_at` is the last invitation's.

    `address` is where mail to them goes; `stopped` is why none does, where none does. `has_booked`: there is a booking
    of theirs, made by themselves; it is looked for only of those who have not started.
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

    @property
    def has_not_chosen(self) -> bool:
        """Whether they have chosen nobody yet in this month."""
        return has_not_chosen(self.standing, self.progress.stage if self.progress else None)


def everybody() -> list[Listed]:
    """All clients of the practice, archived ones too, by name. Five statements, however many clients."""
    progress = progress_of(None, clock.now())
    return _all_listed(db.session.execute(_clients()).all(), progress)


def listed_clients(client_ids: Sequence[UUID]) -> list[Listed]:
    """These clients as the lists show them, by name. Raises NotFound where one of them is none of the practice's."""
    rows = db.session.execute(_clients().where(Client.id == any_(cast(list(client_ids), ARRAY(Uuid))))).all()
    if len(rows) != len(set(client_ids)):
        raise NotFound
    return _all_listed(rows, progress_of([row.id for row in rows], clock.now()))


def listed_client(client_id: UUID) -> Listed:
    """One client as the lists show them. Raises NotFound."""
    return listed_clients([client_id])[0]


def _all_listed(rows: Sequence[Any], progress: Mapping[UUID, Progress]) -> list[Listed]:
    stopped = suppressions_of([row.address for row in rows])
    return [_listed(row, progress.get(row.id), stopped.get(row.address.lower())) for row in rows]


def _clients() -> Any:
    invited = (
        select(ClientInvite.client_id, func.max(ClientInvite.created_at).label("at"))
        .where(ClientInvite.practice_id == current_practice())
        .group_by(ClientInvite.client_id)
        .subquery()
    )
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
            func.coalesce(login.email, Client.email).label("address"),
            _has_booked(),
        )
        .join(User, User.id == Client.coach_id)
        .outerjoin(login, login.id == Client.user_id)
        .outerjoin(invited, (invited.c.client_id == Client.id) & (Client.status == ClientStatus.INVITED))
        .where(Client.practice_id == current_practice())
        .order_by(Client.name, Client.id)
    )


def _has_booked() -> Any:
    """Whether somebody who has not started has booked: coaches plan for those whom they have added, too."""
    by_themselves = Booking.paid_with != PaidWith.COACH
    theirs = (Booking.practice_id == Client.practice_id, Booking.client_id == Client.id, by_themselves)
    booked = exists().where(*theirs).correlate(Client)
    return and_(Client.status == ClientStatus.INVITED, booked).label("has_booked")


def _listed(row: Any, progress: Progress | None, stopped: Suppressed | None) -> Listed:
    standing = standing_of(
        row.status,
        progress.verdict.status if progress else None,
        is_month_paused=progress is not None and progress.is_paused,
    )
    return Listed(
        id=row.id,
        name=row.name,
        email=row.email,
        status=ClientStatus(row.status),
        coach_id=row.coach_id,
        coach_name=row.coach_name,
        time_zone=row.time_zone,
        invited_at=row.invited_at,
        standing=standing,
        progress=progress,
        address=row.address,
        stopped=stopped,
        has_booked=row.has_booked,
    )
