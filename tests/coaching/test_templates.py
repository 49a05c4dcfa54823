"""Templates of agendas and notes: kept in the settings, offered where something is written."""

from uuid import uuid4

import psycopg
import pytest
from flask import Flask

from coachhub.accounts.service.practices import Place, sign_up
from coachhub.coaching.models import TemplateKind
from coachhub.coaching.service.first_templates import set_up_templates
from coachhub.coaching.service.templates import MOST_TEMPLATES, TemplateEntry, TooMany, add_template, templates_of
from coachhub.platform.tenancy import as_practice, as_visitor
from tests.cast import Cast
from tests.coaching.planned import planned

TYPED = {"kind": "agenda", "name": "Usual", "text": "- What happened\r\n- One step"}


def _ids(admin: psycopg.Connection) -> list[str]:
    return [str(id) for (id,) in admin.execute("select id from note_templates order by created_at, id").fetchall()]


def test_it_gives_a_new_practice_templates_of_both_kinds(app: Flask, clean: None) -> None:
    with app.app_context(), as_visitor():
        sign_up("Nia Coaching", "nia@example.com", "three or four words", Place("en_GB", "Europe/London", "GBP"))
        assert {kind: len(templates_of(kind)) for kind in TemplateKind} == {"agenda": 2, "notes": 2}


def test_it_gives_them_once(cast: Cast) -> None:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        for _twice in range(2):
            set_up_templates(cast.ana.practice_id, cast.ana.user_id)
        assert len(templates_of()) == 4


def test_it_keeps_changes_and_deletes_a_template(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    assert browser.get("/settings/templates/new?kind=agenda").status_code == 200
    assert browser.post("/settings/templates/new", data=TYPED).status_code == 303
    [template_id] = _ids(admin)
    assert "Usual" in browser.get("/settings/templates").text
    assert "- What happened\n- One step" in browser.get(f"/settings/templates/{template_id}").text
    changed = browser.post(f"/settings/templates/{template_id}", data=TYPED | {"name": "Changed"})
    assert changed.status_code == 303
    assert "Changed" in browser.get("/settings/templates").text
    assert browser.post(f"/settings/templates/{template_id}/delete").status_code == 303
    assert _ids(admin) == []


def test_it_keeps_one_for_a_second_click_and_refuses_another_of_its_name(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    assert [browser.post("/settings/templates/new", data=TYPED).status_code for _ in range(2)] == [303, 303]
    other = browser.post("/settings/templates/new", data=TYPED | {"text": "Something else"})
    assert other.status_code == 422
    assert "There is a template of that name already." in other.text
    assert "Something else" in other.text
    assert len(_ids(admin)) == 1


def test_it_refuses_the_name_of_another_when_changing(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    for name in ("Usual", "Second"):
        browser.post("/settings/templates/new", data=TYPED | {"name": name})
    second = _ids(admin)[1]
    assert browser.post(f"/settings/templates/{second}", data=TYPED).status_code == 422
    assert browser.post(f"/settings/templates/{second}", data=TYPED | {"kind": "notes"}).status_code == 303


@pytest.mark.parametrize("wrong", [{"name": ""}, {"text": " "}, {"kind": "nothing"}, {"name": "x" * 81}])
def test_it_says_what_is_missing_and_keeps_what_was_typed(cast: Cast, wrong: dict[str, str]) -> None:
    answer = cast.browser(cast.ana).post("/settings/templates/new", data=TYPED | wrong)
    assert answer.status_code == 422
    assert "Please look at this again" in answer.text


def test_it_keeps_so_many_and_no_more(cast: Cast) -> None:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        for number in range(MOST_TEMPLATES):
            add_template(TemplateEntry(TemplateKind.NOTES, f"Template {number}", "x"))
        with pytest.raises(TooMany):
            add_template(TemplateEntry(TemplateKind.NOTES, "One more", "x"))


def test_it_begins_an_agenda_with_a_template_without_planning(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    browser.post("/settings/templates/new", data=TYPED)
    sent = {"agenda": "Dan", "place": "Here", "begin": "yes", "template": _ids(admin)[0]}
    page = browser.post(f"/clients/{cast.ben.client_id}/sessions/plan", data=sent)
    assert page.status_code == 200
    assert "Dan\n\n- What happened\n- One step" in page.text
    assert 'value="Here"' in page.text
    change = browser.post(f"/clients/{cast.ben.client_id}/sessions/{planned(cast)}/change", data=sent)
    assert "Dan\n\n- What happened\n- One step" in change.text
    assert (
        browser.post(f"/clients/{cast.ben.client_id}/sessions/plan", data=sent | {"template": str(uuid4())}).status_code
        == 404
    )
