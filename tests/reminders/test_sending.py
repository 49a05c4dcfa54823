"""Claiming and sending: once, whatever the provider and the processes do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from coachhub.platform.clock import FixedClock
from coachhub.platform.jobs import Ring
from coachhub.platform.mailer import Mail, MailDelayed, Mailing, MailRefused, MailUnknown
from coachhub.platform.ports import ports
from coachhub.platform.tenancy import as_practice
from coachhub.reminders.kinds import KINDS
from coachhub.reminders.service import flight, outbox, sending
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.fakes import KeptQueue
from tests.reminders.rows import Office, a_habit_for, a_meetup, a_proof

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class MoodyMailer:
    """Answers as the test says, in turn; afterwards it takes everything. `knows`: what `was_taken` answers."""

    moods: list[Exception] = field(default_factory=list)
    knows: bool | None = None
    mails: list[Mail] = field(default_factory=list)
    asked: list[UUID] = field(default_factory=list)
    calls: int = 0
    most_copies: int = 1
    dislikes: str = ""

    def send(self, mailing: Mailing) -> str | None:
        self.calls += 1
        if self.moods:
            raise self.moods.pop(0)
        if self.dislikes in [copy.to_address for copy in mailing.copies]:
            raise MailRefused("a bad address")
        self.mails += mailing.mails()
        return "taken"

    def allow_again(self, address: str) -> None:
        """Nobody is refused."""

    def was_taken(self, delivery_id: UUID) -> bool | None:
        self.asked.append(delivery_id)
        return self.knows


@pytest.fixture
def moody(worker_app: Flask, cast: Cast, clock: FixedClock) -> Iterator[MoodyMailer]:
    """A mailer with moods; Ben's reminder is due."""
    clock.instant = MONDAY
    a_habit_for(cast.app, cast.ben)
    with worker_app.app_context():
        wired = ports()
    usual, wired.mailer = wired.mailer, MoodyMailer()
    yield wired.mailer
    wired.mailer = usual


def _crowd(cast: Cast, people: int) -> None:
    for number in range(people):
        a_habit_for(cast.app, a_client(cast.app, cast.ana, f"Client {number}", f"client{number}@example.com"))


def test_it_waits_longer_with_each_try_while_the_provider_is_busy(
    cast: Cast, office: Office, moody: MoodyMailer, clock: FixedClock
) -> None:
    moody.moods = [MailDelayed("busy")] * 3
    tries = []
    for minute in range(12):
        clock.instant, before = MONDAY + timedelta(minutes=minute), moody.calls
        office.deliver(cast.ana)
        tries += [minute] * (moody.calls - before)
    assert tries[0] == 0
    assert tries[1] in (1, 2)  # a minute and up to a quarter more
    assert tries[2] - tries[1] in (2, 3)
    assert tries[3] - tries[2] in (4, 5)
    assert office.states(cast.ana)["new_month"] == ("sent", None)
    assert len(moody.mails) == 1


@pytest.mark.parametrize(
    ("mood", "state"),
    [
        (MailRefused("no such mailbox"), "failed"),
        (MailUnknown("no answer"), "unknown"),
        (ValueError("a bug"), "unknown"),
    ],
)
def test_it_never_sends_again_what_was_refused_or_may_have_been_taken(
    cast: Cast, office: Office, moody: MoodyMailer, clock: FixedClock, mood: Exception, state: str
) -> None:
    moody.moods = [mood]
    assert office.deliver(cast.ana).sent == 0
    clock.advance(timedelta(hours=5))
    office.deliver(cast.ana)
    assert office.states(cast.ana)["new_month"] == (state, str(mood))
    assert moody.mails == []


def test_it_gives_the_rest_back_untried_where_the_provider_fails_in_a_row(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection, clock: FixedClock
) -> None:
    _crowd(cast, 20)
    moody.moods = [MailDelayed("down")] * 100
    office.deliver(cast.ana)
    assert 100 - len(moody.moods) < flight.TROUBLES_IN_A_ROW + 2 * sending.IN_FLIGHT
    untried = admin.execute("select count(*) from outbox where state = 'due' and attempts = 0").fetchone()
    assert untried is not None
    assert untried[0] > 5
    moody.moods.clear()
    clock.advance(timedelta(minutes=2))
    assert office.deliver(cast.ana).sent == 21


