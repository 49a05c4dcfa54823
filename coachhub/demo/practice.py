"""Whole practices: the demo that `script/up` shows, and any number of them as a load for measurements."""

import gc
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Flask

from coachhub.accounts.models import Membership, Practice, User
from coachhub.accounts.service.passwords import hash_of_password
from coachhub.app import create_worker_app
from coachhub.clients.models import Client, ClientInvite
from coachhub.demo import people
from coachhub.demo.bookings import SESSION, Booked, write_visitors
from coachhub.demo.emblem import write_emblem
from coachhub.demo.filters import keep_filters
from coachhub.demo.history import History
from coachhub.demo.mails import Mails
from coachhub.demo.notebook import write_templates
from coachhub.demo.office import Offers, open_office
from coachhub.demo.papers import write_reports
from coachhub.demo.people import LIVES, Life
from coachhub.demo.purses import Purses
from coachhub.demo.seeding import owner_url
from coachhub.demo.sessions import Coached, write_sessions
from coachhub.demo.sheets import Sheets
from coachhub.demo.till import Till
from coachhub.demo.wares import PAYING
from coachhub.demo.who import Who, new_id
from coachhub.habits.models import Habit, HabitTemplate
from coachhub.habits.service.starter import starter_name, starter_notes, starter_steps, starter_templates
from coachhub.network.service.drafts import Purpose, Tone
from coachhub.operations.models import Operator
from coachhub.payments.gateway import gateway
from coachhub.platform import clock
from coachhub.platform.config import Settings
from coachhub.platform.identity import Role
from coachhub.platform.tenancy import as_practice
from coachhub.platform.wakes import Wake

_OLD = timedelta(days=460)
_BATCH = 10
"""Practices copied at once: enough to be quick, few enough to keep memory flat."""
_CIRCLES = {0: (25, 9), 1: (180, 150)}
"""How many friends a client has, and how many of them came in a file: more than the others, to look at."""


@dataclass(frozen=True)
class Staff:
    """Who works in a practice, and the habit that they give."""

    practice_id: UUID
    coach_ids: Sequence[UUID]
    habit_id: UUID


def load_demo(settings: Settings) -> None:
    """An owner, who also runs the installation, two coaches, forty clients, fourteen months."""
    with _app(settings).app_context():
        sheets, chance, now = Sheets(), random.Random(28), clock.now()  # noqa: S311 (a story, not a secret)
        staff = make_practice(sheets, chance, now, people.PRACTICE, (people.OWNER, *people.COACHES), is_demo=True)
        sheets.add(Operator, user_id=staff.coach_ids[0], since=now)
        keep_filters(sheets, staff.practice_id, staff.coach_ids[0], now)
        write_emblem(sheets, staff.practice_id, now)
        offers = open_office(sheets, random.Random(31), now, staff.practice_id, staff.coach_ids)  # noqa: S311 (as above)
        write_templates(sheets, random.Random(47), now - _OLD, staff.practice_id)  # noqa: S311 (as above)
        mails = Mails(sheets, staff.coach_ids[0], now)
        with as_practice(staff.practice_id):
            here = []
            for n, (name, local, zone) in enumerate(people.CLIENTS):
                life, circle = LIVES[n % len(LIVES)], _CIRCLES.get(n, (7 + n % 5, 0))
                email = f"{local}@demo.example"
                who = make_client(sheets, chance, now, staff, n, name, email, zone, life, circle)
                if who is not None:
                    coach_id = staff.coach_ids[n % len(staff.coach_ids)]
                    booked = Booked(coach_id, who.client_id, name, email, zone)
                    is_offered = n % 2 == 1 or n in PAYING
                    here.append(Coached(n, booked, offers.offerings[SESSION.slug] if is_offered else None))
                if who and life.status == "active":
                    mails.write(n, who, email)
            _write_dealings(sheets, now, staff, offers, here)
            write_reports(sheets, random.Random(48), now, staff.practice_id, staff.coach_ids[0], here)  # noqa: S311 (as above)
        sheets.copy_into(owner_url(settings))


def _write_dealings(sheets: Sheets, now: datetime, staff: Staff, offers: Offers, clients: Sequence[Coached]) -> None:
    """What clients and visitors book, and how they pay; money is made up only where the gateway is, too."""
    purses = Purses(Till(sheets, random.Random(33), now, staff.practice_id, staff.coach_ids[0]), offers)  # noqa: S311 (a story, not a secret)
    is_pretend = gateway().is_pretend
    if is_pretend:
        purses.fill((each.number, each.who) for each in clients)
    seen = (sheets, random.Random(30), now, staff.practice_id)  # noqa: S311 (as above)
    write_sessions(*seen, clients, purses if is_pretend else None)
    session_id = offers.offerings[SESSION.slug]
    visits = write_visitors(sheets, random.Random(32), now, staff.practice_id, staff.coach_ids, session_id)  # noqa: S311 (as above)
    if is_pretend:
        for visit in visits:
            purses.pay_now(visit)
        purses.close()


def load_practices(settings: Settings, practices: int, clients: int, months: int = 14) -> int:
    """A load for measurements: so many practices of so many clients each. Returns the number of rows."""
    with _app(settings).app_context(), _garbage_left_alone():
        sheets, written, now = Sheets(), 0, clock.now()
        chance = random.Random()  # noqa: S311 (a load may be added to another: no id may come twice)
        for number in range(practices):
            _load_practice(sheets, chance, now, clients, months)
            if number % _BATCH == _BATCH - 1:
                written += sheets.copy_into(owner_url(settings))
        return written + sheets.copy_into(owner_url(settings))


