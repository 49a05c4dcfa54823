"""Days as programs and people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachhub.network.rules.written_dates import written_date


@pytest.mark.parametrize(
    "text",
    [
        "26 Jul 2025",
        "26-Jul-25",
        "26 July 2025",
        "Jul 26, 2025",
        "July 26th, 2025",
        "Saturday, July 26, 2025",
        "2025-07-26",
        "2025/7/26",
        "2025-07-26T09:30:00Z",
        "26.07.2025",
        "26. 7. 25",
        "26/07/2025",
        "7/26/2025",
        "7/26/25",
        "26. Juli 2025",
        "26 juil. 2025",
        "26 de julio de 2025",
        "26 luglio 2025",
        "26 lipca 2025",
        "2025年7月26日",
    ],
)
def test_it_reads_a_day(text: str) -> None:
    assert written_date(text) == date(2025, 7, 26)


def test_it_reads_two_digits_as_the_nearer_century() -> None:
    assert written_date("7-Feb-22") == date(2022, 2, 7)
    assert written_date("7-Feb-71") == date(1971, 2, 7)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03/04/2025",
        "03-04-2025",
        "22/07/25",
        "31 Feb 2024",
        "45864",
        "July 2025",
        "2025",
        "soon",
        "26 Foo 2025",
        "26 Jul 125",
        "26 Jul 1066",
        "99/99/2025",
        "26 Jul 2025 " * 9,
    ],
)
def test_it_leaves_what_may_be_two_days_or_none(text: str) -> None:
    assert written_date(text) is None


def test_it_reads_a_day_that_is_its_month() -> None:
    assert written_date("05/05/2021") == date(2021, 5, 5)


forms = st.sampled_from(["%d %b %Y", "%Y-%m-%d", "%d.%m.%Y", "%B %d, %Y"])


@given(st.dates(date(1940, 1, 1), date(2099, 12, 31)), forms)
def test_it_reads_back_every_day(day: date, form: str) -> None:
    assert written_date(day.strftime(form)) == day


@given(st.text(max_size=50) | st.text(st.sampled_from("0123456789/-. JulAug年,٣"), max_size=20))
def test_it_survives_any_text(text: str) -> None:
    written_date(text)
