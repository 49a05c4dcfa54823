"""The months of many clients say what the months of each say, whatever happened."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coachhub.clients.models import ClientStatus
from coachhub.clients.service.records import client_of
from coachhub.habits.rules import Month, Stage, funnel_of, has_adopted
from coachhub.habits.service.histories import History, Whose, histories, month_of, number_of
from coachhub.habits.service.progress import months_of
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client
from tests.habits.facts import MARCH, acting, give_habit, meet, owning, utc
from tests.reports.happenings import HAPPENINGS, World
from tests.statements import asked

_OF_HABITS = [name for name in HAPPENINGS if name in World.__dict__ and name not in ("money_is_stuck", "bank_asks")]
EVENTS = st.lists(
    st.tuples(st.sampled_from(_OF_HABITS), st.integers(0, 2), st.integers(0, 40)), min_size=4, max_size=25
)


@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(events=EVENTS)
def test_it_says_of_all_what_is_said_of_each(
    new_world: Any, clock: FixedClock, events: list[tuple[str, int, int]]
) -> None:
    world = new_world()
    for name, whose, number in events:
        world.happen(name, whose, number)
    with acting(world.cast, world.cast.ana):
        found = {history.client_id: history for history in histories(Whose(), clock.now())}
        for client in world.clients:
            said = months_of(client.client_id, clock.now())
            has_begun = bool(said) and client_of(client.client_id).status is not ClientStatus.INVITED
            assert (client.client_id in found) == has_begun
            if has_begun:
                assert _as_said(found[client.client_id]) == [(e.month, e.result, e.strength, e.minutes) for e in said]


def _as_said(history: History) -> list[tuple[object, ...]]:
    numbers = range(history.first, history.current + 1)
    minutes = [history.minutes.get(number, 0) for number in numbers]
    return list(zip(map(month_of, numbers), history.results(), history.strengths(), minutes, strict=True))


def test_it_asks_once_for_everybody(cast: Cast) -> None:
    zoe = a_client(cast.app, cast.ana, "Zoë Young", "zoe@example.com", "Asia/Tokyo")
    give_habit(cast, MARCH)
    give_habit(cast, MARCH.plus(-14), client=zoe)
    with acting(cast, cast.ana), asked(cast.app) as statements:
        found = {history.client_id: history for history in histories(Whose(), utc(3, 31, 20))}
    assert len(statements) == 2  # the first says who asks
    assert len(found[zoe.client_id].months) == 16
    assert max(map(month_of, found[zoe.client_id].months)) == MARCH.next()  # it is April in Tokyo
    assert [month_of(number) for number in found[cast.ben.client_id].months] == [MARCH]


def test_it_adds_up_minutes_and_what_was_asked(cast: Cast) -> None:
    give_habit(cast)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 2), agreed_at=utc(3, 1), status="held", minutes=45)
    with acting(cast, cast.ana):
        history = histories(Whose(), utc(3, 5))[0]
    number = number_of(MARCH)
    assert (history.minutes[number], history.asked[number], history.months[number].stage) == (45, 60, Stage.MET)


def test_it_counts_a_step_as_having_taken_those_before_it() -> None:
    funnel = funnel_of([Stage.NONE, Stage.COMMITTED, Stage.INVITED, Stage.INVITED, Stage.MET])
    assert (funnel.months, funnel.reached) == (5, (4, 3, 3, 1, 1))
    assert funnel.stopped == (1, 1, 0, 2, 0)
    assert funnel.narrowest is Stage.AGREED


def test_it_finds_nothing_narrow_where_none_stopped() -> None:
    assert funnel_of([Stage.MET]).narrowest is None
    assert funnel_of([]).narrowest is None


@pytest.mark.parametrize(("strength", "adopted"), [(50, False), (51, True), (0, False), (100, True)])
def test_it_calls_a_habit_adopted_above_fifty(strength: int, adopted: bool) -> None:
    assert has_adopted(strength) is adopted


def test_it_numbers_months_through_the_years() -> None:
    assert number_of(Month(2026, 1)) - number_of(Month(2025, 12)) == 1
    assert month_of(number_of(Month(2025, 12))) == Month(2025, 12)


def test_it_keeps_the_months_of_one_habit_apart(app: Flask, cast: Cast) -> None:
    give_habit(cast)
    with acting(cast, cast.ana):
        assert histories(Whose(habit_id=cast.dan_id), utc(3, 5)) == []
        assert histories(Whose(coach_id=cast.ben.user_id), utc(3, 5)) == []
        assert len(histories(Whose(coach_id=cast.ana.user_id), utc(3, 5))) == 1
