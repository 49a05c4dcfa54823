"""Who stands where, and who needs somebody."""

from datetime import UTC, datetime, timedelta

import pytest

from coachhub.reports.rules import Need, Standing, need_of, standing_of

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "habit", "rests", "standing"),
    [
        ("active", "on_track", False, Standing.ON_TRACK),
        ("active", "off_track", False, Standing.OFF_TRACK),
        ("active", "on_track", True, Standing.PAUSED),
        ("active", None, False, Standing.NO_HABIT),
        ("invited", "at_risk", False, Standing.INVITED),
        ("paused", "off_track", False, Standing.PAUSED),
        ("archived", "off_track", False, Standing.ARCHIVED),
    ],
)
def test_it_says_where_a_client_stands(status: str, habit: str | None, rests: bool, standing: Standing) -> None:
    assert standing_of(status, habit, is_month_paused=rests) is standing


def test_it_gives_an_invitation_three_days() -> None:
    nearly, over = NOW - timedelta(days=3) + timedelta(seconds=1), NOW - timedelta(days=3)
    assert need_of(Standing.INVITED, nearly, NOW) is None
    assert need_of(Standing.INVITED, over, NOW) is Need.NOT_STARTED
    assert need_of(Standing.INVITED, None, NOW) is Need.NOT_STARTED


def test_it_needs_nothing_of_who_is_on_track_paused_or_archived() -> None:
    calm = (Standing.ON_TRACK, Standing.PAUSED, Standing.ARCHIVED)
    assert [need_of(standing, None, NOW) for standing in calm] == [None, None, None]


def test_it_orders_by_urgency() -> None:
    assert [need.value for need in sorted(Need, key=lambda need: need.order)] == [
        "off_track",
        "at_risk",
        "not_started",
        "no_habit",
    ]