def test_it_sends_each_once_with_two_dispatchers_at_work(
    cast: Cast, office: Office, moody: MoodyMailer, worker_app: Flask
) -> None:
    _crowd(cast, 30)
    office.plan(cast.ana, MONDAY)
    start = Barrier(3)

    def dispatch() -> None:
        start.wait()
        office.deliver(cast.ana)

    threads = [Thread(target=dispatch) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moody.mails) == len({mail.delivery_id for mail in moody.mails}) == 31
    assert office.count("sent") == 31


@pytest.mark.parametrize(("knows", "state", "mails"), [(True, "sent", 0), (False, "sent", 1), (None, "unknown", 0)])
def test_it_asks_the_provider_about_what_a_dead_worker_had_handed_over(
    cast: Cast,
    office: Office,
    moody: MoodyMailer,
    admin: psycopg.Connection,
    knows: bool | None,
    state: str,
    mails: int,
) -> None:
    moody.knows = knows
    _die_while_sending(cast, office, admin, was_handed=True)
    office.deliver(cast.ana)
    assert len(moody.asked) == 1
    assert office.states(cast.ana)["new_month"][0] == state
    assert len(moody.mails) == mails


def test_it_asks_nobody_about_what_was_never_handed_over(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection
) -> None:
    _die_while_sending(cast, office, admin, was_handed=False)
    office.deliver(cast.ana)
    assert moody.asked == []
    assert len(moody.mails) == 1


def _die_while_sending(cast: Cast, office: Office, admin: psycopg.Connection, *, was_handed: bool) -> None:
    office.plan(cast.ana, MONDAY)
    with office.worker_app.app_context(), as_practice(cast.ana.practice_id):
        [claims] = outbox.claim(MONDAY, 10, list(KINDS))
        if was_handed:
            outbox.hand_over([claims])
    admin.execute("update outbox set leased_until = now()")


def test_it_hands_nothing_over_once_the_claim_has_ended(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection
) -> None:
    office.plan(cast.ana, MONDAY)
    with office.worker_app.app_context():
        with as_practice(cast.ana.practice_id):
            [claims] = outbox.claim(MONDAY, 10, list(KINDS))
        admin.execute("update outbox set leased_until = now()")
        with as_practice(cast.ana.practice_id):
            assert outbox.hand_over([claims]) == set()
        office.deliver(cast.ana)
        with as_practice(cast.ana.practice_id):
            assert outbox.hand_over([claims]) == set()


def test_it_believes_a_late_answer_about_an_unknown_message(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection
) -> None:
    _die_while_sending(cast, office, admin, was_handed=True)
    office.deliver(cast.ana)
    [(message_id, attempts)] = admin.execute("select id, attempts from outbox").fetchall()
    with office.worker_app.app_context(), as_practice(cast.ana.practice_id):
        outbox.note_sent([outbox.Ended(message_id, attempts, message_id, was_handed=True, kind="new_month")], "sg-1")
    assert office.states(cast.ana)["new_month"] == ("sent", None)


def test_it_lets_a_code_pass_by_the_crowd(
    cast: Cast, office: Office, moody: MoodyMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "IN_FLIGHT", 1)
    _crowd(cast, 5)
    office.plan(cast.ana, MONDAY)
    a_proof(cast.app, cast.ben, "sign_in", MONDAY)
    office.deliver(cast.ana)
    assert [mail.kind for mail in moody.mails] == ["sign_in_code", *["new_month"] * 6]


