"""What may happen to the clients of a practice between two looks at the list: drawn by chance, done as it is done."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg

from coachhub.booking.models import Package
from coachhub.clients.service.inviting import invite
from coachhub.clients.service.records import ClientChange, client_of, edit_client
from coachhub.clients.service.standing import archive_clients, pause_client, restore_client, resume_client
from coachhub.habits.rules import Month
from coachhub.habits.service.assignments import assign_habit, assignments_of, end_assignment, pause_month, resume_month
from coachhub.habits.service.cycles import refresh_cycles
from coachhub.habits.service.habits import ensure_default_habit
from coachhub.habits.service.steps import choose_friend, commit_plan
from coachhub.network.service.erasing import erase_friend
from coachhub.network.service.meetups import cancel_meetup
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import Refused
from coachhub.platform.local_time import local_day
from coachhub.reminders.service.suppressions import Complaint, lift_suppression
from coachhub.reminders.service.suppressions import suppress as stop_mail
from tests.booking.booked import an_offering
from tests.cast import Cast
from tests.coaching.planned import cancel, planned
from tests.factories import LONG_AGO, Person, a_friend
from tests.habits.facts import acting, meet, owning, send
from tests.reminders.rows import keep

ZONES = ("Europe/London", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu")
_PURCHASE = """
insert into purchases (practice_id, id, client_id, package_id, title, name, email, locale, time_zone, list_amount,
    amount, currency, status, account_id, expires_at, created_at, closed_at, paid_at)
values (%(practice)s, %(id)s, %(client)s, %(package)s, 'Five', 'B', 'b@example.com', 'en_GB', 'Europe/London', 900, 900,
    'GBP', %(status)s, 'acct_1', %(now)s, %(now)s, %(now)s, %(now)s)
"""
_REFUND = """
insert into refunds (practice_id, id, purchase_id, amount, currency, reason, status, asked_at)
select practice_id, %(id)s, id, 900, currency, 'asked_for', %(status)s, %(now)s from purchases
where client_id = %(client)s order by created_at desc limit 1
"""
_DISPUTE = """
insert into disputes (practice_id, id, purchase_id, reference, amount, currency, status, opened_at, changed_at)
select practice_id, %(id)s, id, 'd-' || id, 900, currency, %(status)s, %(now)s, %(now)s from purchases
where client_id = %(client)s order by created_at limit 1
on conflict (practice_id, reference) do update set status = excluded.status
"""
_REPORT = """
insert into reports (practice_id, id, client_id, kind, first_month, last_month, version, state, asked_by, asked_at,
    ready_at)
values (%(practice)s, %(id)s, %(client)s, 'progress', '2026-01-01', '2026-02-01', %(version)s, %(state)s, %(coach)s,
    %(now)s, case when %(state)s = 'ready' then %(now)s end)
