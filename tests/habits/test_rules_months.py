"""Months are the client's own: the client's time zone decides when one begins and ends."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coachhub.habits.rules import Month, day_of_month, days_left
from tests.properties import instants, zones

ST_JOHNS = ZoneInfo("America/St_Johns")
months = st.builds(Month, st.integers(1975, 2037), st.integers(1, 12))


@given(now=instants, zone=zones)
@example(now=datetime(2009, 11, 1, 3, 0, tzinfo=UTC), zone=ST_JOHNS)
def test_it_is_in_exactly_the_month_that_has_begun_and_not_ended(now: datetime, zone: ZoneInfo) -> None:
    month = Month.local(now, zone)
    assert month.starts_at(zone) <= now < month.ends_at(zone)


@given(now=instants, later=st.timedeltas(timedelta(), timedelta(days=2)), zone=zones)
@example(now=datetime(2009, 11, 1, 2, 30, 30, tzinfo=UTC), later=timedelta(minutes=9), zone=ST_JOHNS)
def test_it_never_returns_to_a_month_that_ended(now: datetime, later: timedelta, zone: ZoneInfo) -> None:
    assert Month.local(now, zone) <= Month.local(now + later, zone)


@given(month=months, zone=zones)
def test_it_begins_where_the_month_before_ends(month: Month, zone: ZoneInfo) -> None:
    assert month.starts_at(zone) == month.previous().ends_at(zone)
    assert 27 <= (month.ends_at(zone) - month.starts_at(zone)).days <= 31


@given(month=months, zone=zones)
@example(month=Month(1975, 5), zone=ZoneInfo("Asia/Beirut"))
def test_it_begins_at_local_midnight_of_the_1st_if_there_is_one(month: Month, zone: ZoneInfo) -> None:
    begins = month.starts_at(zone)
    shown, just_before = begins.astimezone(zone), (begins - timedelta(seconds=1)).astimezone(zone)
    has_gap = shown.utcoffset() != just_before.utcoffset()
    assert begins.tzinfo is UTC
    assert just_before.date() < month.first_day() == shown.date()
    assert shown.time() == time.min or has_gap


def test_it_begins_with_the_first_of_two_midnights() -> None:
    assert Month(2026, 11).starts_at(ZoneInfo("America/Havana")) == datetime(2026, 11, 1, 4, tzinfo=UTC)


def test_it_begins_when_midnight_is_over_where_midnight_never_comes() -> None:
    asuncion = ZoneInfo("America/Asuncion")
    begins = Month(2017, 10).starts_at(asuncion).astimezone(asuncion)
    assert begins.replace(tzinfo=None) == datetime.combine(date(2017, 10, 1), time(1))


def test_it_is_december_in_kiritimati_while_it_is_november_in_pago_pago() -> None:
    now = datetime(2026, 11, 30, 10, 30, tzinfo=UTC)
    assert Month.local(now, ZoneInfo("Pacific/Kiritimati")) == Month(2026, 12)
    assert Month.local(now, ZoneInfo("Pacific/Pago_Pago")) == Month(2026, 11)


def test_it_ends_december_2011_in_apia_though_a_day_is_left_out() -> None:
    apia, december = ZoneInfo("Pacific/Apia"), Month(2011, 12)
    assert december.ends_at(apia) - december.starts_at(apia) == timedelta(days=30)


@given(month=months, by=st.integers(-240, 240))
def test_it_counts_months_forth_and_back(month: Month, by: int) -> None:
    assert month.plus(by).plus(-by) == month
    assert (month.plus(by) > month) == (by > 0)
    assert month.next().previous() == month


@given(month=months)
def test_it_reads_what_it_writes(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert str(Month(2026, 11)) == "2026-11"


@pytest.mark.parametrize("text", ["", "2026", "2026-1", "2026-13", "2026-00", "0000-01", "2026-11-01", " 2026-11"])
def test_it_refuses_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match=r"month|year"):
        Month.parse(text)


@given(month=months)
def test_it_has_every_day_from_first_to_last(month: Month) -> None:
    assert Month.of(month.first_day()) == Month.of(month.last_day()) == month
    assert month.last_day() + timedelta(days=1) == month.next().first_day()


@given(now=instants, zone=zones)
@example(now=datetime(2009, 11, 1, 3, 0, tzinfo=UTC), zone=ST_JOHNS)
def test_it_counts_days_by_the_local_calendar(now: datetime, zone: ZoneInfo) -> None:
    month, day = Month.local(now, zone), day_of_month(now, zone)
    assert day + days_left(now, zone) - 1 == month.last_day().day
    today = date(month.year, month.month, day)
    assert today == max(now.astimezone(zone).date(), month.first_day())


def test_it_has_one_day_left_on_the_last_day() -> None:
    assert days_left(datetime(2026, 11, 30, 22, 59, tzinfo=UTC), ZoneInfo("Europe/Berlin")) == 1
