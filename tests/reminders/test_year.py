"""A practice lived through day by day, and what must be true of everything that went out.

pytest tests/reminders/test_year.py -m long -n 0 -s    # prints what went out, month by month
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.fakes import OutboxMailer
from tests.reminders.rows import Office, switch_monday_off
from tests.reminders.year import ZONES, Size, Story

pytestmark = pytest.mark.lengthy

OF_MONTH = ("new_month", "choose_friend", "write_message", "month_ends")
OF_HABIT = (*OF_MONTH, "plan_time", "follow_up")
TOLD_AFTER = timedelta(hours=3)
"""Who meets somebody by chance writes it down so much later; the step was taken when they met."""
STEP_OF = {"choose_friend": "chosen_at", "write_message": "invited_at", "month_ends": "agreed_at"}
TWO_MONTHS = Size(clients=30, bulk=24, begins=date(2026, 2, 23), ends=date(2026, 5, 1), zones=ZONES[:2])
A_YEAR = Size(clients=300, bulk=60, begins=date(2026, 1, 1), ends=date(2027, 1, 1))


@dataclass(frozen=True)
class Sent:
    """One message that went out, or was dropped."""

    kind: str
    state: str
    reason: str | None
    at: datetime
    client_id: UUID | None
    user_id: UUID | None
    subject_id: UUID
    mail_id: UUID
    day: str
    key: str


def _rows(story: Story, state: str) -> list[Sent]:
    found = story.office.admin.execute(
        "select kind, state, reason, settled_at, client_id, user_id, subject_id, coalesce(delivery_id, id), "
        "coalesce(fields->>'day', ''), key from outbox where practice_id = %s and state = %s order by settled_at, id",
        [story.cast.ana.practice_id, state],
    )
    return [Sent(*row) for row in found]


@pytest.fixture
def told(request: pytest.FixtureRequest, cast: Cast, office: Office, clock: FixedClock) -> Story:
    """The story, told to its end."""
    switch_monday_off(office.admin, is_off=False)
    story = Story(cast, office, clock, request.param, seed=2026)
    story.tell()
    return story


@pytest.mark.parametrize("told", [TWO_MONTHS], indirect=True, ids=["two months"])
def test_it_reminds_a_few_people_for_two_months_as_it_should(told: Story, mailer: OutboxMailer) -> None:
    _check(told, mailer)


@pytest.mark.long
@pytest.mark.parametrize("told", [A_YEAR], indirect=True, ids=["a year"])
def test_it_reminds_300_people_for_a_year_as_it_should(told: Story, mailer: OutboxMailer) -> None:
    _check(told, mailer)


def _check(story: Story, mailer: OutboxMailer) -> None:
    sent, dropped = _rows(story, "sent"), _rows(story, "dropped")
    print(_table(story, sent, dropped))
    _check_outbox(story, sent, dropped, mailer)
    _check_people(story, [each for each in sent if each.client_id])
    _check_months(story, [each for each in sent if each.kind in OF_MONTH])
    _check_coaches(story, [each for each in sent if each.kind == "coach_week"])
    _check_spread(story, sent)


def _check_outbox(story: Story, sent: list[Sent], dropped: list[Sent], mailer: OutboxMailer) -> None:
    """Every message is settled, every drop has its reason, every mail was sent once."""
    states = story.office.admin.execute("select distinct state from outbox where due_at < %s", [story.ends]).fetchall()
    assert {state for (state,) in states} <= {"sent", "dropped"}
    assert [each for each in dropped if not each.reason] == []
    assert sorted(mail.delivery_id for mail in mailer.mails) == sorted({each.mail_id for each in sent})
    assert {each.kind for each in sent} >= {*OF_HABIT, "before_meetup", "after_meetup", "coach_week"}


def _check_people(story: Story, sent: list[Sent]) -> None:
    """No mail at night, to somebody who rests, or of a kind that is switched off; one a day, but for exact times."""
    by_day: dict[tuple[UUID | None, date], set[UUID]] = defaultdict(set)
    for each in sent:
        life = story.lives[_id(each)]
        local = each.at.astimezone(life.zone)
        assert time(8) <= local.time() < time(20), each
        assert life.status_at(each.at) == "active", each
        assert not life.is_off_at(each.kind, each.at), each
        assert each.kind != "month_ends" or each.at > story.rule_on + timedelta(days=1), each
        if each.kind == "plan_time":
            assert each.at - datetime.fromisoformat(each.day) <= timedelta(hours=4), each
        else:
            by_day[each.client_id, local.date()].add(each.mail_id)
    assert [found for found in by_day.items() if len(found[1]) > 1] == []
    twice = [found for found, n in Counter((each.kind, each.subject_id, each.day) for each in sent).items() if n > 1]
    assert twice == []


def _id(each: Sent) -> UUID:
    assert each.client_id
    return each.client_id


def _check_months(story: Story, sent: list[Sent]) -> None:
    """No reminder of a month without a habit, that rests, or in which the step was taken already; each once."""
    habits = _by_id(story, "select id, from_month, ended_from, created_at from assignments")
    cycles = {(row[0], row[1]): dict(zip(STEP_OF.values(), row[2:], strict=True)) for row in _cycles(story)}
    for each in sent:
        month, (from_month, ended_from, created_at) = date.fromisoformat(each.day), habits[each.subject_id]
        life = story.lives[_id(each)]
        assert each.at.astimezone(life.zone).date().replace(day=1) == month, each
        assert from_month <= month, each
        assert ended_from is None or month < ended_from, each
        assert created_at < each.at < life.rests.get(month, story.ends), each
        taken = cycles.get((each.subject_id, month), {}).get(STEP_OF.get(each.kind, ""))
        assert taken is None or taken + TOLD_AFTER > each.at, each
    assert len({(each.client_id, each.kind, each.day) for each in sent}) == len(sent)


def _cycles(story: Story) -> list[Any]:
    columns = ", ".join(STEP_OF.values())
    return story.office.admin.execute(f"select assignment_id, month, {columns} from cycles").fetchall()


def _by_id(story: Story, query: str) -> dict[UUID, tuple[Any, ...]]:
    return {row[0]: row[1:] for row in story.office.admin.execute(query).fetchall()}  # type: ignore[call-overload]


def _check_coaches(story: Story, sent: list[Sent]) -> None:
    """Each coach hears once a week: on Monday at seven, or when an outage is over, as the time before the story."""
    london, first_monday = ZoneInfo("Europe/London"), story.begins + timedelta(days=4)
    assert {each.user_id for each in sent} == {coach.user_id for coach in story.coaches}
    assert len({(each.user_id, each.day) for each in sent}) == len(sent)
    for each in sent:
        local = each.at.astimezone(london)
        is_late = story.outage[0] <= each.at - timedelta(days=1) <= story.outage[1] or each.at < first_monday
        assert is_late or (local.weekday(), local.time()) == (0, time(7)), each


def _check_spread(story: Story, sent: list[Sent]) -> None:
    """The many who began together are not all written to on the same morning of their first month."""
    many = {life.person.client_id for life in list(story.lives.values())[: story.size.bulk]}
    first = (story.given_to_many_at.date().replace(day=1) + timedelta(days=31)).replace(day=1).isoformat()
    days = Counter(
        each.at.astimezone(UTC).date()
        for each in sent
        if each.kind == "new_month" and each.client_id in many and each.day == first
    )
    assert len(days) >= 3
    assert max(days.values()) < 0.7 * story.size.bulk


def _table(story: Story, sent: Iterable[Sent], dropped: Iterable[Sent]) -> str:
    """What went out in each month of its reader by kind; and what was dropped, and why."""

    def month_of(each: Sent) -> str:
        life = story.lives.get(each.client_id) if each.client_id else None
        return each.at.astimezone(life.zone if life else UTC).strftime("%Y-%m")

    by_month = Counter((month_of(each), each.kind) for each in sent)
    months, kinds = sorted({month for month, _ in by_month}), sorted({kind for _, kind in by_month})
    lines = ["", f"{'sent':15}" + "".join(f"{month[2:]:>7}" for month in months) + f"{'all':>8}"]
    for kind in kinds:
        numbers = [by_month[month, kind] for month in months]
        lines.append(f"{kind:15}" + "".join(f"{n:7}" for n in numbers) + f"{sum(numbers):8}")
    reasons = Counter((each.kind, each.reason) for each in dropped)
    lines += ["", f"{'dropped':15} {'reason':20} {'all':>6}"]
    lines += [f"{kind:15} {reason:20} {n:6}" for (kind, reason), n in sorted(reasons.items(), key=str)]
    return "\n".join(lines)
