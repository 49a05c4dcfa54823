"""The arithmetic of the measurements, and what is said of them."""

import json
import platform

import psutil
import pytest

from coachhub.bench.figures import Contest, Count, is_calm, medians, spread
from coachhub.bench.report import are_kept, as_text, to_json
from coachhub.bench.rounds import Watch, in_turn


def a_contest(ours: list[float], floor: list[float], most: float | None = 3.0) -> Contest:
    return Contest("Race", "a walk", [{"run": ms} for ms in ours], [{"walk": ms} for ms in floor], most, 1.3)


def test_it_takes_the_median_of_the_ratios_of_each_pair() -> None:
    contest = a_contest([20, 900, 30], [10, 300, 10])
    assert contest.ratio == 3.0
    assert (contest.our_median, contest.floor_median) == (30, 10)


def test_it_lets_one_busy_moment_change_nothing() -> None:
    quiet, busy = a_contest([20, 20, 20], [10, 10, 10]), a_contest([20, 2000, 20], [10, 1000, 10])
    assert quiet.ratio == busy.ratio == 2.0


def test_it_adds_the_steps_of_a_round() -> None:
    contest = Contest("Race", "a walk", [{"run": 10.0, "jump": 5.0}], [{"walk": 10.0}], 1.4)
    assert contest.ratio == 1.5
    assert not contest.is_kept
    assert medians(contest.ours) == {"run": 10.0, "jump": 5.0}


@pytest.mark.parametrize(("value", "most", "kept"), [(8, 8, True), (9, 8, False), (9, None, True)])
def test_it_keeps_a_count_to_its_limit(value: int, most: int | None, kept: bool) -> None:
    assert Count("Page", "statements", value, most, [1.0, 3.0, 2.0]).is_kept is kept


def test_it_knows_a_quiet_machine_by_the_floors() -> None:
    assert spread([10.0, 10.0, 30.0]) == 1.0
    assert is_calm([a_contest([1, 1, 1], [10, 11, 12])])
    assert not is_calm([a_contest([1, 1, 1], [10, 20, 20])])


def test_it_says_which_limit_is_broken() -> None:
    figures = [a_contest([40], [10]), Count("Page", "statements", 8, 8, [2.0])]
    text = as_text(figures, 1)
    assert "4.00 x the floor (at most 3 x, goal 1.3 x): BROKEN" in text
    assert "8 statements (at most 8): kept, 2.0 ms" in text
    assert text.endswith("Broken: Race.")
    assert not are_kept(figures)


def test_it_says_everything_to_programs() -> None:
    said = json.loads(to_json([a_contest([20], [10]), Count("Page", "statements", 7, 8, [2.0])], 1))
    assert said["kept"] is True
    assert [figure["name"] for figure in said["figures"]] == ["Race", "Page"]
    assert said["figures"][0]["ratio"] == 2.0
    assert said["figures"][1]["statements"] == 7


def test_it_judges_no_contest_without_a_limit() -> None:
    contest = a_contest([900], [1], most=None)
    assert contest.is_kept
    assert "  900.00 x the floor\n" in as_text([contest], 1)


def test_it_says_what_it_ran_on() -> None:
    said = json.loads(to_json([a_contest([1], [1])], 1))["machine"]
    assert f"{psutil.cpu_count()} cores" in said
    assert f"Python {platform.python_version()}" in said


def test_it_runs_both_sides_in_turn_and_counts_no_first_time() -> None:
    ran: list[str] = []

    def side(name: str, watch: Watch) -> None:
        with watch.step(name):
            ran.append(name)

    ours, floor = in_turn(
        lambda watch: side("ours", watch), lambda watch: side("floor", watch), 2, lambda: ran.append("fresh")
    )
    assert ran[::2] == ["fresh"] * 6
    assert ran[1::2] == ["ours", "floor", "floor", "ours", "ours", "floor"]
    assert [list(steps) for steps in (*ours, *floor)] == [["ours"], ["ours"], ["floor"], ["floor"]]
