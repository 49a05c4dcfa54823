"""The months of many clients at a glance are what is made of their facts, whatever happened and wherever they live."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachhub.habits.rules import Month, MonthKind
from coachhub.habits.service.assignments import end_assignment
from coachhub.platform.clock import FixedClock
from coachhub.reports.rules.years import kinds_of_year
from coachhub.reports.service.cohort.glance import glance_page
from coachhub.reports.service.cohort.group import Group
from coachhub.reports.service.cohort.heat import SORTS, HeatPage, HeatQuery, heat_page
from tests.cast import Cast
from tests.factories import a_client
from tests.habits.facts import MARCH, acting, give_habit, meet, owning, utc
from tests.reports.conftest import AddMany
from tests.reports.figures.test_histories import EVENTS
from tests.statements import asked

_ASKED = HeatQuery(Group(), MARCH, MARCH)


def _shown(page: HeatPage) -> tuple[object, ...]:
    rows = [(str(row.client_id), row.name, row.began, row.strength, row.kinds) for row in page.rows]
    return rows, page.months, page.found, page.has_more, page.has_earlier, page.beginnings


def _is_the_same(query: HeatQuery, clock: FixedClock) -> None:
    assert _shown(glance_page(query, clock.now())) == _shown(heat_page(query, clock.now(), most=200))


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(events=EVENTS, months=st.integers(-1, 1))
def test_it_shows_at_a_glance_what_the_facts_say(
    new_world: Any, clock: FixedClock, events: list[tuple[str, int, int]], months: int
) -> None:
    world = new_world()
    for name, whose, number in events:
        world.happen(name, whose, number)
    this = Month(clock.now().year, clock.now().month).plus(months)  # a coach may live where it is another month
    with acting(world.cast, world.cast.ana):
        for archived in (False, True):
            _is_the_same(HeatQuery(Group(), this, this, archived=archived), clock)


@pytest.mark.parametrize("instant", [utc(3, 1, 1), utc(3, 12), utc(3, 31, 20)])
def test_it_shows_the_month_of_each_zone(cast: Cast, clock: FixedClock, instant: Any) -> None:
    for name, zone in (("Zoë Young", "Asia/Tokyo"), ("Al West", "America/Los_Angeles")):
        give_habit(cast, MARCH.plus(-13), client=a_client(cast.app, cast.ana, name, f"{zone[-3:]}@example.com", zone))
    clock.instant = instant
    with acting(cast, cast.ana):
        for month in (MARCH.plus(-1), MARCH, MARCH.next()):
            _is_the_same(replace(_ASKED, this=month, until=month), clock)


def test_it_shows_whose_habit_has_ended(cast: Cast, clock: FixedClock) -> None:
    habit = give_habit(cast, MARCH.plus(-3))
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(1, 10), agreed_at=utc(1, 3), status="held")
    with acting(cast, cast.ana):
        end_assignment(habit, MARCH.plus(-1))
        shown = glance_page(_ASKED, clock.now())
        _is_the_same(_ASKED, clock)
    assert [row.kinds[-4:] for row in shown.rows] == [(MonthKind.MISSED, MonthKind.DONE, None, None)]


@pytest.mark.parametrize("sort", [way + name for name in SORTS for way in ("", "-")])
def test_it_shows_everybody_in_the_same_order(cast: Cast, clock: FixedClock, add_many: AddMany, sort: str) -> None:
    add_many(230)
    with acting(cast, cast.ana):
        for page in (1, 2):
            _is_the_same(replace(_ASKED, sort=sort, page=page), clock)


def test_it_asks_once_where_every_standing_is_good(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast)
    with acting(cast, cast.ana):
        glance_page(_ASKED, clock.now())
    with acting(cast, cast.ana), asked(cast.app) as statements:
        assert glance_page(_ASKED, clock.now()).choices
    assert len(statements) == 2  # the first says who asks


def test_it_reads_each_letter_of_a_year() -> None:
    assert kinds_of_year("0123cpn-") == (
        *(MonthKind.MISSED, MonthKind.PART, MonthKind.DONE, MonthKind.TWICE),
        *(MonthKind.CARRIED, MonthKind.PAUSED, MonthKind.NOW, None),
    )
