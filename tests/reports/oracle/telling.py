"""A story told to the application: written as rows in each client's own transaction, and by the coach's use cases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID, uuid4

import psycopg
from flask import Flask
from hypothesis import HealthCheck, Phase, settings

from coachhub.clients.service.standing import archive_clients, pause_client, restore_client, resume_client
from coachhub.habits.models import Choice, Plan
from coachhub.habits.rules import Month
from coachhub.habits.service.assignments import (
    AssignmentRow,
    assign_habit,
    assignments_of,
    end_assignment,
    pause_month,
)
from coachhub.habits.service.cycles import refresh_cycles
from coachhub.habits.service.habits import HabitEntry, add_habit
from coachhub.habits.service.starter import starter_steps, starter_templates
from coachhub.network.models import Contact, Friend, Invitation, Log, Meetup, MeetupMove
from coachhub.network.service.owner import Owner
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice
from tests.cast import Cast, Casting
from tests.factories import Person, a_client, a_coach
from tests.habits.facts import acting, owning
from tests.reports.oracle.stories import HABITS, Meeting, Story, Told, number

_FIND = (Phase.explicit, Phase.reuse, Phase.generate)
AS_TOLD = settings(deadline=None, phases=_FIND, suppress_health_check=list(HealthCheck))
"""A story that fails is told as it is: making it smaller takes minutes."""


@dataclass(frozen=True)
class Stage:
    """What stories are played on."""

    app: Flask
    empty: Callable[[], None]
    casting: Casting
    admin: psycopg.Connection
    clock: FixedClock


@dataclass(frozen=True)
class Played:
    """A story that was told: its people in the order of the story, and the ids of the habits."""

    cast: Cast
    coaches: tuple[Person, Person]
    clients: tuple[UUID, ...]
    habits: tuple[UUID, ...]


def play(stage: Stage, story: Story) -> Played:
    """Tell it in an empty database; beside it a client of another practice lives through all of it, too."""
    stage.empty()
    stage.clock.instant = story.now
    cast = stage.casting(stage.app)
    stage.admin.execute("delete from clients where id = %s", [cast.ben.client_id])
    coaches = cast.ana, a_coach(stage.app, cast.ana, "Bob Bell", "bob@example.com")
    clients = []
    habits = _habits(cast, cast.ana)
    for place, told in enumerate(story.clients):
        clients.append(_tell(stage, cast, told, story.now, coaches[told.coach], habits, place))
    _tell(stage, cast, story.clients[0], story.now, cast.cleo, _habits(cast, cast.cleo), 99)
    stage.admin.execute("update users set time_zone = %s where id = %s", [story.zone.key, cast.ana.user_id])
    stage.clock.instant = story.now
    return Played(cast, coaches, tuple(clients), habits)


def _habits(cast: Cast, coach: Person) -> tuple[UUID, ...]:
    with acting(cast, coach):
        return tuple(
            add_habit(HabitEntry(f"{target} x {minutes}", starter_steps(), target, minutes, starter_templates()))
            for target, minutes in HABITS
        )


def _tell(
    stage: Stage, cast: Cast, told: Told, now: datetime, coach: Person, habits: tuple[UUID, ...], place: int
) -> UUID:
    email, status = f"client{place}@example.com", told.status if told.status == "invited" else "active"
    client = a_client(stage.app, coach, f"Client {place}", email, told.zone.key, status)
    assert client.client_id is not None
    with acting(cast, coach):
        for run in told.runs:
            assign_habit([client.client_id], habits[run.habit], _month(run.first))
            if run.end is not None:
                end_assignment(assignments_of(client.client_id)[0].id, _month(run.end))
        rows = assignments_of(client.client_id)
        for row in rows:
            for month in told.paused:
                if row.covers(_month(month)):
                    pause_month(row.id, _month(month))
    if told.friends:
        with owning(cast, client) as owner:
            _live(owner, told, rows)
    _rest(stage, cast, told, client, coach)
    stage.clock.instant = now
    return client.client_id


def _rest(stage: Stage, cast: Cast, told: Told, client: Person, coach: Person) -> None:
    if told.rests is None or client.client_id is None:
        return
    since, until = told.rests
    stage.clock.instant = since
    with acting(cast, coach):
        if told.was_away:
            archive_clients([client.client_id])
        else:
            pause_client(client.client_id)
    if until is not None:
        stage.clock.instant = until
        with acting(cast, coach):
            (restore_client if told.was_away else resume_client)(client.client_id)


def _live(owner: Owner, told: Told, rows: list[AssignmentRow]) -> None:
    own = {"practice_id": current_practice(), "client_id": owner.client_id, "user_id": owner.user_id}
    friends = [uuid4() for _ in told.friends]
    for friend_id, friend in zip(friends, told.friends, strict=True):
        known = {"liking": friend.liking, "known_until": friend.known_until, "created_at": friend.added_at}
        db.session.add(Friend(**own, id=friend_id, name="Dan", **known))
    db.session.flush()
    for friend_id, friend in zip(friends, told.friends, strict=True):
        for day in friend.calls:
            called = {"friend_id": friend_id, "happened_on": day, "how": "call", "created_at": friend.added_at}
            db.session.add(Contact(**own, **called))
    _take_steps(owner, told, rows, own, friends)
    for meeting in told.meetings:
        _meet(meeting, friends[meeting.friend], own)
    db.session.flush()
    refresh_cycles(owner, frozenset(_instants(told)))


def _instants(told: Told) -> list[datetime]:
    at = [*told.planned, *told.chosen, *(each.at for each in told.sent)]
    return at + [instant for each in told.meetings for instant in (each.agreed_at, *each.times)]


def _take_steps(
    owner: Owner, told: Told, rows: list[AssignmentRow], own: dict[str, object], friends: list[UUID]
) -> None:
    planned: set[date] = set()
    for kind, instants in (("plan", told.planned), ("choice", told.chosen)):
        for at in sorted(instants):
            month = _month(number(at, told.zone))
            row = next((row for row in rows if row.covers(month)), None)
            if row is None:
                continue
            key = {**own, "assignment_id": row.id, "month": month.first_day()}
            if kind == "choice":
                db.session.add(Choice(**key, friend_id=friends[0], chosen_at=at, dropped_at=at))
            elif month.first_day() not in planned:
                planned.add(month.first_day())
                db.session.add(Plan(**key, at=at, doing="write", created_at=at))
    for sent in told.sent:
        said = {"answer": "yes", "answered_at": sent.at, "answered_by": "friend"} if sent.is_answered else {}
        wrote = {"friend_id": friends[sent.friend], "created_at": sent.at, "sent_at": sent.at}
        db.session.add(Invitation(**own, **wrote, tone="warm", body="Hello", **said))
    db.session.flush()


def _meet(meeting: Meeting, friend_id: UUID, own: dict[str, object]) -> None:
    meetup_id, starts_at = uuid4(), meeting.times[-1]
    about = {"starts_at": starts_at, "agreed_at": meeting.agreed_at, "minutes": meeting.minutes}
    row = {**about, "status": meeting.status, "sequence": len(meeting.times) - 1}
    db.session.add(Meetup(**own, id=meetup_id, friend_id=friend_id, **row))
    db.session.flush()
    for place, (before, after) in enumerate(pairwise(meeting.times), start=1):
        moved = {"from_starts_at": before, "to_starts_at": after, "moved_at": meeting.agreed_at, "sequence": place}
        db.session.add(MeetupMove(**own, meetup_id=meetup_id, **moved))
    if meeting.status == "held":
        noted = {"held_at": starts_at, "minutes": meeting.logged, "feeling": 2, "created_at": starts_at}
        db.session.add(Log(**own, meetup_id=meetup_id, friend_id=friend_id, **noted))


def _month(counted: int) -> Month:
    return Month(counted // 12, counted % 12 + 1)
