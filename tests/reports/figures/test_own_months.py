"""Figures of clients for whom it is another month than for the coach, who have left, or whose habit has ended."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from coachhub.clients.service.standing import archive_clients
from coachhub.habits.service.assignments import assign_habit, assignments_of, end_assignment, pause_month
from coachhub.habits.service.habits import add_habit, ensure_default_habit
from coachhub.habits.service.paces import Pace
from coachhub.habits.service.steps import commit_plan
from coachhub.platform.clock import FixedClock
from coachhub.reports.figures.bars import slowest_words
from coachhub.reports.service.cohort.group import Group
from coachhub.reports.service.cohort.networks import networks_seen
from coachhub.reports.service.cohort.steps import Span, StepsSeen, steps_seen
from tests.cast import Cast
from tests.factories import Person, a_client, a_friend
from tests.habits.facts import APRIL, MARCH, acting, give_habit, meet, owning, send, utc
from tests.habits.test_assign_habit import twice_a_month

LONDON = ZoneInfo("Europe/London")


def _steps(cast: Cast, span: Span, now: datetime, zone: ZoneInfo = LONDON) -> StepsSeen:
    with acting(cast, cast.ana):
        return steps_seen(Group(), span, now, zone)


@pytest.fixture
def zoe(cast: Cast) -> Person:
    """A client of Ana's in Tokyo, with the habit since March; Ben, in London, has it since March, too."""
    zoe = a_client(cast.app, cast.ana, "Zoë Young", "zoe@example.com", "Asia/Tokyo")
    for client in (cast.ben, zoe):
        give_habit(cast, client=client)
    return zoe


def test_it_shows_where_everybody_is_in_the_month_that_runs_where_they_live(
    cast: Cast, zoe: Person, clock: FixedClock
) -> None:
    """It is April in Tokyo, where Zoë met in March and has made a plan since; in London it is March."""
    friend = a_friend(cast.app, zoe, "Eva Ek")
    clock.instant = utc(3, 31, 20)
    with owning(cast, zoe) as owner:
        meet(owner, friend, utc(3, 9), agreed_at=utc(3, 2), status="held")
        commit_plan(owner, date(2026, 4, 2), clock.now().time(), "write")
    for zone in ("Europe/London", "Asia/Tokyo"):
        seen = _steps(cast, Span.NOW, clock.now(), ZoneInfo(zone))
        assert (seen.funnel.months, seen.funnel.reached) == (2, (1, 0, 0, 0, 0))
        assert [pace.months for pace in seen.paces] == [1, 0, 0, 0, 0]


def test_it_counts_no_month_as_over_that_still_runs_where_the_client_lives(cast: Cast, zoe: Person) -> None:
    """It is April in Tokyo, from where somebody looks; in London, where Ben has written in March, it is not."""
    with owning(cast, cast.ben) as ben:
        send(ben, cast.dan_id, utc(3, 9))
    seen = _steps(cast, Span.THREE, utc(3, 31, 20), ZoneInfo("Asia/Tokyo"))
    assert (seen.funnel.months, seen.funnel.reached, seen.clients) == (1, (0, 0, 0, 0, 0), 1)


def test_it_times_no_step_of_a_month_without_the_habit(cast: Cast) -> None:
    habit = give_habit(cast, MARCH.plus(-1))
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 3), agreed_at=utc(3, 1), status="held")
    assert _steps(cast, Span.TWELVE, utc(4, 5)).paces[4].months == 1
    with acting(cast, cast.ana):
        end_assignment(habit, MARCH)
    assert _steps(cast, Span.TWELVE, utc(4, 5)).paces[4].months == 0


def test_it_times_the_steps_of_who_has_only_months_that_rested(cast: Cast, zoe: Person) -> None:
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 7), agreed_at=utc(3, 2), status="held")
    assert cast.ben.client_id is not None
    with acting(cast, cast.ana):
        pause_month(assignments_of(cast.ben.client_id)[0].id, MARCH)
    seen = _steps(cast, Span.THREE, utc(4, 5))
    assert (seen.clients, seen.paces[4].days) == (1, 5.0)


def test_it_counts_the_network_of_who_left_up_to_the_month_in_which_they_did(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH.plus(-2))
    with owning(cast, cast.ben) as ben:
        for at in (utc(2, 9), utc(4, 9)):
            send(ben, cast.dan_id, at)
    clock.instant = utc(3, 31, 22)
    assert cast.ben.client_id is not None
    with acting(cast, cast.ana):
        archive_clients([cast.ben.client_id])
        seen = networks_seen(Group(), datetime(2026, 5, 5, tzinfo=UTC), LONDON)
    months = {each.month: each.clients for each in seen.strengths}
    assert [months[month] for month in (MARCH.plus(-3), MARCH, APRIL, APRIL.next())] == [0, 1, 0, 0]
    assert seen.total.written == 1


def test_it_counts_of_a_habit_the_networks_and_messages_of_its_own_months(cast: Cast) -> None:
    """Ben had one habit in January and February, and has another one since March."""
    give_habit(cast, MARCH.plus(-2))
    with owning(cast, cast.ben) as ben:
        for at in (utc(1, 9), utc(3, 9), utc(4, 9)):
            send(ben, cast.dan_id, at)
    assert cast.ben.client_id is not None
    with acting(cast, cast.ana):
        first, other = ensure_default_habit(), add_habit(twice_a_month())
        assign_habit([cast.ben.client_id], other, MARCH)
        found = [networks_seen(Group(habit_id=habit), utc(4, 20), LONDON) for habit in (first, other, None)]
    assert [seen.total.written for seen in found] == [1, 2, 3]
    assert [[each.clients for each in seen.strengths[-4:]] for seen in found] == [[1, 1, 0, 0], [0, 0, 1, 1], [1] * 4]


def test_it_compares_everybody_with_a_year_ago_while_it_is_another_month_for_some(cast: Cast) -> None:
    """It is April in Tokyo, where one of the two lives and from where somebody looks."""
    zoe = a_client(cast.app, cast.ana, "Zoë Young", "zoe@example.com", "Asia/Tokyo")
    a_friend(cast.app, zoe, "Eva Ek", date(2024, 3, 1))
    for client in (cast.ben, zoe):
        give_habit(cast, MARCH.plus(-14), client=client)
    with acting(cast, cast.ana):
        seen = networks_seen(Group(), utc(3, 31, 20), ZoneInfo("Asia/Tokyo"))
    assert (seen.strengths[-1].month, seen.strengths[-1].compared) == (APRIL, 1)
    assert (seen.year.month, seen.year.compared) == (MARCH, 2)


def test_it_compares_nobody_with_a_year_ago_who_has_left_since(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH.plus(-14))
    assert cast.ben.client_id is not None
    with acting(cast, cast.ana):
        archive_clients([cast.ben.client_id])
        seen = networks_seen(Group(), utc(5, 5), LONDON)
    assert (seen.year.month, seen.year.compared) == (APRIL.next(), 0)


@pytest.mark.parametrize(
    ("days", "words"),
    [(1.04, "1 day since"), (0.5, "0.5 days since"), (0.02, "0 days since"), (1.2, "1.2 days since")],
)
def test_it_says_days_as_they_are_written(cast: Cast, days: float, words: str) -> None:
    with cast.app.test_request_context():
        assert slowest_words([Pace(days, 3), *[Pace(None, 0)] * 4])[1].startswith(words)
