"""The coach's pages of habits, and the forms that give clients one."""

from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict

from coachhub.habits.service.assignments import assignments_of
from coachhub.habits.service.habits import ensure_default_habit, list_habits, notes_of, templates_of
from coachhub.habits.service.starter import preview_of, starter_notes, starter_templates
from coachhub.network.service.drafts import Purpose, TemplateText, Tone
from tests.cast import Cast
from tests.habits.facts import APRIL, MARCH, acting, give_habit

TEXTS = {f"{tone}_{part}": "Hello {first_name}" for tone in Tone for part in ("subject", "body")}
ENTRY = {
    "name": "Twice a month",
    **{f"step_{number}": f"Step {number}" for number in range(1, 6)},
    "meetups_a_month": "2",
    "minutes_a_meetup": "30",
    **TEXTS,
}


@pytest.fixture
def habit_id(cast: Cast) -> str:
    with acting(cast, cast.ana):
        return str(ensure_default_habit())


def test_it_lists_the_habit_every_practice_starts_with(cast: Cast) -> None:
    page = cast.browser(cast.ana).get("/habits").text
    assert "One hour a month" in page


def test_it_shows_a_habit_with_its_steps_and_messages(cast: Cast, habit_id: str) -> None:
    page = cast.browser(cast.ana).get(f"/habits/{habit_id}").text
    assert "Choose somebody you liked working with" in page
    assert "Dear Robin" in page


def test_it_changes_a_habit(cast: Cast, habit_id: str) -> None:
    answer = cast.browser(cast.ana).post(f"/habits/{habit_id}", data=ENTRY)
    assert answer.status_code == 303
    with acting(cast, cast.ana):
        [habit] = list_habits()
        assert (habit.name, habit.meetups_a_month, habit.steps[4]) == ("Twice a month", 2, "Step 5")
        assert templates_of(habit.id)[Tone.LIGHT].body == "Hello {first_name}"


@pytest.mark.parametrize("text", ["Hello {firstname}", "Hello {first_name", "Hello }", "{ }"])
def test_it_refuses_a_field_that_nobody_fills(cast: Cast, habit_id: str, text: str) -> None:
    answer = cast.browser(cast.ana).post(f"/habits/{habit_id}", data={**ENTRY, "warm_body": text})
    assert answer.status_code == 422
    assert "warm_body-error" in answer.text
    assert "Twice a month" in answer.text


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        (
            "warm_body",
            "Hello {firstname}",
            "nobody fills {firstname}. You can use {name}, {friend}, {since}",
        ),
        ("thanks_body", "Shall we say {times}?", "nobody fills {times}."),
        ("warm_up_subject", "{link}", "nobody fills {link}."),
        ("follow_up_body", "Hello {name", "A brace is left open"),
    ],
)
def test_it_names_the_field_that_nobody_fills(cast: Cast, habit_id: str, field: str, text: str, says: str) -> None:
    answer = cast.browser(cast.ana).post(f"/habits/{habit_id}", data={**ENTRY, field: text})
    assert (answer.status_code, f"{field}-error" in answer.text, says in answer.text) == (422, True, True)
    with acting(cast, cast.ana):
        assert list_habits()[0].name == "One hour a month"


def test_it_keeps_the_coachs_short_messages_and_ours_where_there_are_none(cast: Cast, habit_id: str) -> None:
    browser = cast.browser(cast.ana)
    own = {"thanks_subject": "Thanks", "thanks_body": "Thank you, {name}! {me}"}
    browser.post(f"/habits/{habit_id}", data={**ENTRY, **own})
    with acting(cast, cast.ana):
        notes = notes_of(UUID(habit_id))
        assert notes[Purpose.THANKS] == TemplateText("Thanks", "Thank you, {name}! {me}")
        assert notes[Purpose.WARM_UP] == starter_notes()[Purpose.WARM_UP]
    browser.post(f"/habits/{habit_id}", data={**ENTRY, **own, "thanks_body": " "})
    with acting(cast, cast.ana):
        assert notes_of(UUID(habit_id)) == starter_notes()


def test_it_fills_every_field_of_our_own_words(cast: Cast) -> None:
    with acting(cast, cast.ana):
        texts = [*starter_templates().values(), *starter_notes().values()]
        shown = [preview_of(text) for text in texts]
    assert [text.body for text in shown if "{" in text.subject + text.body] == []
    assert sum("https://coachhub.example/r/" in text.body for text in shown) == 4


