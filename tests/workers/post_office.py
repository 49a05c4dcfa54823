"""A crowd whose reminder is due, workers that mail it to a SendGrid of the test's own, and what must be true after."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString

import psycopg

from coachhub.platform.clock import SystemClock
from coachhub.platform.jobs import DEFAULT, Ring, RqQueue
from coachhub.reminders.service.sending import IN_FLIGHT
from tests.factories import Person
from tests.reminders.rows import switch_monday_off
from tests.servers.sendgrid import SendGridServer
from tests.workers.forks import Fork
from tests.workers.processes import Processes, eventually

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # three hours after March's reminder is due in London
BATCH = 400
A_CALL = BATCH // IN_FLIGHT
"""The mails of one call to the provider."""
FINAL = {"sent", "delivered", "bounced", "complained", "unknown", "dropped", "failed"}

_MANY_CLIENTS: LiteralString = """
with people as (
  insert into users (email, name, locale, time_zone, created_at)
  select 'client' || n || '@example.com', 'Client ' || n, 'en_GB', 'Europe/London', '2025-01-01'
  from generate_series(1, %(mails)s) n returning id, email, name
), members as (
  insert into memberships (practice_id, user_id, role, created_at)
  select %(practice)s, id, 'client', '2025-01-01' from people returning user_id
), habit as (
  insert into habits (practice_id, name, steps, created_at)
  values (%(practice)s, 'One hour a month', '{a,b,c,d,e}', '2025-01-01') returning id
), records as (
  insert into clients (practice_id, user_id, coach_id, name, email, time_zone, status, created_at, activated_at)
  select %(practice)s, people.id, %(coach)s, name, email, 'Europe/London', 'active', '2025-01-01', '2025-01-01'
  from people join members on members.user_id = people.id returning id
)
insert into assignments (practice_id, client_id, habit_id, from_month, target, minutes, created_at)
select %(practice)s, records.id, habit.id, '2026-01-01', 1, 60, '2025-01-01' from records, habit
"""


def make_due(admin: psycopg.Connection, coach: Person, mails: int) -> None:
    """So many clients of the coach's, each with a reminder due at NOON; nobody else has any."""
    whose = {"practice": coach.practice_id, "coach": coach.user_id, "mails": mails}
    admin.execute(_MANY_CLIENTS, whose)
    switch_monday_off(admin)
    admin.execute("analyze")  # as PostgreSQL does by itself soon: until then it remembers a test of one client


@dataclass
class PostOffice:
    """The workers and the provider of one test. Time runs sixty times as fast as on the wall, from NOON on."""

    admin: psycopg.Connection
    processes: Processes
    sendgrid: SendGridServer
    coach: Person
    mails: int
    speed: int = 60

    def __post_init__(self) -> None:
        self.began = SystemClock().now().isoformat()
        self.bell = RqQueue(self.processes.settings.redis_url.get_secret_value())

    def hire(self, *stage: str) -> Fork:
        """Start a worker; one that is given a stage dies there in its second batch."""
        clock = (NOON.isoformat(), self.began, str(self.speed), str(BATCH))
        mailer = {"MAILER": "sendgrid", "SENDGRID_API_KEY": self.sendgrid.key, "SENDGRID_HOST": self.sendgrid.url}
        return self.processes.fork("tests.workers.clocked_worker", DEFAULT, *clock, *stage, **mailer)

    def ring(self) -> None:
        """What the scheduler does each minute."""
        self.bell.put(Ring("workers.jobs.sweep", (), DEFAULT))

    def end_leases(self) -> None:
        """Five minutes pass by the machine's clock."""
        self.admin.execute("update outbox set leased_until = now() where state = 'claimed'")

    def states(self) -> Counter[str]:
        """How many messages stand in each state."""
        return Counter(dict(self.admin.execute("select state, count(*) from outbox group by state").fetchall()))

    def wait_for_the_end(self, seconds: float = 60) -> Counter[str]:
        """Ring until every message has come to a final state; returns the states."""
        rung = 0

        def is_over() -> bool:
            nonlocal rung
            rung += 1
            if rung % 50 == 1:
                self.ring()
            states = self.states()
            return sum(states.values()) == self.mails and set(states) <= FINAL

        eventually(is_over, lambda: (self.states(), self.processes.log.read_text()[-3000:]), seconds)
        return self.states()

    def check(self, unknown_at_most: int = 0) -> Counter[str]:
        """Every due key in exactly one final state, nothing delivered twice, what is unknown held and listed."""
        states = self.wait_for_the_end()
        assert self.sendgrid.doubled == []
        assert states["unknown"] <= unknown_at_most
        assert states["sent"] + states["unknown"] == self.mails
        sent = {str(row[0]) for row in self.admin.execute("select id from outbox where state = 'sent'").fetchall()}
        assert sent <= set(self.sendgrid.deliveries)
        listed = self.admin.execute("select count(*) from outbox where is_trouble").fetchone()
        assert listed == (states["unknown"],)
        return states
