"""Rows for tests, each made as the application's web role inside one transaction, under its policies."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from flask import Flask

from coachhub.accounts.models import Membership, Practice, User
from coachhub.clients.models import Client
from coachhub.network.models import Contact, Friend
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice

LONG_AGO = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in: a user in a practice, and the client record where they have one."""

    user_id: UUID
    practice_id: UUID
    email: str
    client_id: UUID | None = None


def a_practice(app: Flask, name: str, owner_name: str, email: str, time_zone: str = "Europe/London") -> Person:
    """A practice with its owner."""
    owner = Person(uuid4(), uuid4(), email)
    with app.app_context(), as_practice(owner.practice_id, owner.user_id):
        db.session.add(_practice(owner.practice_id, name, time_zone))
        db.session.add(_user(owner.user_id, owner_name, email, time_zone))
        db.session.flush()
        db.session.add(_membership(owner, "owner"))
    return owner


def a_coach(app: Flask, owner: Person, name: str, email: str) -> Person:
    """A further coach of the owner's practice."""
    coach = Person(uuid4(), owner.practice_id, email)
    with app.app_context(), as_practice(coach.practice_id, coach.user_id):
        db.session.add(_user(coach.user_id, name, email, "Europe/London"))
        db.session.flush()
        db.session.add(_membership(coach, "coach"))
    return coach


def a_client(
    app: Flask, coach: Person, name: str, email: str, time_zone: str = "Europe/London", status: str = "active"
) -> Person:
    """A client of the coach's who has accepted the invitation long ago."""
    person = Person(uuid4(), coach.practice_id, email, uuid4())
    with app.app_context(), as_practice(person.practice_id, person.user_id):
        db.session.add(_user(person.user_id, name, email, time_zone))
        db.session.flush()
        db.session.add(_membership(person, "client"))
        db.session.flush()
        db.session.add(
            Client(
                practice_id=person.practice_id,
                id=person.client_id,
                user_id=person.user_id,
                coach_id=coach.user_id,
                name=name,
                email=email,
                time_zone=time_zone,
                status=status,
                created_at=LONG_AGO,
                activated_at=LONG_AGO,
            )
        )
    return person


def a_friend(app: Flask, client: Person, name: str, last_contact_on: date | None = None, **more: object) -> UUID:
    """A professional friend of the client's; the last contact is one that the client remembers."""
    friend_id = uuid4()
    own = {"practice_id": client.practice_id, "client_id": client.client_id, "user_id": client.user_id}
    with app.app_context(), as_practice(client.practice_id, client.user_id):
        db.session.add(
            Friend(id=friend_id, name=name, last_contact_on=last_contact_on, created_at=LONG_AGO, **own, **more)
        )
        db.session.flush()
        if last_contact_on is not None:
            said = {"friend_id": friend_id, "happened_on": last_contact_on, "how": "remembered"}
            db.session.add(Contact(created_at=LONG_AGO, **own, **said))
    return friend_id


def _practice(practice_id: UUID, name: str, time_zone: str) -> Practice:
    slug = f"{name.lower().replace(' ', '-')}-{practice_id.hex[:6]}"
    return Practice(
        id=practice_id,
        slug=slug,
        name=name,
        time_zone=time_zone,
        currency="GBP",
        locale="en_GB",
        half_life_days=270,
        created_at=LONG_AGO,
    )


def _user(user_id: UUID, name: str, email: str, time_zone: str) -> User:
    return User(
        id=user_id,
        name=name,
        email=email,
        locale="en_GB",
        time_zone=time_zone,
        created_at=LONG_AGO,
        email_verified_at=LONG_AGO,
    )


def _membership(person: Person, role: str) -> Membership:
    return Membership(practice_id=person.practice_id, user_id=person.user_id, role=role, created_at=LONG_AGO)
