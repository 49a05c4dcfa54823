"""The year in a cell of the list: what counts, what rests and what still runs look different, and are said."""

import re

import pytest
from sqlalchemy import text

from coachhub.habits.rules import CycleResult
from coachhub.habits.service.assignments import end_assignment, pause_month
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.reports.charts import spark_of, spark_words
from coachhub.reports.rules.years import count_year, year_letter
from tests.cast import Cast
from tests.habits.facts import MARCH, acting, give_habit, meet, owning, utc


def year_in(cast: Cast) -> tuple[str, list[str]]:
    """Ben's year in Ana's list: its words, and what is drawn."""
    page = cast.browser(cast.ana).get("/clients").text
    found = re.search(r'<svg class="spark"[^>]+aria-label="([^"]+)">(.*?)</svg>', page)
    assert found
    return found[1], re.findall(r'class="([^"]+)"', found[2])


@pytest.mark.parametrize(
    ("result", "level", "letter"),
    [
        (CycleResult.MISSED, 0, "0"),
        (CycleResult.MISSED, 1, "1"),
        (CycleResult.DONE, 2, "2"),
        (CycleResult.DONE, 3, "3"),
        (CycleResult.CARRIED, 1, "c"),
        (CycleResult.PAUSED, 0, "p"),
        (CycleResult.CURRENT, 0, "n"),
        (CycleResult.CURRENT, 1, "n"),
    ],
)
def test_it_writes_a_letter_for_what_a_month_came_to(result: CycleResult, level: int, letter: str) -> None:
    assert year_letter(result, level, has_habit=True) == letter
    assert year_letter(result, level, has_habit=False) == "-"


def test_it_counts_only_months_that_were_done_or_missed() -> None:
    assert count_year("0123cpp--n") == (2, 4, 2, True)
    assert count_year("") == (0, 0, 0, False)


def test_it_draws_every_kind_of_month_in_another_shape_and_a_month_without_a_habit_not_at_all() -> None:
    drawn = dict(spark_of("0p-2n"))
    assert list(drawn) == ["l0", "k-paused", "l2", "k-now"]
    shapes = {re.sub(r"M\d+ ", "M", path) for path in drawn.values()}
    assert len(shapes) == 4
    assert [path.count("M") for path in drawn.values()] == [1, 1, 1, 1]
    assert drawn["k-now"].startswith("M132 ")


def test_it_says_what_counted_and_what_did_not(cast: Cast) -> None:
    with cast.app.test_request_context():
        assert spark_words("22p0n", "en") == "The year: 2 of 3 months met · 1 month paused · this month is still open"
        assert spark_words("2pp", "en") == "The year: 1 of 1 month met · 2 months paused"
        assert spark_words("n", "en") == "The year: No month has counted yet · this month is still open"


def test_it_shows_a_paused_month_and_the_running_one_apart_from_a_missed_one(cast: Cast, clock: FixedClock) -> None:
    habit = give_habit(cast, MARCH.plus(-3))
    with acting(cast, cast.ana):
        pause_month(habit, MARCH.plus(-2))
    clock.instant = utc(3, 12)
    words, drawn = year_in(cast)
    assert words == "The year: 0 of 2 months met · 1 month paused · this month is still open"
    assert drawn == ["l0", "k-paused", "k-now"]


def test_it_gives_the_version_before_digits_alone(cast: Cast, clock: FixedClock) -> None:
    """It calls `clients_read`, and draws no other letter."""
    habit = give_habit(cast, MARCH.plus(-3))
    with acting(cast, cast.ana):
        pause_month(habit, MARCH.plus(-2))
    clock.instant = utc(3, 12)
    year_in(cast)
    practice, reader = cast.ana.practice_id, cast.ana.user_id
    call = "select clients_read(:practice, :now, null, :reader, null, '{}', null, false, false, 'name', 1, 50, 0)"
    with acting(cast, cast.ana):
        read = db.session.execute(text(call), {"practice": practice, "now": clock.now(), "reader": reader}).scalar_one()
    years = [row[5] for row in read[1]]
    assert years == ["0000"]


def test_it_fills_the_running_month_as_soon_as_it_is_done(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH)
    clock.instant = utc(3, 12)
    assert year_in(cast)[1] == ["k-now"]
    with owning(cast, cast.ben) as owner:
        meet(owner, cast.dan_id, utc(3, 10), agreed_at=utc(3, 5), status="held")
    assert year_in(cast) == ("The year: 1 of 1 month met", ["l2"])


def test_it_leaves_a_gap_where_no_habit_was(cast: Cast, clock: FixedClock) -> None:
    first = give_habit(cast, MARCH.plus(-3))
    with acting(cast, cast.ana):
        end_assignment(first, MARCH.plus(-2))
    give_habit(cast, MARCH)
    clock.instant = utc(3, 12)
    words, drawn = year_in(cast)
    assert words == "The year: 0 of 1 month met · this month is still open"
    assert drawn == ["l0", "k-now"]


def test_it_has_a_dash_for_whom_no_habit_was_given(cast: Cast) -> None:
    assert '<td data-label="The year">–</td>' in cast.browser(cast.ana).get("/clients").text
