"""What must hold once everything has come to rest, however the processes were killed meanwhile."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from coachhub.platform.jobs import DEFAULT, Ring, RqQueue
from tests.soak.people import Deeds, People

_SWEEPS = ("sweep", "hear_provider", "look_after_payments", "tend_bookings")
_UNFINISHED: tuple[tuple[str, LiteralString], ...] = (
    ("mails that are due", "select count(*) from outbox where state in ('due', 'claimed') and due_at <= now()"),
    ("looks at the practice", "select count(*) from wakes where at <= now()"),
    ("mail events", "select count(*) from mail_events where handled_at is null"),
    ("Stripe's events", "select count(*) from stripe_events where handled_at is null"),
    ("refunds", "select count(*) from refunds where status in ('asked', 'pending')"),
    (
        "purchases that are paid at Stripe",
        "select count(*) from purchases where status in ('open', 'waiting') and checkout_id = any(%(paid)s)",
    ),
)
_DOUBLE: LiteralString = """
select count(*) from bookings one join bookings other using (practice_id, coach_id)
where one.id < other.id and one.status in ('held', 'confirmed', 'completed')
  and other.status in ('held', 'confirmed', 'completed')
  and tstzrange(one.busy_from, one.busy_until) && tstzrange(other.busy_from, other.busy_until)
"""
_TROUBLE: LiteralString = "select state, reason, coalesce(delivery_id, id)::text from outbox where is_trouble"
_KILLED_AT_THE_CALL = ("unknown", "the worker ended while the provider was called")
_FAILED: LiteralString = "select count(*) from stripe_events where outcome = 'failed'"
_MADE: LiteralString = """
select count(*) from meetups m join friends f on f.practice_id = m.practice_id and f.id = m.friend_id
where f.name = 'A friend'
"""
_ASKED: LiteralString = """
select client_id from outbox where kind = 'after_meetup' and state in ('sent', 'delivered')
and client_id in (select client_id from friends where name = 'A friend')
"""
_MAILS: LiteralString = """
select state || coalesce(' ' || reason, '') || case when due_at > now() then ' later' else '' end, count(*)
from outbox group by 1 order by 2 desc
"""
_NEITHER: LiteralString = """
select count(*) from purchases p join bookings b on b.practice_id = p.practice_id and b.id = p.booking_id
where p.status = 'paid' and b.status not in ('confirmed', 'completed') and p.amount > (
  select coalesce(sum(r.amount), 0) from refunds r
  where r.practice_id = p.practice_id and r.purchase_id = p.id and r.status = 'succeeded')
