"""Dates estimated from what a person remembers: "some time this year", "we worked together until 2019"."""

from datetime import date, timedelta
from enum import StrEnum


class LastSpoke(StrEnum):
    """How long ago a client thinks they last spoke with a friend."""

    THIS_MONTH = "this_month"
    THIS_YEAR = "this_year"
    ONE_TO_TWO_YEARS = "one_to_two_years"
    LONGER = "longer"
    UNSURE = "unsure"


_DAYS = {
    LastSpoke.THIS_MONTH: 15,
    LastSpoke.THIS_YEAR: 150,
    LastSpoke.ONE_TO_TWO_YEARS: 548,
    LastSpoke.LONGER: 1100,
}


def contact_estimate(spoke: LastSpoke, today: date) -> date | None:
    """A local day in the middle of what the answer means; None when nobody is sure."""
    days = _DAYS.get(spoke)
    return None if days is None else today - timedelta(days=days)


def middle_of(year: int | None, today: date, kept: date | None = None) -> date | None:
    """A day for a year that somebody remembers: the day already kept where it lies in it, else the middle of it.

    Never after today, unless the whole year is still to come.
    """
    if year is None or (kept is not None and kept.year == year):
        return kept if year is not None else None
    middle = date(year, 6, 30)
    return min(middle, today) if year == today.year else middle
