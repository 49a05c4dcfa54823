"""The time zones of a practice's clients, for reminders that are due by each client's own clock."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import select

from coachhub.clients.models import Client, ClientStatus
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

log = structlog.get_logger(__name__)


def zones_of_clients() -> Iterator[ZoneInfo]:
    """Each zone in which an active client of the practice lives, by the pinned tzdata."""
    active = (Client.practice_id == current_practice(), Client.status == ClientStatus.ACTIVE)
    for name in db.session.scalars(select(Client.time_zone).where(*active).distinct().order_by(Client.time_zone)):
        zone = _zone(name)
        if zone is not None:
            yield zone


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name; UTC where the pinned tzdata has none, because a letter must go out all the same."""
    return _zone(name) or ZoneInfo("UTC")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        log.error("unknown_time_zone", zone=name)  # one such row must not silence everybody else
        return None
