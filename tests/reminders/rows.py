"""Rows that reminders are about, and a look at what became of the messages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from flask import Flask
from sqlalchemy import update

from coachhub.accounts.models import EmailProof, TeamInvite
from coachhub.clients.models import ClientInvite
from coachhub.habits.models import Assignment, AssignmentPause, Choice, Cycle, Habit, Plan
from coachhub.network.models import Invitation, Log, Meetup
from coachhub.platform.db import Base, db
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.models import Suppression
from coachhub.reminders.service.planning import plan_due
from coachhub.reminders.service.sending import Tally, deliver
from tests.cast import Cast
from tests.factories import LONG_AGO, Person

STEPS = ["Keep an hour", "Choose a friend", "Write", "Meet", "Do it again"]


def keep(app: Flask, person: Person, *rows: Base) -> None:
    """Add rows in the person's own transaction, as the web role."""
    with app.app_context(), as_practice(person.practice_id, person.user_id):
        for row in rows:
            row.practice_id = person.practice_id  # type: ignore[attr-defined]
            db.session.add(row)
            db.session.flush()


def change(app: Flask, person: Person, table: type[Base], row_id: UUID, **values: Any) -> None:
    """Change one row in the person's own transaction."""
    with app.app_context(), as_practice(person.practice_id, person.user_id):
        db.session.execute(update(table).where(table.id == row_id).values(**values))  # type: ignore[attr-defined]


def a_habit_for(app: Flask, client: Person, from_month: date = date(2026, 1, 1), **more: Any) -> UUID:
    """An assignment of a new habit; returns its id."""
    habit_id, assignment_id = uuid4(), uuid4()
    given = {"target": 1, "minutes": 60, "created_at": LONG_AGO, "ended_from": None} | more
    keep(
        app,
        client,
        Habit(id=habit_id, name="One hour a month", steps=STEPS, created_at=LONG_AGO),
        Assignment(id=assignment_id, client_id=client.client_id, habit_id=habit_id, from_month=from_month, **given),
    )
    return assignment_id


def a_pause(app: Flask, client: Person, assignment_id: UUID, month: date) -> None:
    """A month in which the assignment rests."""
    keep(app, client, AssignmentPause(assignment_id=assignment_id, month=month))


def a_cycle(app: Flask, client: Person, assignment_id: UUID, month: date, held: int = 0, **steps: datetime) -> None:
    """What the month came to."""
    keep(app, client, Cycle(assignment_id=assignment_id, month=month, client_id=client.client_id, held=held, **steps))


def a_plan(
    app: Flask, client: Person, assignment_id: UUID, month: date, at: datetime, doing: str, place: str, **more: Any
) -> UUID:
    """The client's plan for a month."""
    plan_id = uuid4()
    own = {"client_id": client.client_id, "user_id": client.user_id, "created_at": LONG_AGO} | more
    keep(
        app, client, Plan(id=plan_id, assignment_id=assignment_id, month=month, at=at, doing=doing, place=place, **own)
    )
    return plan_id


def a_meetup(app: Flask, client: Person, friend_id: UUID, starts_at: datetime, **more: Any) -> UUID:
    """A scheduled meetup."""
    meetup_id = uuid4()
    given = {"agreed_at": LONG_AGO, "client_id": client.client_id, "user_id": client.user_id} | more
    keep(app, client, Meetup(id=meetup_id, friend_id=friend_id, starts_at=starts_at, **given))
    return meetup_id


def a_proof(app: Flask, person: Person, kind: str, created_at: datetime, **more: Any) -> UUID:
    """A proof of address under way, good for ten minutes."""
    proof_id = uuid4()
    given = {"expires_at": created_at + timedelta(minutes=10), "created_at": created_at} | more
    keep(app, person, EmailProof(id=proof_id, user_id=person.user_id, kind=kind, **given))
    return proof_id


def an_invite(app: Flask, coach: Person, client_id: UUID, created_at: datetime, **more: Any) -> UUID:
    """A client's invitation by mail, good for thirty days."""
    invite_id = uuid4()
    given = {"expires_at": created_at + timedelta(days=30), "by_mail": True, "created_by": coach.user_id} | more
    keep(app, coach, ClientInvite(id=invite_id, client_id=client_id, created_at=created_at, **given))
    return invite_id


