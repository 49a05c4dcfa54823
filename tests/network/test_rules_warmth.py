"""Warmth and silence: what time does to friendships."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules import (
    Silence,
    SilenceUnit,
    Warmth,
    silence,
    warmth,
    warmth_state,
)
from tests.properties import days

TODAY = date(2026, 11, 23)
known_days = st.one_of(st.none(), days)
half_lives = st.integers(30, 2000)


def ago(number: int) -> date:
    return TODAY - timedelta(days=number)


def test_it_halves_every_270_days() -> None:
    assert warmth(TODAY, None, TODAY) == 1
    assert warmth(ago(270), None, TODAY) == pytest.approx(0.5)
    assert warmth(ago(540), None, TODAY) == pytest.approx(0.25)


def test_it_halves_as_the_practice_says() -> None:
    assert warmth(ago(100), None, TODAY, half_life_days=100) == pytest.approx(0.5)


@given(last=days, today=days, later=st.integers(1, 3000), half_life=half_lives)
def test_it_only_cools_with_time(last: date, today: date, later: int, half_life: int) -> None:
    now = warmth(last, None, today, half_life)
    assert 0 < warmth(last, None, today + timedelta(days=later), half_life) <= now <= 1


@given(last=days, until=known_days, today=days, half_life=half_lives)
def test_it_warms_by_a_contact_today(last: date, until: date | None, today: date, half_life: int) -> None:
    assert warmth(today, until, today, half_life) == 1
    assert warmth(max(last, today), until, today, half_life) == 1


@given(until=days, today=days)
def test_it_counts_from_the_end_of_the_time_together_when_never_met_since(until: date, today: date) -> None:
    assert warmth(None, until, today) == warmth(until, None, today)


@given(today=days, half_life=half_lives)
def test_it_is_hibernating_when_nothing_is_known(today: date, half_life: int) -> None:
    assert warmth_state(warmth(None, None, today, half_life)) is Warmth.HIBERNATING
    assert silence(None, None, today) is None


@pytest.mark.parametrize(
    ("value", "state"),
    [
        (1.0, Warmth.AWAKE),
        (0.63, Warmth.AWAKE),
        (0.6299, Warmth.DROWSY),
        (0.40, Warmth.DROWSY),
        (0.3999, Warmth.HIBERNATING),
        (0.10, Warmth.HIBERNATING),
        (0.0999, Warmth.FADING),
        (0.0, Warmth.FADING),
    ],
)
def test_it_names_the_state_by_the_published_bounds(value: float, state: Warmth) -> None:
    assert warmth_state(value) is state


@pytest.mark.parametrize(
    ("silent_days", "state"),
    [(179, Warmth.AWAKE), (356, Warmth.DROWSY), (896, Warmth.HIBERNATING), (897, Warmth.FADING)],
)
def test_it_sleeps_after_half_a_year_a_year_and_two_and_a_half(silent_days: int, state: Warmth) -> None:
    assert warmth_state(warmth(ago(silent_days), None, TODAY)) is state


@pytest.mark.parametrize(
    ("last", "unit", "count"),
    [
        (TODAY, SilenceUnit.DAYS, 0),
        (TODAY + timedelta(days=3), SilenceUnit.DAYS, 0),
        (date(2026, 11, 10), SilenceUnit.DAYS, 13),
        (date(2026, 11, 9), SilenceUnit.WEEKS, 2),
        (date(2026, 9, 24), SilenceUnit.WEEKS, 8),
        (date(2026, 9, 23), SilenceUnit.MONTHS, 2),
        (date(2024, 11, 24), SilenceUnit.MONTHS, 23),
        (date(2024, 11, 23), SilenceUnit.YEARS, 2),
        (date(2016, 11, 24), SilenceUnit.YEARS, 9),
    ],
)
def test_it_says_how_long_ago_as_a_person_would(last: date, unit: SilenceUnit, count: int) -> None:
    assert silence(last, None, TODAY) == Silence(unit, count)


@given(last=days, today=days)
def test_it_never_claims_a_longer_silence_than_there_was(last: date, today: date) -> None:
    spoken = silence(last, None, today)
    assert spoken is not None
    shortest = {SilenceUnit.DAYS: 1, SilenceUnit.WEEKS: 7, SilenceUnit.MONTHS: 28, SilenceUnit.YEARS: 365}
    assert spoken.count * shortest[spoken.unit] <= max(0, (today - last).days)
