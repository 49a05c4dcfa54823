"""Coaches with an hour for sale and a free talk, clients with friends, and a Stripe account: made before the start."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
from flask import Flask

from coachhub.accounts.service.logins import start_login
from coachhub.app import create_app
from coachhub.booking.models import CoachProfile, PracticePage
from coachhub.booking.service.slots import Slot, free_slots
from coachhub.payments.models import StripeAccount
from coachhub.platform import clock, embedded
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, as_visitor
from tests.booking.booked import an_offering
from tests.booking.visited import an_offer
from tests.factories import LONG_AGO, Person, a_client, a_coach, a_friend, a_practice
from tests.fakes import KeptQueue, OutboxMailer
from tests.prepared import copy_into
from tests.servers.stripe import StripeServer
from tests.soak.fleet import SECRET_KEY

COOKIE = "coachhub"
PAID, FREE = "hour", "talk"


@dataclass(frozen=True)
class Resident:
    """Somebody who is signed in, and for a client the friends."""

    person: Person
    token: str
    friends: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Town:
    """The practice, who has to do with it, and the times that can be booked."""

    slug: str
    practice_id: UUID
    coaches: tuple[Resident, ...]
    clients: tuple[Resident, ...]
    slots: tuple[Slot, ...]
    account: str
    admin_url: str

    @contextmanager
    def look(self) -> Iterator[psycopg.Connection]:
        """A superuser's connection, straight to PostgreSQL."""
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            yield admin


def build_town(folder: Path, base_url: str, stripe: StripeServer, clients: int = 8) -> Town:
    """Make it in a folder that nothing runs on yet."""
    copy_into(folder)
    with embedded.running(folder) as addresses:
        app = create_app(_settings(folder, addresses, base_url), mailer=OutboxMailer(), queue=KeptQueue())
        try:
            return _build(app, addresses, stripe, clients)
        finally:
            with app.app_context():
                db.engine.dispose()


def _settings(folder: Path, addresses: embedded.Addresses, base_url: str) -> Settings:
    return Settings(
        environment="test",
        data=folder,
        secret_key=SECRET_KEY,
        database_url=addresses.database_url,
        database_worker_url=addresses.worker_url,
        redis_url=addresses.redis_url,
        base_url=base_url,
    )


def _build(app: Flask, addresses: embedded.Addresses, stripe: StripeServer, clients: int) -> Town:
    ana = a_practice(app, "Ana Coaching", "Ana Alvarez", "ana@example.com")
    coaches = [ana, *(a_coach(app, ana, f"Coach {n}", f"coach-{n}@example.com") for n in (1, 2))]
    for coach in coaches:
        _open(app, coach, is_first=coach is ana)
    offering_id = an_offering(app, *coaches, slug=PAID, minutes=30)
    an_offer(app, FREE, *coaches, title="A talk", notice_minutes=0)
    people = [_client(app, coaches[n % 3], n) for n in range(clients)]
    account = stripe.open_account(country="gb")
    stripe.post.take()
    admin_url = urlsplit(addresses.admin_url)._replace(path=urlsplit(addresses.database_url).path).geturl()
    with app.app_context(), as_practice(ana.practice_id):
        said = {"account_id": account, "card_payments": "active", "country": "GB", "created_at": LONG_AGO}
        db.session.add(StripeAccount(practice_id=ana.practice_id, **said))
        now = clock.now()
        slots = tuple(free_slots(offering_id, now + timedelta(hours=1), now + timedelta(days=55), now))
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute("update practices set quiet_from = '00:00', quiet_until = '00:00'")
        [(slug,)] = admin.execute("select slug from practices").fetchall()
    staff = tuple(_signed_in(app, coach) for coach in coaches)
    return Town(slug, ana.practice_id, staff, tuple(people), slots, account, admin_url)


def _open(app: Flask, coach: Person, *, is_first: bool) -> None:
    with app.app_context(), as_practice(coach.practice_id, coach.user_id):
        if is_first:
            said = {"headline": "Careers rest on people", "about": "We meet and we talk.", "changed_at": LONG_AGO}
            db.session.add(PracticePage(practice_id=coach.practice_id, **said))
        about = {"time_zone": "Europe/London", "title": "Career coach", "about": "Twenty years of listening."}
        db.session.add(CoachProfile(practice_id=coach.practice_id, coach_id=coach.user_id, **about))


def _client(app: Flask, coach: Person, number: int) -> Resident:
    person = a_client(app, coach, f"Client {number}", f"client-{number}@example.com")
    friends = tuple(a_friend(app, person, f"Friend {number} {n}") for n in range(3))
    return _signed_in(app, person, friends)


def _signed_in(app: Flask, person: Person, friends: tuple[UUID, ...] = ()) -> Resident:
    with app.app_context(), as_visitor():
        return Resident(person, start_login(person.user_id, person.practice_id), friends)


_MET: LiteralString = """
with people as (
  insert into users (email, name, locale, time_zone, created_at)
  select 'met-' || %(turn)s || '-' || n || '@example.com', 'Met ' || n, 'en_GB', 'Europe/London', '2025-01-01'
  from generate_series(1, %(mails)s) n returning id, email, name
), members as (
  insert into memberships (practice_id, user_id, role, created_at)
  select %(practice)s, id, 'client', '2025-01-01' from people returning user_id
), records as (
  insert into clients (practice_id, user_id, coach_id, name, email, time_zone, status, created_at, activated_at)
  select %(practice)s, people.id, %(coach)s, name, email, 'Europe/London', 'active', '2025-01-01', '2025-01-01'
  from people join members on members.user_id = people.id returning id, user_id
), friends as (
  insert into friends (practice_id, client_id, user_id, name, created_at)
  select %(practice)s, id, user_id, 'A friend', '2025-01-01' from records returning id, client_id, user_id
), met as (
  insert into meetups (practice_id, client_id, user_id, friend_id, starts_at, agreed_at)
  select %(practice)s, client_id, user_id, id, now() - interval '2 days', '2025-01-01' from friends returning id
)
insert into wakes (practice_id, at, is_urgent) select %(practice)s, now(), false from met limit 1
on conflict do nothing
"""


def make_due(admin: psycopg.Connection, town: Town, turn: int, mails: int) -> None:
    """So many clients who met a friend two days ago: each is asked by mail how it was."""
    coach = town.coaches[turn % len(town.coaches)].person.user_id
    admin.execute(_MET, {"practice": town.practice_id, "coach": coach, "turn": turn, "mails": mails})