@contextmanager
def _garbage_left_alone() -> Iterator[None]:
    """Hundreds of thousands of rows, none in a circle: looking through them for one takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _load_practice(sheets: Sheets, chance: random.Random, now: datetime, clients: int, months: int) -> None:
    tag = f"{chance.getrandbits(48):012x}"
    details = (f"Load {tag}", f"load-{tag}", "Europe/London", "GBP", "en_GB")
    staff = make_practice(sheets, chance, now, details, ((f"Owner {tag}", f"owner-{tag}@load.example"),), is_demo=False)
    with as_practice(staff.practice_id):
        for n in range(clients):
            name, _, zone = people.CLIENTS[n % len(people.CLIENTS)]
            whole = LIVES[n % 10]
            life = Life(whole.past[-(months - 1) :], whole.now)
            make_client(
                sheets, chance, now, staff, n, f"{name} {n}", f"client-{n}-{tag}@load.example", zone, life, (8, 0)
            )


def _app(settings: Settings) -> Flask:
    if settings.is_production:
        raise PermissionError("the demo is made-up people: it is refused in production")
    return create_worker_app(settings)


def make_practice(
    sheets: Sheets,
    chance: random.Random,
    now: datetime,
    details: tuple[str, str, str, str, str],
    staff: Sequence[tuple[str, str]],
    *,
    is_demo: bool,
) -> Staff:
    """A practice with its people and its habit; `details` are name, slug, zone, currency and locale."""
    name, slug, zone, currency, locale = details
    made = Staff(new_id(chance), [new_id(chance) for _ in staff], new_id(chance))
    sheets.add(
        Practice,
        id=made.practice_id,
        slug=slug,
        name=name,
        time_zone=zone,
        currency=currency,
        locale=locale,
        half_life_days=270,
        created_at=now - _OLD,
    )
    for n, (person, email) in enumerate(staff):
        _user(sheets, made.coach_ids[n], person, email, zone, now, has_password=is_demo)
        _member(sheets, made.practice_id, made.coach_ids[n], Role.COACH if n else Role.OWNER, now)
    _habit(sheets, made, now)
    sheets.add(Wake, practice_id=made.practice_id, at=now, is_urgent=False)
    return made


def _user(
    sheets: Sheets, user_id: UUID, name: str, email: str, zone: str, now: datetime, *, has_password: bool
) -> None:
    sheets.add(
        User,
        id=user_id,
        email=email,
        name=name,
        password_hash=hash_of_password(people.PASSWORD) if has_password else None,
        email_verified_at=now - _OLD,
        locale="en_GB",
        time_zone=zone,
        created_at=now - _OLD,
    )


def _member(sheets: Sheets, practice_id: UUID, user_id: UUID, role: Role, now: datetime) -> None:
    sheets.add(Membership, practice_id=practice_id, user_id=user_id, role=role.value, created_at=now - _OLD)


def _habit(sheets: Sheets, staff: Staff, now: datetime) -> None:
    sheets.add(
        Habit,
        practice_id=staff.practice_id,
        id=staff.habit_id,
        name=starter_name(),
        steps=list(starter_steps()),
        meetups_a_month=1,
        minutes_a_meetup=60,
        is_default=True,
        created_at=now - _OLD,
    )
    texts = {(Purpose.INVITE, tone): words for tone, words in starter_templates().items()}
    texts |= {(purpose, Tone.LIGHT): words for purpose, words in starter_notes().items()}
    for (purpose, tone), words in texts.items():
        sheets.add(
            HabitTemplate,
            practice_id=staff.practice_id,
            habit_id=staff.habit_id,
            purpose=str(purpose),
            tone=str(tone),
            subject=words.subject,
            body=words.body,
        )


def make_client(
    sheets: Sheets,
    chance: random.Random,
    now: datetime,
    staff: Staff,
    n: int,
    name: str,
    email: str,
    zone: str,
    life: Life,
    circle: tuple[int, int],
) -> Who | None:
    """A client with their life and circle (so many friends, so many of them from a file); None while invited."""
    is_here = life.status != "invited"
    user_id, client_id = (new_id(chance) if is_here else None), new_id(chance)
    coach_id = staff.coach_ids[n % len(staff.coach_ids)]
    if user_id:
        _user(sheets, user_id, name, email, zone, now, has_password=email == people.LOGINS[-1][1])
        _member(sheets, staff.practice_id, user_id, Role.CLIENT, now)
    sheets.add(
        Client,
        practice_id=staff.practice_id,
        id=client_id,
        user_id=user_id,
        coach_id=coach_id,
        name=name,
        email=email,
        time_zone=zone,
        status=life.status,
        status_before="active" if life.status in ("paused", "archived") else None,
        rests_since=now - timedelta(days=30) if life.status in ("paused", "archived") else None,
        shares_all=n % 4 == 0,
        created_at=now - (_OLD if is_here else timedelta(days=5)),
        activated_at=now - _OLD if is_here else None,
    )
    if user_id is None:
        _invite(sheets, chance, now, staff.practice_id, client_id, coach_id)
        return None
    who = Who(staff.practice_id, client_id, user_id, ZoneInfo(zone), name.split()[0], shares=n % 4 == 0)
    history = History(sheets, who, life, now, chance)
    history.write(staff.habit_id, *circle)
    if n % 3 == 0:
        history.circle.keep_free_hours()
    return who


def _invite(
    sheets: Sheets, chance: random.Random, now: datetime, practice_id: UUID, client_id: UUID, coach_id: UUID
) -> None:
    sheets.add(
        ClientInvite,
        practice_id=practice_id,
        id=new_id(chance),
        client_id=client_id,
        created_by=coach_id,
        by_mail=False,
        created_at=now - timedelta(days=5),
        expires_at=now + timedelta(days=25),
    )
