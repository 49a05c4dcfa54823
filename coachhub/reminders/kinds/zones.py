"""The time zones of a practice's people, for reminders that are due by each one's own clock."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlalchemy import TextualSelect

from coachhub.platform.db import db, telling
from coachhub.platform.tenancy import current_practice

log = structlog.get_logger(__name__)
_CLIENTS = telling(
    "select distinct time_zone from clients where practice_id = :practice and status = 'active' order by time_zone",
    "time_zone",
)
_STAFF = telling(
    "select distinct u.time_zone from memberships m join users u on u.id = m.user_id "
    "where m.practice_id = :practice and m.role in ('owner', 'coach') order by u.time_zone",
    "time_zone",
)

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
    return _asked("clients", _CLIENTS)


def zones_of_staff() -> Sequence[ZoneInfo]:
    """Each zone in which an owner or coach of the practice lives."""
    return _asked("staff", _STAFF)


def _asked(whose: str, names: TextualSelect) -> Sequence[ZoneInfo]:
    found = _found.get()
    if found is not None and whose in found:
        return found[whose]
    zones = tuple(_known(db.session.scalars(names, {"practice": current_practice()})))
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
