"""The rule of moving and cancelling, in words."""

from collections.abc import Iterator

import pytest
from flask import Flask

from coachhub.booking.rules.terms import Span, SpanUnit, span_of
from coachhub.booking.wording.terms import terms_words


@pytest.fixture(autouse=True)
def reading(app: Flask) -> Iterator[None]:
    """Somebody who reads English."""
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("minutes", "span"),
    [
        (90, Span(90, SpanUnit.MINUTES)),
        (60, Span(1, SpanUnit.HOURS)),
        (1440, Span(24, SpanUnit.HOURS)),
        (2160, Span(36, SpanUnit.HOURS)),
        (2880, Span(2, SpanUnit.DAYS)),
        (10080, Span(7, SpanUnit.DAYS)),
    ],
)
def test_it_says_a_span_in_the_biggest_unit_that_fits(minutes: int, span: Span) -> None:
    assert span_of(minutes) == span


@pytest.mark.parametrize(
    ("rule", "cancelling"),
    [
        ((9000, 1440, 0), "Cancel at least 24 hours before, and all your money comes back. Later, nothing comes back."),
        ((9000, 60, 50), "Cancel at least 1 hour before, and all your money comes back. Later, 50% of it comes back."),
        ((9000, 1440, 100), "You can cancel until it begins, and all your money comes back."),
        ((9000, 0, 0), "You can cancel until it begins, and all your money comes back."),
        ((0, 1440, 0), "You can cancel until it begins."),
    ],
)
def test_it_says_what_cancelling_costs(rule: tuple[int, int, int], cancelling: str) -> None:
    assert terms_words(*rule, 1440)[0] == cancelling


def test_it_says_until_when_a_booking_is_moved() -> None:
    assert terms_words(9000, 1440, 0, 2880)[1] == "You can move it until 2 days before."
    assert terms_words(9000, 1440, 0, 0)[1] == "You can move it until it begins."
