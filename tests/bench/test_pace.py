"""A page's pace beside the bare page's: what is made of the answers of each round."""

from coachhub.bench.load import Drive
from coachhub.bench.pace import Paces, pace_figures


def a_drive(seconds: float, answers: list[float]) -> Drive:
    return Drive(seconds, answers, work=seconds / 4)


def test_it_compares_the_rounds_of_a_pair() -> None:
    busy, quiet = a_drive(10.0, [80.0] * 10), a_drive(1.0, [8.0] * 10)
    paces = Paces([busy, quiet, quiet], [a_drive(1.0, [0.8] * 10), a_drive(0.1, [0.8] * 100), a_drive(0.1, [1.0] * 10)])
    assert paces.of_bare == 0.1
    assert (paces.pace, paces.bare_pace) == (10.0, 100.0)
    assert paces.times_bare == 10.0
    assert paces.work_of_asking == 0.25


def test_it_holds_the_slowest_of_a_hundred_against_its_own_round() -> None:
    paces = Paces([a_drive(1.0, [1.0] * 98 + [9.0] * 2)], [a_drive(1.0, [1.0, 1.0])])
    assert paces.tail == 9.0


def test_it_judges_a_page_by_its_part_of_the_bare_one() -> None:
    paces = Paces([a_drive(1.0, [8.0] * 5)], [a_drive(1.0, [0.1] * 100)])
    part, pace = pace_figures("Clients", paces, 0.06, 0.10)
    assert (part.value, part.is_kept) == (0.05, False)
    assert (pace.value, pace.is_kept) == (5.0, True)
