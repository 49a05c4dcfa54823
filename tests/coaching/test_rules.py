"""When a session is reminded of, over clock changes; whose clock shows what; the link in a place."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.coaching.rules import clocks_differ, day_before, hour_before, link_in

VANCOUVER, LONDON, LORD_HOWE = (ZoneInfo(key) for key in ("America/Vancouver", "Europe/London", "Australia/Lord_Howe"))


@pytest.mark.parametrize(
    ("starts_at", "shown"),
    [
        (datetime(2026, 3, 29, 14, tzinfo=LONDON), "2026-03-28 13:00"),  # the clock went forward that night
        (datetime(2026, 10, 25, 14, tzinfo=LONDON), "2026-10-24 15:00"),  # and back
        (datetime(2026, 10, 4, 14, tzinfo=LORD_HOWE), "2026-10-03 13:30"),  # by half an hour
        (datetime(2026, 3, 12, 14, tzinfo=LONDON), "2026-03-11 14:00"),
    ],
)
def test_it_counts_24_hours_that_pass_and_not_those_on_the_wall(starts_at: datetime, shown: str) -> None:
    before = day_before(starts_at)
    assert starts_at.astimezone(UTC) - before == timedelta(hours=24)
    assert before.astimezone(starts_at.tzinfo).strftime("%Y-%m-%d %H:%M") == shown


def test_it_counts_the_hour_over_a_change_of_the_clocks() -> None:
    assert hour_before(datetime(2026, 3, 29, 2, 30, tzinfo=LONDON)) == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)


@given(st.integers(0, 20 * 366 * 24 * 60), st.timezones())
def test_it_is_always_the_same_time_ahead_in_every_zone(minutes: int, zone: ZoneInfo) -> None:
    instant = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    starts_at = instant.astimezone(zone)
    assert (instant - day_before(starts_at), instant - hour_before(starts_at)) == (timedelta(1), timedelta(hours=1))


def test_it_compares_what_clocks_show_and_not_the_names_of_zones() -> None:
    summer, winter = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    assert not clocks_differ(summer, LONDON, ZoneInfo("Europe/Dublin"))
    assert not clocks_differ(winter, LONDON, ZoneInfo("Africa/Accra"))
    assert clocks_differ(summer, LONDON, ZoneInfo("Africa/Accra"))


@pytest.mark.parametrize(
    ("place", "link"),
    [
        ("https://meet.example/ana?x=1", "https://meet.example/ana?x=1"),
        ("Zoom (https://meet.example/ana), code 123", "https://meet.example/ana"),
        ("+44 20 7946 0000", None),
        ("javascript:alert(1)", None),
        ('"><a href="http://x.example">', "http://x.example"),
        ("", None),
    ],
)
def test_it_finds_the_web_address_in_a_place(place: str, link: str | None) -> None:
    assert link_in(place) == link