on conflict (practice_id, client_id, kind, session_id, first_month, last_month, version)
do update set state = excluded.state, ready_at = excluded.ready_at, shared_at = null
"""


class World:
    """A practice with a coach, three clients and a friend each; `number` varies what happens."""

    def __init__(self, cast: Cast, admin: psycopg.Connection, clock: FixedClock, clients: list[Person]) -> None:
        self.cast, self.admin, self.clock, self.clients = cast, admin, clock, clients
        self.package_id = _a_package(cast)
        self._friends = {each.user_id: a_friend(cast.app, each, "Dan Dorsey") for each in clients}
        self._meetups: dict[UUID, UUID] = {}
        self._sessions: dict[UUID, UUID] = {}

    def happen(self, name: str, whose: int, number: int) -> None:
        """Let it happen; what is refused does not."""
        with suppress(Refused):
            getattr(self, name)(self.clients[whose % len(self.clients)], number)

    def as_sql(self, statement: str, client: Person, **more: object) -> None:
        """A change whose use case is a long one; the triggers see the same."""
        told = {"practice": client.practice_id, "client": client.client_id, "user": client.user_id, "id": uuid4()}
        us = {"coach": self.cast.ana.user_id, "package": self.package_id, "now": self.clock.now()}
        self.admin.execute(statement, told | us | more)  # type: ignore[call-overload]

    def gives(self, client: Person, number: int) -> None:
        with acting(self.cast, self.cast.ana):
            month = Month.local(self.clock.now(), self._zone(client)).plus(number % 6 - 4)
            assign_habit([client.client_id], ensure_default_habit(), month)

    def ends(self, client: Person, number: int) -> None:
        with acting(self.cast, self.cast.ana):
            for row in assignments_of(client.client_id)[:1]:
                end_assignment(row.id, Month.local(self.clock.now(), self._zone(client)).plus(number % 3))

    def rests(self, client: Person, number: int) -> None:
        with acting(self.cast, self.cast.ana):
            for row in assignments_of(client.client_id)[:1]:
                (pause_month if number % 2 else resume_month)(row.id, Month.local(self.clock.now(), self._zone(client)))

    def plans(self, client: Person, number: int) -> None:
        with owning(self.cast, client) as owner:
            now = self.clock.now()
            commit_plan(owner, local_day(now, owner.zone), (now + timedelta(hours=1)).time(), "write")
            refresh_cycles(owner, frozenset({now}))

    def chooses(self, client: Person, number: int) -> None:
        with owning(self.cast, client) as owner:
            choose_friend(owner, self._friends[client.user_id])

    def writes(self, client: Person, number: int) -> None:
        with owning(self.cast, client) as owner:
            send(owner, self._friends[client.user_id], self.clock.now())

    def agrees(self, client: Person, number: int) -> None:
        with owning(self.cast, client) as owner:
            at = self.clock.now() + timedelta(days=number % 20)
            self._meetups[client.user_id] = meet(owner, self._friends[client.user_id], at, agreed_at=self.clock.now())

    def meets(self, client: Person, number: int) -> None:
        with owning(self.cast, client) as owner:
            at = self.clock.now() - timedelta(days=number % 9)
            meet(owner, self._friends[client.user_id], at, agreed_at=at, status="held")

    def calls_off(self, client: Person, number: int) -> None:
        if client.user_id in self._meetups:
            with owning(self.cast, client) as owner:
                cancel_meetup(owner, self._meetups.pop(client.user_id))

    def erases(self, client: Person, number: int) -> None:
        with owning(self.cast, client) as owner:
            erase_friend(owner, self._friends[client.user_id])
        self._friends[client.user_id] = a_friend(self.cast.app, client, f"Friend {number}")
        self._meetups.pop(client.user_id, None)

    def is_edited(self, client: Person, number: int) -> None:
        with acting(self.cast, self.cast.ana):
            known = client_of(client.client_id)
            zone = ZONES[number % len(ZONES)]
            edit_client(known.id, ClientChange(f"Élodie {number}", known.email, self.cast.ana.user_id, zone))

    def stands(self, client: Person, number: int) -> None:
        with acting(self.cast, self.cast.ana):
            match number % 4:
                case 0:
                    archive_clients([client.client_id])
                case 1:
                    restore_client(client.client_id)
                case 2:
                    pause_client(client.client_id)
                case _:
                    resume_client(client.client_id)

    def is_invited(self, client: Person, number: int) -> None:
        """As somebody who has not started."""
        self.as_sql("update clients set status = 'invited' where id = %(client)s and status = 'active'", client)
        with acting(self.cast, self.cast.ana):
            invite([client.client_id], by_mail=bool(number % 2))

    def starts(self, client: Person, number: int) -> None:
        self.as_sql("update clients set status = 'active' where id = %(client)s and status = 'invited'", client)

    def mail_stops(self, client: Person, number: int) -> None:
        cause = "complained" if number % 2 else "bounced"
        with acting(self.cast, self.cast.ana):
            stop_mail([Complaint(self._address(client), cause, "", self.clock.now() - timedelta(days=number % 10))])

    def mail_goes(self, client: Person, number: int) -> None:
        with acting(self.cast, self.cast.ana):
            lift_suppression(self._address(client), self.cast.ana.user_id, is_sure=True)

    def moves_house(self, client: Person, number: int) -> None:
        """Another address of the person, to which an old bounce may belong."""
        self.as_sql(
            "update users set email = %(user)s || '-' || %(number)s || '@example.com' where id = %(user)s",
            client,
            number=number % 3,
        )

    def has_session(self, client: Person, number: int) -> None:
        at = self.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1 + number * 3)
        self._sessions[client.user_id] = planned(self.cast, at, client)

    def session_is_off(self, client: Person, number: int) -> None:
        if client is self.cast.ben and client.user_id in self._sessions:
            cancel(self.cast, self._sessions.pop(client.user_id))

    def pays_in_vain(self, client: Person, number: int) -> None:
        self.as_sql(_PURCHASE, client, status=("failed", "paid", "open")[number % 3])

    def money_is_stuck(self, client: Person, number: int) -> None:
        self.as_sql(_REFUND, client, status=("failed", "succeeded")[number % 2])

    def bank_asks(self, client: Person, number: int) -> None:
        self.as_sql(_DISPUTE, client, status=("needs_response", "won")[number % 2])

    def is_reported_on(self, client: Person, number: int) -> None:
        self.as_sql(_REPORT, client, state=("failed", "ready", "waiting")[number % 3], version=1 + number % 2)

    def report_is_shared(self, client: Person, number: int) -> None:
        self.as_sql("update reports set shared_at = %(now)s where client_id = %(client)s and state = 'ready'", client)

    def time_passes(self, client: Person, number: int) -> None:
        self.clock.advance(timedelta(hours=(number * number * 5) % 900, minutes=number))

    def _address(self, client: Person) -> str:
        row = self.admin.execute("select lower(email) from users where id = %s", [client.user_id]).fetchone()
        return str(row[0]) if row else ""

    def _zone(self, client: Person) -> ZoneInfo:
        row = self.admin.execute("select time_zone from clients where id = %s", [client.client_id]).fetchone()
        return ZoneInfo(row[0] if row else "UTC")


HAPPENINGS = tuple(
    name for name, made in vars(World).items() if callable(made) and name[0] != "_" and name not in ("happen", "as_sql")
)


def _a_package(cast: Cast) -> UUID:
    offering_id, package_id = an_offering(cast.app, cast.ana), uuid4()
    sold = {"status": "open", "price": 900, "currency": "GBP", "created_at": LONG_AGO, "changed_at": LONG_AGO}
    what = {"id": package_id, "offering_id": offering_id, "slug": "five", "title": "Five", "sessions": 5}
    keep(cast.app, cast.ana, Package(**what, **sold))
    return package_id
