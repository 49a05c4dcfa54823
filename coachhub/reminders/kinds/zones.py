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
        try:
            yield ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError):
            log.error("unknown_time_zone", zone=name)  # one such row must not silence everybody else
