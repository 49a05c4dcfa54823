"""What happened to a client, as rows written in the client's own transaction, and the months read back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID, uuid4

from coachhub.habits.rules import Month
from coachhub.habits.service.assignments import assign_habit, assignments_of
from coachhub.habits.service.cycles import refresh_cycles
from coachhub.habits.service.habits import ensure_default_habit
from coachhub.habits.service.progress import Progress, progress_of
from coachhub.network.models import Invitation, Meetup, MeetupMove
from coachhub.network.service.owner import Owner, owner_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, current_practice
from tests.cast import Cast
from tests.factories import Person

MARCH = Month(2026, 3)
APRIL = Month(2026, 4)


def utc(month: int, day: int, hour: int = 12) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


@contextmanager
def acting(cast: Cast, person: Person) -> Iterator[None]:
    """One transaction as this person."""
    with cast.app.test_request_context(), as_practice(person.practice_id, person.user_id):
        yield


@contextmanager
def owning(cast: Cast, person: Person) -> Iterator[Owner]:
    """One transaction as a client, with their network."""
    with acting(cast, person):
        yield owner_of(person.client_id)


def give_habit(
    cast: Cast, from_month: Month = MARCH, client: Person | None = None, coach: Person | None = None
) -> UUID:
    """Ana gives Ben the default habit; returns the assignment."""
    client = client or cast.ben
    assert client.client_id is not None
    with acting(cast, coach or cast.ana):
        assign_habit([client.client_id], ensure_default_habit(), from_month)
        return assignments_of(client.client_id)[0].id


def send(owner: Owner, friend_id: UUID, sent_at: datetime) -> None:
    """A message to a friend is on its way."""
    key = _key(owner, friend_id)
    db.session.add(Invitation(**key, tone="warm", body="Hello", created_at=sent_at, sent_at=sent_at))
    db.session.flush()
    refresh_cycles(owner, frozenset({sent_at}))


def meet(
    owner: Owner, friend_id: UUID, *times: datetime, agreed_at: datetime, status: str = "scheduled", minutes: int = 60
) -> UUID:
    """A meetup with all its times, the one in force last."""
    meetup_id = uuid4()
    key = {"practice_id": current_practice(), "client_id": owner.client_id, "user_id": owner.user_id}
    row = {"starts_at": times[-1], "agreed_at": agreed_at, "status": status, "minutes": minutes}
    db.session.add(Meetup(**key, id=meetup_id, friend_id=friend_id, sequence=len(times) - 1, **row))
    db.session.flush()
    for number, (before, after) in enumerate(pairwise(times), start=1):
        moved = {"from_starts_at": before, "to_starts_at": after, "moved_at": agreed_at, "sequence": number}
        db.session.add(MeetupMove(**key, meetup_id=meetup_id, **moved))
    db.session.flush()
    refresh_cycles(owner, frozenset({*times, agreed_at}))
    return meetup_id


def how_is(cast: Cast, now: datetime | None = None, client: Person | None = None) -> Progress:
    """How the coach sees a client, in the coach's own transaction."""
    client = client or cast.ben
    assert client.client_id is not None
    coach = cast.ana if client.practice_id == cast.ana.practice_id else cast.cleo
    with acting(cast, coach):
        return progress_of([client.client_id], now or clock.now())[client.client_id]


def _key(owner: Owner, friend_id: UUID) -> dict[str, object]:
    return {
        "practice_id": current_practice(),
        "client_id": owner.client_id,
        "user_id": owner.user_id,
        "friend_id": friend_id,
    }