"""


@dataclass
class Truths:
    """The database, the providers, and what people know that they did."""

    people: People
    redis_url: str

    @property
    def deeds(self) -> Deeds:
        return self.people.deeds

    def come_to_rest(self, seconds: float = 120) -> float:
        """Wait until nothing is left to do; returns how long that took. Leases of the killed are over at once."""
        began = time.monotonic()
        with self.people.town.look() as admin:
            while left := self._left(admin):
                assert time.monotonic() - began < seconds, left
                admin.execute("update outbox set leased_until = now() where state = 'claimed'")
                self._ring()
                time.sleep(1)
        return time.monotonic() - began

    def _left(self, admin: psycopg.Connection) -> dict[str, int]:
        asked = {what: _one(admin, query, paid=self.deeds.paid) for what, query in _UNFINISHED}
        asked["webhooks to deliver"] = len(self.people.stripe.post.waiting)
        return {what: count for what, count in asked.items() if count}

    def _ring(self) -> None:
        bell = RqQueue(self.redis_url)
        for sweep in _SWEEPS:
            bell.put(Ring(f"workers.jobs.{sweep}", (), DEFAULT))

    def broken(self) -> list[str]:
        """The truths that do not hold, in words."""
        with self.people.town.look() as admin:
            rules: list[tuple[str, Callable[[psycopg.Connection], object]]] = [
                ("mails that were delivered twice", lambda _: self.people.sendgrid.doubled),
                ("mails that are sent and that the provider never got", self._never_sent),
                ("mails in trouble", self._in_trouble),
                ("meetups that were not asked about once", self._not_asked),
                ("pairs of bookings at one time", lambda a: _one(a, _DOUBLE)),
                ("payments neither confirmed nor given back", lambda a: _one(a, _NEITHER)),
                ("payments at Stripe that are none here", self._not_paid),
                ("sums that differ from Stripe's", self._sums),
                ("bookings that were answered and are not there", self._not_booked),
                ("logs that were answered and are not there once", self._not_logged),
                ("webhooks that were answered and are not kept", self._not_heard),
                ("Stripe's events that failed", lambda a: _one(a, _FAILED)),
                ("answers that told of a mistake of ours", lambda _: self._mistakes()),
                ("troubles of the people themselves", lambda _: self.deeds.troubles[:5]),
            ]
            return [f"{what}: {found}" for what, rule in rules if (found := rule(admin))]

    def _never_sent(self, admin: psycopg.Connection) -> object:
        query = "select coalesce(delivery_id, id)::text from outbox where state in ('sent', 'delivered')"
        return [row[0] for row in admin.execute(query).fetchall() if row[0] not in self.people.sendgrid.deliveries][:5]

    def _in_trouble(self, admin: psycopg.Connection) -> object:
        """All but those that are held, as they should be: their worker was killed just before it called, or as it did,
        so that they never came.
        """
        rows = admin.execute(_TROUBLE).fetchall()
        came = self.people.sendgrid.deliveries
        return [(state, why) for state, why, mail in rows if (state, why) != _KILLED_AT_THE_CALL or mail in came][:5]

    def _not_asked(self, admin: psycopg.Connection) -> object:
        made = _one(admin, _MADE)
        asked = Counter(row[0] for row in admin.execute(_ASKED).fetchall())
        twice = [client for client, times in asked.items() if times != 1]
        return twice or (f"{made} meetups, {len(asked)} asked" if made != len(asked) else None)

    def _not_paid(self, admin: psycopg.Connection) -> object:
        known = {row[0] for row in admin.execute("select checkout_id from purchases where status = 'paid'").fetchall()}
        return sorted(set(self.deeds.paid) - known)[:5]

    def _sums(self, admin: psycopg.Connection) -> object:
        rows = admin.execute("select lower(currency), sum(amount)::int from ledger_entries group by 1").fetchall()
        ours, theirs = dict(rows), self.people.stripe.ledger(self.people.town.account)
        return None if ours == theirs else (ours, theirs)

    def _not_booked(self, admin: psycopg.Connection) -> object:
        kept = {row[0] for row in admin.execute("select email from bookings").fetchall()}
        return sorted(set(self.deeds.booked) - kept)[:5]

    def _not_logged(self, admin: psycopg.Connection) -> object:
        rows = admin.execute("select friend_id, learned from logs where learned like 'log %'").fetchall()
        kept = Counter((friend_id, learned) for friend_id, learned in rows)
        lost = [log for log in self.deeds.logs if kept[log] != 1]
        return (lost + [log for log, times in kept.items() if times > 1])[:5]

    def _not_heard(self, admin: psycopg.Connection) -> object:
        kept = {row[0] for row in admin.execute("select id from mail_events").fetchall()}
        kept |= {row[0] for row in admin.execute("select event_id from stripe_events").fetchall()}
        return sorted(set(self.deeds.heard) - kept)[:5]

    def _mistakes(self) -> list[str]:
        return [one.kind for one in self.people.record.asked if one.status == 500]

    def counts(self) -> list[str]:
        """What was done, as the database has it."""
        with self.people.town.look() as admin:
            tables: list[tuple[str, LiteralString]] = [
                ("bookings", "select status, count(*) from bookings group by 1 order by 2 desc"),
                ("purchases", "select status, count(*) from purchases group by 1 order by 2 desc"),
                ("refunds", "select status, count(*) from refunds group by 1 order by 2 desc"),
                ("mails", _MAILS),
                ("logs", "select 'written', count(*) from logs"),
                ("Stripe's events", "select outcome, count(*) from stripe_events group by 1 order by 2 desc"),
                ("SendGrid's events", "select event, count(*) from mail_events group by 1 order by 2 desc"),
            ]
            said = [(what, admin.execute(query).fetchall()) for what, query in tables]
        return [f"{what:20} " + ", ".join(f"{state.strip()}: {count}" for state, count in rows) for what, rows in said]


def _one(admin: psycopg.Connection, query: LiteralString, **values: Any) -> int:
    row = admin.execute(query, values).fetchone()
    return int(row[0]) if row else 0
