"""Strength month by month, the next fall, and the places in the rings."""

from dataclasses import replace
from datetime import date, timedelta
from math import atan2, degrees, hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules import (
    Facts,
    Kind,
    Warmth,
    lost_next,
    network_on,
    place_in_rings,
    ring_edges,
    since,
    warmth,
    warmth_state,
)
from coachhub.network.rules.strength import ends_of_months, strengths, warmth_on

TODAY = date(2026, 11, 23)
past = st.dates(date(2010, 1, 1), TODAY)
maybe = st.one_of(st.none(), past)
half_lives = st.integers(30, 2000)
facts = st.builds(
    Facts,
    liking=st.integers(1, 5),
    kind=st.sampled_from(Kind),
    employer=st.one_of(st.none(), st.integers(1, 9)),
    known_from=maybe,
    known_until=maybe,
    added_on=past,
    contacts=st.lists(past, max_size=5).map(lambda days: tuple(sorted(days))),
)


def a_friend(*contacts: date, added_on: date = date(2026, 1, 1), **more: object) -> Facts:
    told = {"known_from": None, "known_until": None, "employer": None, **more}
    return Facts(5, Kind.COLLEAGUE, added_on=added_on, contacts=contacts, **told)  # type: ignore[arg-type]


@given(friends=st.lists(facts, max_size=8), half_life=half_lives)
def test_it_is_as_strong_today_as_the_list_of_friends_says(friends: list[Facts], half_life: int) -> None:
    values = [warmth(max(f.contacts, default=None), f.known_until, TODAY, half_life) for f in friends]
    network = network_on(friends, TODAY, half_life)
    by_hand = sum(value * friend.liking / 5 for value, friend in zip(values, friends, strict=True))
    assert network.strength == pytest.approx(by_hand)
    assert 0 <= network.strength <= len(friends) + 1e-9
    states = [warmth_state(value) for value in values]
    assert network.by_warmth == tuple((state, states.count(state)) for state in Warmth)


@given(friend=facts, day=past, later=past)
def test_it_counts_nothing_that_happened_later(friend: Facts, day: date, later: date) -> None:
    if later > day >= friend.first_known():
        more = replace(friend, contacts=tuple(sorted((*friend.contacts, later))))
        assert warmth_on(more, day) == warmth_on(friend, day)


@given(friend=facts, day=past)
def test_it_counts_a_friend_from_the_first_known_day_on(friend: Facts, day: date) -> None:
    assert (warmth_on(friend, day) is None) == (day < friend.first_known())


@given(friends=st.lists(facts, max_size=6), half_life=half_lives)
def test_it_sums_each_month_anew(friends: list[Facts], half_life: int) -> None:
    months = network_on(friends, TODAY, half_life).months
    assert [month.value for month in months] == [strengths(friends, [month.day], half_life)[0] for month in months]


def test_it_looks_at_the_ends_of_24_months_and_at_today() -> None:
    days = ends_of_months(TODAY)
    assert (len(days), days[0], days[-2], days[-1]) == (24, date(2024, 12, 31), date(2026, 10, 31), TODAY)
    assert ends_of_months(date(2026, 3, 1), 2) == [date(2026, 2, 28), date(2026, 3, 1)]


def test_it_cools_between_contacts_and_wakes_with_one() -> None:
    dan = a_friend(date(2025, 1, 10), date(2026, 6, 1))
    assert warmth_on(dan, date(2025, 1, 9)) is None
    assert warmth_on(dan, date(2025, 1, 10)) == 1
    assert warmth_on(dan, date(2026, 5, 31)) == pytest.approx(2 ** (-506 / 270))
    assert warmth_on(dan, date(2026, 6, 1)) == 1


def test_it_is_awake_until_the_end_of_the_time_together() -> None:
    dan = a_friend(known_from=date(2020, 1, 1), known_until=date(2024, 1, 1))
    assert (warmth_on(dan, date(2022, 1, 1)), warmth_on(dan, date(2024, 9, 27))) == (1, pytest.approx(0.5))


def test_it_counts_employers_and_kinds_once() -> None:
    friends = [a_friend(employer=1), a_friend(employer=1), a_friend(employer=2), a_friend()]
    network = network_on(friends, TODAY)
    assert (network.employers, network.by_kind) == (2, ((Kind.COLLEAGUE, 4),))


def test_it_says_what_a_year_changed() -> None:
    assert network_on([a_friend(TODAY)], TODAY).change == 1
    assert network_on([], TODAY).change == 0


@given(last=maybe, until=maybe, half_life=half_lives)
def test_it_falls_on_the_first_day_of_the_colder_state(last: date | None, until: date | None, half_life: int) -> None:
    fall = lost_next(since(last, until), TODAY, half_life)
    if fall is None:
        assert warmth_state(warmth(last, until, TODAY, half_life)) is Warmth.FADING or since(last, until) is None
        return
    assert fall.on > TODAY
    assert warmth_state(warmth(last, until, fall.on, half_life)) is fall.state
    assert warmth_state(warmth(last, until, fall.on - timedelta(days=1), half_life)) is not fall.state


@given(number=st.integers(1, 5000), value=st.floats(0, 1), is_known=st.booleans())
def test_it_places_everybody_inside_their_own_ring(number: int, value: float, is_known: bool) -> None:
    place = place_in_rings(number, value, is_known)
    at = list(Warmth).index(warmth_state(value))
    inner, outer = (0.0, *ring_edges())[at], ring_edges()[at]
    assert inner < hypot(place.x, place.y) < outer
    assert place.state is warmth_state(value)


@given(number=st.integers(1, 5000), values=st.lists(st.floats(0.001, 1), min_size=2, max_size=2))
def test_it_keeps_the_direction_and_puts_the_warmer_nearer(number: int, values: list[float]) -> None:
    cold, warm = (place_in_rings(number, value) for value in sorted(values))
    assert hypot(warm.x, warm.y) <= hypot(cold.x, cold.y) + 1e-9
    turned = degrees(atan2(cold.y, cold.x) - atan2(warm.y, warm.x)) % 360
    assert min(turned, 360 - turned) == pytest.approx(0, abs=1e-6)


def test_it_turns_by_the_golden_angle() -> None:
    first, second = place_in_rings(1, 0.5), place_in_rings(2, 0.5)
    assert degrees(atan2(second.y, second.x) - atan2(first.y, first.x)) % 360 == pytest.approx(137.507764)
