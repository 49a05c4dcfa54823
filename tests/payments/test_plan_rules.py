"""How a practice stands, from what is kept of its plan and the day."""

from datetime import UTC, datetime, timedelta

import pytest

from coachhub.payments.rules.plans import (
    GRACE,
    Kept,
    Stand,
    grace_from,
    most_active_clients,
    stand_of,
    status_at_stripe,
    trial_days_left_to_give,
)

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
SOON, PAST = NOW + timedelta(days=1), NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("kept", "stand"),
    [
        (Kept(), Stand.FREE),
        (Kept("trialing", trial_ends_at=SOON), Stand.TRIALING),
        (Kept("trialing", trial_ends_at=PAST), Stand.TRIALING),  # nobody has told how it went on
        (Kept("active"), Stand.ACTIVE),
        (Kept("active", ends_at=SOON), Stand.ACTIVE),
        (Kept("active", ends_at=NOW), Stand.ENDED),
        (Kept("past_due", grace_until=SOON), Stand.PAST_DUE),
        (Kept("past_due", grace_until=NOW), Stand.ENDED),
        (Kept("ended"), Stand.ENDED),
        (Kept("ended", granted_until=SOON), Stand.GRANTED),
        (Kept("past_due", grace_until=SOON, granted_until=SOON), Stand.GRANTED),
        (Kept("active", granted_until=SOON), Stand.ACTIVE),
        (Kept("free", granted_until=NOW), Stand.FREE),
    ],
)
def test_it_says_how_a_practice_stands(kept: Kept, stand: Stand) -> None:
    assert stand_of(kept, NOW) is stand


def test_it_is_free_up_to_three_active_clients() -> None:
    limited = {stand for stand in Stand if most_active_clients(stand) == 3}
    assert limited == {Stand.FREE, Stand.ENDED}
    assert {most_active_clients(stand) for stand in Stand if stand not in limited} == {None}


def test_it_counts_the_grace_from_the_first_failure() -> None:
    first = grace_from(Stand.PAST_DUE, None, NOW)
    assert first == NOW + GRACE
    assert grace_from(Stand.PAST_DUE, first, SOON) == first
    assert grace_from(Stand.ACTIVE, first, SOON) is None


def test_it_gives_one_trial() -> None:
    assert trial_days_left_to_give(Kept()) == 14
    assert trial_days_left_to_give(Kept("ended", trial_ends_at=PAST)) == 0


@pytest.mark.parametrize(("word", "stand"), [("unpaid", "past_due"), ("incomplete", "free"), ("paused", "ended")])
def test_it_reads_stripes_words(word: str, stand: str) -> None:
    assert status_at_stripe(word) == stand
