"""Choosing a local day or hour: the promises that every rule about time stands on."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given

from coachhub.platform.local_time import both_instants, local_day, local_instant, start_of_day
from tests.properties import days, times, zones

BERLIN = ZoneInfo("Europe/Berlin")
APIA = ZoneInfo("Pacific/Apia")


def every_instant(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """The slow, obvious answer: try each offset the zone has around the day and look at the clock."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    around = [(noon + timedelta(hours=h)).astimezone(zone).utcoffset() for h in range(-60, 61)]
    tried = {datetime.combine(day, at, tzinfo=UTC) - offset for offset in around if offset is not None}
    asked = datetime.combine(day, at)
    return sorted(u for u in tried if u.astimezone(zone).replace(tzinfo=None) == asked)


@given(day=days, at=times, zone=zones)
@example(day=date(2026, 10, 25), at=time(2, 30), zone=BERLIN)
@example(day=date(2026, 3, 29), at=time(2, 30), zone=BERLIN)
def test_it_finds_the_first_instant_that_shows_a_local_time(day: date, at: time, zone: ZoneInfo) -> None:
    shown = every_instant(day, at, zone)
    if shown:
        assert both_instants(day, at, zone) == (shown[0], shown[-1])
    else:
        assert local_instant(day, at, zone).astimezone(zone).replace(tzinfo=None) > datetime.combine(day, at)


def test_it_moves_a_skipped_local_time_forward() -> None:
    assert local_instant(date(2026, 3, 29), time(2, 30), BERLIN).astimezone(BERLIN).time() == time(3, 30)


def test_it_takes_the_first_of_a_doubled_local_time() -> None:
    assert local_instant(date(2026, 10, 25), time(2, 30), BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_ignores_which_of_two_a_time_claims_to_be() -> None:
    second = time(2, 30, fold=1)
    assert local_instant(date(2026, 10, 25), second, BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_it_moves_nine_o_clock_of_a_day_left_out_to_the_next() -> None:
    nine = local_instant(date(2011, 12, 30), time(9), APIA).astimezone(APIA)
    assert nine.replace(tzinfo=None) == datetime.combine(date(2011, 12, 31), time(9))


@given(day=days, zone=zones)
@example(day=date(2011, 12, 30), zone=APIA)
@example(day=date(2022, 3, 27), zone=ZoneInfo("Asia/Beirut"))
@example(day=date(2026, 11, 1), zone=ZoneInfo("America/Havana"))
def test_it_begins_a_day_at_its_first_existing_instant(day: date, zone: ZoneInfo) -> None:
    begins = start_of_day(day, zone)
    assert local_day(begins, zone) >= day
    assert local_day(begins - timedelta(seconds=1), zone) < day