def test_it_previews_without_saving(cast: Cast, habit_id: str) -> None:
    answer = cast.browser(cast.ana).post(f"/habits/{habit_id}", data={**ENTRY, "preview": "yes"})
    assert (answer.status_code, "Hello Robin" in answer.text) == (200, True)
    with acting(cast, cast.ana):
        assert list_habits()[0].name == "One hour a month"


def test_it_adds_retires_and_brings_back_a_habit(cast: Cast) -> None:
    browser = cast.browser(cast.ana)
    address = browser.post("/habits/new", data=ENTRY).location
    for verb, offered in (("retire", 1), ("bring-back", 2)):
        assert browser.post(f"{address}/{verb}").status_code == 303
        with acting(cast, cast.ana):
            assert len(list_habits()) == offered


def test_it_keeps_the_default_habit(cast: Cast, habit_id: str) -> None:
    assert cast.browser(cast.ana).post(f"/habits/{habit_id}/retire").status_code == 409


def test_it_hides_a_habit_from_the_stranger(cast: Cast, habit_id: str) -> None:
    browser = cast.browser(cast.cleo)
    assert browser.get(f"/habits/{habit_id}").status_code == 404
    assert browser.post(f"/habits/{habit_id}", data=ENTRY).status_code == 404
    assert browser.post(f"/habits/{habit_id}/retire").status_code == 404


def test_it_keeps_clients_out(cast: Cast) -> None:
    assert cast.browser(cast.ben).get("/habits").status_code == 404


def test_it_assigns_by_form_and_goes_back(cast: Cast, habit_id: str) -> None:
    form = {"client_ids": [str(cast.ben.client_id)], "habit_id": habit_id, "from_month": "2026-04", "next": "/habits"}
    browser = cast.browser(cast.ana)
    answer = browser.post("/habits/assign", data=MultiDict(form))
    assert (answer.status_code, answer.location) == (303, "/habits")
    assert "1 client begins “One hour a month” in April 2026." in browser.get("/habits").text
    with acting(cast, cast.ana):
        assert assignments_of(cast.ben.client_id)[0].from_month == APRIL


def test_it_assigns_the_default_habit_from_this_month_when_nothing_else_is_said(cast: Cast) -> None:
    form = {"client_ids": str(cast.ben.client_id), "next": "https://elsewhere.example"}
    answer = cast.browser(cast.ana).post("/habits/assign", data=form)
    assert answer.location == "/clients"
    with acting(cast, cast.ana):
        assert assignments_of(cast.ben.client_id)[0].from_month == MARCH


@pytest.mark.parametrize("month", ["2026-02", "2030-01", "soon"])
def test_it_begins_in_no_month_that_is_past_or_far(cast: Cast, month: str) -> None:
    form = {"client_ids": str(cast.ben.client_id), "from_month": month}
    assert cast.browser(cast.ana).post("/habits/assign", data=form).status_code == 422


def test_it_refuses_to_assign_what_is_not_of_the_practice(cast: Cast, habit_id: str) -> None:
    browser = cast.browser(cast.cleo)
    assert browser.post("/habits/assign", data={"client_ids": str(cast.ben.client_id)}).status_code == 404
    assert browser.post("/habits/assign", data={"client_ids": "nonsense"}).status_code == 404
    assert cast.browser(cast.ben).post("/habits/assign").status_code == 404


def test_it_pauses_resumes_and_ends_by_form(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    browser, address = cast.browser(cast.ana), f"/assignments/{assignment_id}"
    client_page = f"/clients/{cast.ben.client_id}"
    assert browser.post(f"{address}/pause", data={"month": "2026-04"}).location == client_page
    with acting(cast, cast.ana):
        assert assignments_of(cast.ben.client_id)[0].pauses == (APRIL,)
    browser.post(f"{address}/resume", data={"month": "2026-04"})
    browser.post(f"{address}/end", data={"from_month": "2026-05"})
    with acting(cast, cast.ana):
        [row] = assignments_of(cast.ben.client_id)
    assert (row.pauses, row.ended_from) == ((), APRIL.next())


def test_it_hides_assignments_from_the_stranger(cast: Cast) -> None:
    address = f"/assignments/{give_habit(cast)}"
    for verb in ("pause", "resume", "end"):
        assert cast.browser(cast.cleo).post(f"{address}/{verb}", data={"month": "2026-04"}).status_code == 404
