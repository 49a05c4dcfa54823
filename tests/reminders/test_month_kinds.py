"""The reminders of a month that stands still: day 8, day 15, five days before its end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from coachhub.clients.models import Client
from coachhub.habits.models import Assignment, Choice, Cycle
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.factories import LONG_AGO, a_client, a_friend
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, a_choice, a_cycle, a_habit_for, a_pause, change
from tests.statements import asked

MARCH = date(2026, 3, 1)
DAY_8, DAY_15, DAY_27 = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (8, 15, 27))


@dataclass(frozen=True)
class Late:
    """A kind, when it is due in March 2026 in London, and the steps that the month has taken by then."""

    kind: str
    due: datetime
    steps: tuple[str, ...] = ()

    def stand(self, cast: Cast, **more: Any) -> UUID:
        """Ben stands where this kind finds him; returns his assignment."""
        assignment_id = a_habit_for(cast.app, cast.ben, **more)
        if self.steps:
            a_choice(cast.app, cast.ben, assignment_id, MARCH, cast.dan_id)
        a_cycle(cast.app, cast.ben, assignment_id, MARCH, **dict.fromkeys(self.steps, LONG_AGO))
        return assignment_id


CHOOSE = Late("choose_friend", DAY_8)
WRITE = Late("write_message", DAY_15, ("chosen_at",))
ENDS = Late("month_ends", DAY_27, ("chosen_at", "invited_at"))
all_three = pytest.mark.parametrize("late", [CHOOSE, WRITE, ENDS], ids=lambda late: late.kind)


def _step(cast: Cast, **steps: object) -> None:
    with cast.app.app_context(), as_practice(cast.ben.practice_id, cast.ben.user_id):
        db.session.execute(update(Cycle).where(Cycle.month == MARCH).values(**steps))


@all_three
def test_it_comes_on_its_day_at_nine_and_once(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, late: Late
) -> None:
    late.stand(cast)
    clock.instant = late.due - timedelta(seconds=1)
    assert office.deliver(cast.ana).sent == 0
    clock.instant = late.due
    assert [office.deliver(cast.ana).sent for _ in range(3)] == [1, 0, 0]
    clock.advance(timedelta(days=1))
    assert office.deliver(cast.ana).planned == 0
    [mail] = mailer.to("ben@example.com")
    assert (mail.kind, mail.reply_to) == (late.kind, "ana@example.com")


def test_it_asks_on_day_8_whom_ben_would_enjoy_seeing(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    CHOOSE.stand(cast)
    clock.instant = DAY_8
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert mail.subject == "Who would you enjoy seeing?"
    assert "- Dan Dorsey: Last contact about 12 months ago" in mail.text
    assert "Choose somebody:\nhttp://localhost/month?ask=choose" in mail.text


def test_it_says_on_day_15_that_the_message_is_written(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    WRITE.stand(cast)
    clock.instant = DAY_15
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert mail.subject == "Your message to Dan is written: send it?"
    assert "You chose Dan Dorsey for March 2026" in mail.text
    assert "http://localhost/month?ask=write" in mail.text


def test_it_says_before_the_end_that_a_15_minute_call_counts(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    ENDS.stand(cast)
    clock.instant = DAY_27
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert mail.subject == "5 days of March 2026 left: a 15-minute call counts"
    assert "Perhaps Dan has fifteen minutes this week?" in mail.text


def test_it_leaves_out_the_friend_where_nobody_is_chosen(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock
) -> None:
    a_habit_for(cast.app, cast.ben)
    clock.instant = DAY_27
    office.deliver(cast.ana)
    [mail] = mailer.mails
    assert "You thought of" not in mail.text
    assert "Perhaps" not in mail.text


@pytest.mark.parametrize(
    ("late", "steps"),
    [
        (CHOOSE, {"chosen_at": LONG_AGO}),
        (CHOOSE, {"invited_at": LONG_AGO}),
        (CHOOSE, {"agreed_at": LONG_AGO}),
        (CHOOSE, {"held": 1}),
        (WRITE, {"invited_at": LONG_AGO}),
        (WRITE, {"agreed_at": LONG_AGO}),
        (WRITE, {"held": 1}),
        (ENDS, {"agreed_at": LONG_AGO}),
        (ENDS, {"held": 1}),
    ],
)
def test_it_is_not_planned_once_the_month_has_come_further(
    cast: Cast, office: Office, late: Late, steps: dict[str, Any]
) -> None:
    late.stand(cast, target=2)
    _step(cast, **steps)
    assert office.plan(cast.ana, late.due) == 0


def test_it_does_not_speak_of_a_message_where_nobody_is_chosen(cast: Cast, office: Office) -> None:
    assignment_id = a_habit_for(cast.app, cast.ben)
    a_cycle(cast.app, cast.ben, assignment_id, MARCH, chosen_at=LONG_AGO)
    a_choice(cast.app, cast.ben, assignment_id, MARCH, cast.dan_id, dropped_at=LONG_AGO)
    assert office.plan(cast.ana, DAY_15) == 0


def _archive(cast: Cast, assignment_id: UUID) -> None:
    assert cast.ben.client_id
    change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")


def _rest(cast: Cast, assignment_id: UUID) -> None:
    assert cast.ben.client_id
    change(cast.app, cast.ana, Client, cast.ben.client_id, status="paused")


def _end(cast: Cast, assignment_id: UUID) -> None:
    change(cast.app, cast.ana, Assignment, assignment_id, ended_from=MARCH)


def _switch_off(cast: Cast, assignment_id: UUID) -> None:
    cast.browser(cast.ben).post("/my/reminders", data={"new_month": "y"})


POINTLESS: dict[str, Callable[[Cast, UUID], None]] = {
    "archived": _archive,
    "paused": _rest,
    "a paused month": lambda cast, assignment_id: a_pause(cast.app, cast.ben, assignment_id, MARCH),
    "ended": _end,
    "switched off": _switch_off,
    "met": lambda cast, assignment_id: _step(cast, held=1),
}


@all_three
@pytest.mark.parametrize("what", POINTLESS)
def test_it_is_dropped_when_the_client_or_the_month_rests(
    cast: Cast, office: Office, mailer: OutboxMailer, clock: FixedClock, late: Late, what: str
) -> None:
    assignment_id = late.stand(cast)
    assert office.plan(cast.ana, late.due) == 1
    clock.instant = late.due
    POINTLESS[what](cast, assignment_id)
    assert office.deliver(cast.ana).dropped == 1
    assert office.states(cast.ana)[late.kind] == ("dropped", "paused" if what == "a paused month" else what)
    assert mailer.mails == []


@pytest.mark.parametrize(
    ("late", "steps", "reason"),
    [
        (CHOOSE, {"chosen_at": LONG_AGO}, "chosen"),
        (CHOOSE, {"agreed_at": LONG_AGO}, "agreed"),
        (WRITE, {"invited_at": LONG_AGO}, "invited"),
        (ENDS, {"agreed_at": LONG_AGO}, "agreed"),
    ],
)
def test_it_is_dropped_when_the_step_was_taken_meanwhile(
    cast: Cast, office: Office, clock: FixedClock, late: Late, steps: dict[str, Any], reason: str
) -> None:
    late.stand(cast)
    office.plan(cast.ana, late.due)
    clock.instant = late.due
    _step(cast, **steps)
    office.deliver(cast.ana)
    assert office.states(cast.ana)[late.kind] == ("dropped", reason)


def test_it_is_dropped_when_the_friend_was_let_go_meanwhile(cast: Cast, office: Office, clock: FixedClock) -> None:
    WRITE.stand(cast)
    office.plan(cast.ana, DAY_15)
    clock.instant = DAY_15
    with cast.app.app_context(), as_practice(cast.ben.practice_id, cast.ben.user_id):
        db.session.execute(update(Choice).values(dropped_at=DAY_15))
    office.deliver(cast.ana)
    assert office.states(cast.ana)["write_message"] == ("dropped", "nobody chosen")


@all_three
@pytest.mark.parametrize("how", ["given late", "came late", "back late", "from next month", "paused", "ended"])
def test_it_plans_nothing_for_the_past_nor_for_who_is_asked_for_nothing(
    cast: Cast, office: Office, late: Late, how: str
) -> None:
    more = {"given late": {"created_at": late.due}, "from next month": {"from_month": date(2026, 4, 1)}}
    assignment_id = late.stand(cast, **more.get(how, {}))
    assert cast.ben.client_id
    if how in ("came late", "back late"):
        since = "activated_at" if how == "came late" else "back_at"
        change(cast.app, cast.ana, Client, cast.ben.client_id, **{since: late.due})
    elif how == "paused":
        a_pause(cast.app, cast.ben, assignment_id, MARCH)
    elif how == "ended":
        _end(cast, assignment_id)
    assert office.plan(cast.ana, late.due + timedelta(hours=1)) == 0


@all_three
def test_it_makes_good_an_outage_of_three_days_and_no_longer(cast: Cast, office: Office, late: Late) -> None:
    late.stand(cast)
    assert office.plan(cast.ana, late.due + timedelta(days=3, seconds=1)) == 0
    assert office.plan(cast.ana, late.due + timedelta(days=3)) == 1


@all_three
def test_it_reads_any_number_by_the_same_statements(cast: Cast, office: Office, clock: FixedClock, late: Late) -> None:
    counts = []
    for number in (1, 6):
        for n in range(number):
            person = a_client(cast.app, cast.ana, "Kim", f"kim{number}{n}@example.com")
            assignment_id = a_habit_for(cast.app, person)
            a_cycle(cast.app, person, assignment_id, MARCH, **dict.fromkeys(late.steps, LONG_AGO))
            friend_id = a_friend(cast.app, person, "Gus Green", date(2025, 1, 1))
            if late.steps:
                a_choice(cast.app, person, assignment_id, MARCH, friend_id)
        clock.instant = late.due
        with asked(office.worker_app) as statements:
            assert office.deliver(cast.ana).sent == number
        counts.append(len(statements))
    assert counts[0] == counts[1]
