"""Every client of the practice with how they stand: what Today and Clients are made of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from coachhub.accounts.models import User
from coachhub.clients.models import Client, ClientInvite, ClientStatus
from coachhub.habits.service.progress import Progress, progress_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.reports.rules import Standing, standing_of


@dataclass(frozen=True, slots=True)
class Listed:
    """A client in a list. `progress` is None without a habit this month; `invited_at` is the last invitation's."""

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


def everybody() -> list[Listed]:
    """All clients of the practice, archived ones too, by name. Four statements, however many clients."""
    progress = progress_of(None, clock.now())
    return [_listed(row, progress.get(row.id)) for row in db.session.execute(_clients())]


def listed_client(client_id: UUID) -> Listed:
    """One client as the lists show them. Raises NotFound."""
    row = db.session.execute(_clients().where(Client.id == client_id)).one_or_none()
    if row is None:
        raise NotFound
    return _listed(row, progress_of([client_id], clock.now()).get(client_id))


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
        )
        .join(User, User.id == Client.coach_id)
        .outerjoin(invited, (invited.c.client_id == Client.id) & (Client.status == ClientStatus.INVITED))
        .where(Client.practice_id == current_practice())
        .order_by(Client.name, Client.id)
    )


def _listed(row: Any, progress: Progress | None) -> Listed:
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
    )
