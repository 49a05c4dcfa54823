"""A paused month is neither done nor missed, also when it is the client who rests and not one month."""

from datetime import UTC, date, datetime

import pytest

from coachhub.clients.service.standing import archive_clients, pause_client, restore_client, resume_client
from coachhub.habits.rules import CycleResult
from coachhub.habits.service.progress import progress_of
from coachhub.platform import clock as clock_now
from coachhub.platform.clock import FixedClock
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.story import tell_story


@pytest.fixture
def told(cast: Cast) -> Cast:
    """Ben has had the habit since January and missed January and February."""
    tell_story(cast)
    return cast


def _results(cast: Cast) -> dict[str, CycleResult]:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        progress = progress_of([cast.ben.client_id], clock_now.now())[cast.ben.client_id]
        return {str(month.month): month.result for month in progress.results}


def _do(cast: Cast, what: object, whom: object) -> None:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        what(whom)  # type: ignore[operator]


def test_it_rests_every_month_of_a_pause_and_after_it(told: Cast, clock: FixedClock) -> None:
    _do(told, pause_client, told.ben.client_id)
    clock.instant = datetime(2026, 6, 3, 12, tzinfo=UTC)
    during = _results(told)
    _do(told, resume_client, told.ben.client_id)
    after = _results(told)
    rested = [during[f"2026-0{month}"] for month in (3, 4, 5, 6)]
    assert rested == [CycleResult.PAUSED] * 4
    assert [after[f"2026-0{month}"] for month in (3, 4, 5)] == [CycleResult.PAUSED] * 3
    assert after["2026-06"] is CycleResult.CURRENT
    assert (after["2026-01"], after["2026-02"]) == (CycleResult.MISSED, CycleResult.MISSED)


def test_it_rests_the_months_in_the_archive_too(told: Cast, clock: FixedClock) -> None:
    _do(told, archive_clients, [told.ben.client_id])
    clock.instant = datetime(2026, 5, 3, 12, tzinfo=UTC)
    _do(told, restore_client, told.ben.client_id)
    after = _results(told)
    assert [after[f"2026-0{month}"] for month in (3, 4)] == [CycleResult.PAUSED] * 2


def test_it_goes_on_resting_when_a_paused_client_leaves_the_archive(told: Cast, clock: FixedClock) -> None:
    _do(told, pause_client, told.ben.client_id)
    _do(told, archive_clients, [told.ben.client_id])
    clock.instant = datetime(2026, 5, 3, 12, tzinfo=UTC)
    _do(told, restore_client, told.ben.client_id)
    assert [_results(told)[f"2026-0{month}"] for month in (3, 4, 5)] == [CycleResult.PAUSED] * 3


def test_it_changes_nothing_when_the_pause_ends_in_the_same_month(told: Cast) -> None:
    before = _results(told)
    _do(told, pause_client, told.ben.client_id)
    _do(told, resume_client, told.ben.client_id)
    assert _results(told) == before
    assert before[str(date(2026, 3, 1))[:7]] is CycleResult.CURRENT
