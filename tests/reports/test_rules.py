"""Who stands where, and who needs somebody."""

from datetime import UTC, datetime, timedelta

import pytest

from coachhub.habits.rules import Stage
from coachhub.reports.rules import Need, Standing, has_not_chosen, is_mail_a_need, need_of, standing_of

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
        "mail_stopped",
        "payment",
        "report_failed",
        "off_track",
        "at_risk",
        "not_started",
        "report_waiting",
        "no_habit",
    ]


@pytest.mark.parametrize(
    ("standing", "cause", "days", "is_need"),
    [
        (Standing.ON_TRACK, "bounced", 400, True),
        (Standing.INVITED, "bounced", 0, True),
        (Standing.AT_RISK, "complained", 6, True),
        (Standing.AT_RISK, "complained", 7, False),
        (Standing.PAUSED, "bounced", 0, False),
        (Standing.ARCHIVED, "complained", 0, False),
    ],
)
def test_it_needs_something_where_mail_bounces_and_tells_a_week_of_a_complaint(
    standing: Standing, cause: str, days: int, is_need: bool
) -> None:
    assert is_mail_a_need(standing, cause, NOW - timedelta(days=days), NOW) is is_need


def test_it_knows_who_has_not_chosen() -> None:
    assert has_not_chosen(Standing.ON_TRACK, Stage.NONE)
    assert has_not_chosen(Standing.OFF_TRACK, Stage.COMMITTED)
    assert not has_not_chosen(Standing.AT_RISK, Stage.CHOSEN)
    assert not has_not_chosen(Standing.PAUSED, Stage.NONE)
    assert not has_not_chosen(Standing.NO_HABIT, None)