def a_team_invite(app: Flask, coach: Person, email: str, name: str, created_at: datetime) -> UUID:
    """An invitation of a further coach."""
    invite_id = uuid4()
    given = {"role": "coach", "expires_at": created_at + timedelta(days=14), "created_at": created_at}
    keep(app, coach, TeamInvite(id=invite_id, email=email, name=name, invited_by=coach.user_id, **given))
    return invite_id


def switch_monday_off(admin: psycopg.Connection, is_off: bool = True) -> None:
    """Nobody who coaches gets the week; so tests can count what clients get. On again, it has been on all along."""
    admin.execute(
        "insert into coach_switches (practice_id, user_id, kind, is_off, changed_at) "
        "select practice_id, user_id, 'coach_week', %s, created_at from memberships where role in ('owner', 'coach') "
        "on conflict (practice_id, user_id, kind) do update set is_off = excluded.is_off",
        [is_off],
    )


@dataclass(frozen=True)
class Office:
    """The worker's side of a test: plan and deliver in a practice, and read the outbox behind the policies."""

    worker_app: Flask
    admin: psycopg.Connection

    def plan(self, person: Person, now: datetime) -> int:
        with self.worker_app.app_context(), as_practice(person.practice_id):
            return plan_due(now)

    def deliver(self, person: Person) -> Tally:
        with self.worker_app.app_context():
            return deliver(person.practice_id)

    def states(self, person: Person) -> dict[str, tuple[str, str | None]]:
        """Each message of a practice by its kind: its state, and why."""
        rows = self.admin.execute(
            "select kind, state, reason from outbox where practice_id = %s order by id", [person.practice_id]
        )
        return {kind: (state, reason) for kind, state, reason in rows}

    def count(self, state: str) -> int:
        row = self.admin.execute("select count(*) from outbox where state = %s", [state]).fetchone()
        assert row is not None
        return int(row[0])


def a_promise(app: Flask, client: Person, friend_id: UUID, met: datetime, day: date) -> None:
    """A promise to a friend for a local day, written down the evening after they met."""
    meetup_id = a_meetup(app, client, friend_id, met, status="held")
    own = {"client_id": client.client_id, "user_id": client.user_id, "friend_id": friend_id, "meetup_id": meetup_id}
    how = {"created_at": met + timedelta(hours=6), "held_at": met, "minutes": 60, "feeling": 3}
    keep(app, client, Log(follow_up="send the book", follow_up_on=day, **own, **how))


def suppress(cast: Cast, address: str, cause: str, reason: str = "550 no such user") -> None:
    """No mail goes to an address any more, since noon of the fifth of March."""
    since = datetime(2026, 3, 5, 12, tzinfo=UTC)
    keep(cast.app, cast.ana, Suppression(address=address, cause=cause, reason=reason, since=since))


def a_refusal(app: Flask, client: Person, friend_id: UUID, at: datetime) -> None:
    """A friend has answered that it cannot be this time."""
    own = {"client_id": client.client_id, "user_id": client.user_id, "friend_id": friend_id}
    sent = {"tone": "warm", "body": "Coffee?", "created_at": at, "sent_at": at}
    keep(app, client, Invitation(answer="no", answered_by="friend", answered_at=at, **own, **sent))


def a_choice(app: Flask, client: Person, assignment_id: UUID, month: date, friend_id: UUID, **more: Any) -> UUID:
    """A friend chosen for a month; the cycle is the caller's."""
    choice_id = uuid4()
    own = {"client_id": client.client_id, "user_id": client.user_id, "friend_id": friend_id, "chosen_at": LONG_AGO}
    keep(app, client, Choice(id=choice_id, assignment_id=assignment_id, month=month, **own | more))
    return choice_id


def an_invitation(app: Flask, client: Person, friend_id: UUID, sent_at: datetime | None, **more: Any) -> UUID:
    """A message to a friend that was sent and is not answered."""
    invitation_id = uuid4()
    own = {"client_id": client.client_id, "user_id": client.user_id, "friend_id": friend_id}
    sent = {"tone": "warm", "body": "Coffee?", "created_at": sent_at or LONG_AGO, "sent_at": sent_at}
    keep(app, client, Invitation(id=invitation_id, **own, **sent | more))
    return invitation_id