def test_it_rings_again_where_a_turn_is_not_enough(
    cast: Cast, office: Office, moody: MoodyMailer, queue: KeptQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    _crowd(cast, 10)
    queue.rings.clear()
    with office.worker_app.app_context():
        sending.deliver(cast.ana.practice_id, turn=timedelta(microseconds=1))
    assert Ring("workers.jobs.deliver_mail", (str(cast.ana.practice_id),), "default") in queue.rings
    assert office.count("due") + len(moody.mails) == 11


def test_it_fails_one_mail_that_cannot_be_written_and_sends_the_others(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection
) -> None:
    _crowd(cast, 2)
    admin.execute("update users set locale = 'no such locale' where email = 'client0@example.com'")
    assert office.deliver(cast.ana).sent == 2
    assert office.count("failed") == 1


def test_it_holds_up_no_code_because_a_reminder_is_broken(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection, clock: FixedClock
) -> None:
    office.plan(cast.ana, MONDAY)
    a_proof(cast.app, cast.ben, "sign_in", MONDAY)
    admin.execute("alter table plans rename to plans_away")
    try:
        assert office.deliver(cast.ana).sent == 1
    finally:
        admin.execute("alter table plans_away rename to plans")
    assert office.states(cast.ana) == {"sign_in_code": ("sent", None), "new_month": ("due", None)}
    clock.advance(timedelta(minutes=1))
    assert office.deliver(cast.ana).sent == 1


def test_it_sends_to_all_but_the_one_whom_the_provider_refuses(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection
) -> None:
    _crowd(cast, 30)
    moody.most_copies, moody.dislikes = 250, "client7@example.com"
    assert office.deliver(cast.ana).sent == 30
    assert moody.calls < 12
    assert admin.execute("select state, reason from outbox where state <> 'sent'").fetchall() == [
        ("failed", "a bad address")
    ]


def test_it_writes_to_several_in_one_call_and_to_each_alone(cast: Cast, office: Office, moody: MoodyMailer) -> None:
    _crowd(cast, 3)
    moody.most_copies = 250
    office.deliver(cast.ana)
    assert moody.calls == 1
    for mail in moody.mails:
        assert mail.text.startswith(f"Hello {mail.to_name.split()[0]},")
        assert "%{" not in mail.text + mail.html + mail.subject
        others = {each.to_address for each in moody.mails} - {mail.to_address}
        assert not any(address in mail.text + mail.html for address in others)


def test_it_makes_one_mail_of_what_is_due_on_one_day_for_one_person(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection
) -> None:
    a_meetup(cast.app, cast.ben, cast.dan_id, MONDAY - timedelta(hours=20))
    assert office.deliver(cast.ana).sent == 1
    [mail] = moody.mails
    assert mail.subject == "How was it with Dan Dorsey?"
    assert "March 2026: with whom would you like an hour?" in mail.text
    rows = admin.execute("select state, delivery_id from outbox").fetchall()
    assert rows == [("sent", mail.delivery_id)] * 2


def test_it_keeps_one_persons_day_in_one_mail_with_many_dispatchers_at_work(
    cast: Cast, office: Office, moody: MoodyMailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "BATCH", 3)
    people = [a_client(cast.app, cast.ana, f"Client {n}", f"client{n}@example.com") for n in range(20)]
    for person in people:
        a_habit_for(cast.app, person)
        friend_id = a_friend(cast.app, person, "Dan")
        a_meetup(cast.app, person, friend_id, MONDAY - timedelta(hours=20))
    office.plan(cast.ana, MONDAY)
    threads = [Thread(target=office.deliver, args=[cast.ana]) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(moody.mails) == len({mail.to_address for mail in moody.mails}) == 21
    assert office.count("sent") == 41


def test_it_tries_again_what_waited_behind_a_provider_that_is_down(
    cast: Cast, office: Office, moody: MoodyMailer, admin: psycopg.Connection, clock: FixedClock
) -> None:
    for number in range(12):
        a_proof(cast.app, a_client(cast.app, cast.ana, f"C {number}", f"c{number}@example.com"), "verify", MONDAY)
    moody.moods = [MailUnknown("no answer")] * 100
    office.deliver(cast.ana)
    assert office.count("unknown") < flight.TROUBLES_IN_A_ROW + sending.IN_FLIGHT
    assert office.count("claimed") == 0
    moody.moods.clear()
    clock.advance(timedelta(minutes=1))
    office.deliver(cast.ana)
    assert len(moody.mails) + office.count("unknown") == 13
