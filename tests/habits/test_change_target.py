"""Asking a client for more or fewer meetups a month than their habit does."""

import pytest

from coachhub.habits.service.assignments import (
    assignment_of,
    assignments_of,
    change_target,
    end_assignment,
    pause_month,
)
from coachhub.platform.errors import NotFound, Refused
from tests.cast import Cast
from tests.habits.facts import APRIL, MARCH, acting, give_habit


def test_it_changes_the_target_from_a_month_on_and_leaves_the_months_before(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        pause_month(assignment_id, APRIL)
        change_target(assignment_id, 2, APRIL)
        newest, before = assignments_of(cast.ben.client_id)
    assert (newest.from_month, newest.target, newest.ended_from) == (APRIL, 2, None)
    assert newest.pauses == (APRIL,)
    assert (before.target, before.ended_from) == (1, APRIL)


def test_it_changes_the_same_habit_where_it_begins_then(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        begins = assignment_of(assignment_id).from_month
        change_target(assignment_id, 3, begins)
        assert [(row.id, row.target) for row in assignments_of(cast.ben.client_id)] == [(assignment_id, 3)]


def test_it_changes_nothing_where_it_is_the_same(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        change_target(assignment_id, 1, APRIL)
        assert [row.id for row in assignments_of(cast.ben.client_id)] == [assignment_id]


def test_it_does_not_bring_an_ended_habit_back(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        end_assignment(assignment_id, APRIL)
        with pytest.raises(Refused):
            change_target(assignment_id, 2, MARCH)


def test_it_knows_no_habit_of_another_practice(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.cleo), pytest.raises(NotFound):
        change_target(assignment_id, 2, APRIL)


def test_it_comes_back_to_the_page_on_which_it_was_asked(cast: Cast) -> None:
    assignment_id, browser = give_habit(cast), cast.browser(cast.ana)
    path, sent = f"/assignments/{assignment_id}/target", {"target": "2", "from_month": "2026-03", "next": "/today"}
    answer = browser.post(path, data=sent)
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "2 meetups a month from March 2026 on." in browser.get("/today").text


@pytest.mark.parametrize("wrong", [{"target": "0"}, {"target": "9"}, {"target": "x"}, {"from_month": "2025-01"}])
def test_it_takes_only_what_the_lists_offer(cast: Cast, wrong: dict[str, str]) -> None:
    path = f"/assignments/{give_habit(cast)}/target"
    sent = {"target": "2", "from_month": "2026-03"} | wrong
    assert cast.browser(cast.ana).post(path, data=sent).status_code == 422
