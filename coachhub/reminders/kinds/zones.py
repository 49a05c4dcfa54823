"""The time zones of a practice's people, for reminders that are due by each one's own clock."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import Select, select

from coachhub.accounts.models import Membership, User
from coachhub.clients.models import Client, ClientStatus
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice

log = structlog.get_logger(__name__)


_found: ContextVar[dict[str, Sequence[ZoneInfo]] | None] = ContextVar("zones_found", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Ask for the zones of the practice's clients, and of its staff, once in the block, whoever wants them."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def zones_of_clients() -> Sequence[ZoneInfo]:
    """Each zone in which an active client of the practice lives, by the pinned tzdata."""
    active = (Client.practice_id == current_practice(), Client.status == ClientStatus.ACTIVE)
    return _asked("clients", select(Client.time_zone).where(*active).distinct().order_by(Client.time_zone))


def zones_of_staff() -> Sequence[ZoneInfo]:
    """Each zone in which an owner or coach of the practice lives."""
    staff = select(User.time_zone).join(Membership, Membership.user_id == User.id)
    here = staff.where(Membership.practice_id == current_practice(), Membership.role.in_(("owner", "coach")))
    return _asked("staff", here.distinct().order_by(User.time_zone))


def _asked(whose: str, names: Select[str]) -> Sequence[ZoneInfo]:
    found = _found.get()
    if found is not None and whose in found:
        return found[whose]
    zones = tuple(_known(db.session.scalars(names)))
    if found is not None:
        found[whose] = zones
    return zones


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name; UTC where the pinned tzdata has none, because a letter must go out all the same."""
    return _zone(name) or ZoneInfo("UTC")


def _known(names: Iterable[str]) -> Iterator[ZoneInfo]:
    return (zone for name in names if (zone := _zone(name)) is not None)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        log.error("unknown_time_zone", zone=name)  # one such row must not silence everybody else
        return None
