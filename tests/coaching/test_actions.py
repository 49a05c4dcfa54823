"""What coach and client agree to do: written down once, carried over while open, ticked by either side."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.exc import ProgrammingError

from coachhub.coaching.models import Action, Party
from coachhub.coaching.rules.actions import is_late
from coachhub.coaching.service.actions import actions_between, actions_of_coach, actions_of_session, open_actions
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.coaching.agreed import agreed, tick
from tests.coaching.planned import planned
from tests.conftest import NOW
from tests.factories import Person, a_client, a_coach

FRIDAY = date(2026, 3, 13)


def _of_ben(cast: Cast, rest: str = "") -> str:
    return f"/clients/{cast.ben.client_id}/actions{rest}"


def _typed(**more: str) -> dict[str, str]:
    typed = {"text": "Call Eva", "owner": "client", "due_on": "2026-03-13", "action_id": str(uuid4())} | more
    return {f"action-{name}": value for name, value in typed.items()}


def _stands(admin: psycopg.Connection, action_id: UUID) -> tuple[Any, ...]:
    """Whether it is done, by which side, and whether it is dropped."""
    row = admin.execute(
        "select done_at is not null, done_by, dropped_at is not null from actions where id = %s", [action_id]
    ).fetchone()
    assert row is not None
    return row


def _add(browser: FlaskClient, cast: Cast, **more: str) -> Any:
    return browser.post(_of_ben(cast), data=_typed(**more))


def test_it_writes_an_action_down_from_the_page_of_a_session(cast: Cast) -> None:
    session_id = planned(cast)
    page, browser = f"/clients/{cast.ben.client_id}/sessions/{session_id}", cast.browser(cast.ana)
    assert f'action="{_of_ben(cast)}"' in browser.get(page).text
    answer = browser.post(_of_ben(cast), data=_typed(session_id=str(session_id)) | {"next": page})
    assert (answer.status_code, answer.location) == (303, page)
    shown = browser.get(page).text
    assert "Call Eva" in shown
    assert "Ben Berger · by Friday 13 March" in shown
    assert "Call Eva" in browser.get(f"/clients/{cast.ben.client_id}").text


def test_it_writes_down_once_for_a_second_click(cast: Cast, admin: psycopg.Connection) -> None:
    browser, typed = cast.browser(cast.ana), _typed()
    for _ in range(2):
        assert browser.post(_of_ben(cast), data=typed).status_code == 303
    assert admin.execute("select count(*) from actions").fetchone() == (1,)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": " "}, "Write it in a few words"),
        ({"text": "x" * 301}, "longer than 300"),
        ({"owner": "friend"}, "Not a valid choice"),
        ({"due_on": "2026-03-04"}, "already passed"),
        ({"due_on": "2226-03-04"}, "too far away"),
        ({"due_on": "soon"}, "Not a valid date"),
    ],
    ids=["nothing", "too long", "whose", "passed", "too far", "no day"],
)
def test_it_keeps_what_was_typed_where_it_cannot_be_written_down(
    cast: Cast, admin: psycopg.Connection, typed: dict[str, str], words: str
) -> None:
    answer = _add(cast.browser(cast.ana), cast, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert admin.execute("select count(*) from actions").fetchone() == (0,)
    if "text" not in typed:
        assert 'value="Call Eva"' in answer.text


def test_it_gives_words_back_to_whoever_is_signed_out(cast: Cast, admin: psycopg.Connection) -> None:
    action_id, typed = agreed(cast), _typed(text="Write to Eva about the new job")
    for path in (_of_ben(cast), _of_ben(cast, f"/{action_id}/change")):
        answer = cast.browser().post(path, data=typed)
        assert answer.status_code == 401
        assert "Write to Eva about the new job</textarea>" in answer.text
        assert f'value="{typed["action-action_id"]}"' in answer.text
    assert admin.execute("select text from actions").fetchall() == [("Call Eva",)]


def test_it_refuses_a_session_with_somebody_else(cast: Cast) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com")
    session_id = planned(cast, client=fay)
    assert _add(cast.browser(cast.ana), cast, session_id=str(session_id)).status_code == 404


def test_it_gives_the_coachs_part_to_whoever_holds_the_session(cast: Cast, admin: psycopg.Connection) -> None:
    sam = a_coach(cast.app, cast.ana, "Sam Okafor", "sam@example.com")
    session_id = planned(cast, coach_id=sam.user_id)
    _add(cast.browser(cast.ana), cast, session_id=str(session_id), owner="coach")
    assert admin.execute("select coach_id, created_by from actions").fetchone() == (sam.user_id, cast.ana.user_id)


def test_it_changes_words_day_and_owner(cast: Cast) -> None:
    action_id, browser = agreed(cast, due_on=FRIDAY), cast.browser(cast.ana)
    assert "Call Eva" in browser.get(_of_ben(cast, f"/{action_id}/change")).text
    typed = _typed(text="Write to Eva", owner="coach", due_on="2026-03-20")
    assert browser.post(_of_ben(cast, f"/{action_id}/change"), data=typed).status_code == 303
    assert "Write to Eva" in browser.get(_of_ben(cast)).text
    assert "Ana Alvarez · by Friday 20 March" in browser.get(_of_ben(cast)).text


def test_a_day_that_has_passed_may_stay_and_is_shown_as_late(cast: Cast, clock: FixedClock) -> None:
    action_id, browser = agreed(cast, due_on=FRIDAY), cast.browser(cast.ana)
    clock.advance(timedelta(days=20))
    assert "was for Friday 13 March" in browser.get(_of_ben(cast)).text
    assert ">Late<" in browser.get(_of_ben(cast)).text
    assert browser.post(_of_ben(cast, f"/{action_id}/change"), data=_typed(text="Soon")).status_code == 303
    passed = _typed(due_on="2026-03-14")
    assert browser.post(_of_ben(cast, f"/{action_id}/change"), data=passed).status_code == 422


@pytest.mark.parametrize(
    ("due_on", "late"), [(None, False), (FRIDAY, False), (FRIDAY - timedelta(days=1), True)], ids=["none", "on", "past"]
)
def test_an_action_is_late_only_after_its_day(due_on: date | None, late: bool) -> None:
    assert is_late(due_on, FRIDAY) is late


def test_it_is_done_and_taken_up_again_by_either_side(cast: Cast, admin: psycopg.Connection) -> None:
    action_id = agreed(cast)
    ben, ana = cast.browser(cast.ben), cast.browser(cast.ana)
    for _ in range(2):
        assert ben.post(f"/actions/{action_id}/done").status_code == 303
    assert _stands(admin, action_id) == (True, "client", False)
    assert tick(cast, cast.ana, action_id) == 303  # too late to be the coach's doing
    assert _stands(admin, action_id) == (True, "client", False)
    ana.post(_of_ben(cast, f"/{action_id}/open"))
    assert _stands(admin, action_id) == (False, None, False)
    tick(cast, cast.ana, action_id)
    assert _stands(admin, action_id) == (True, "coach", False)
    ben.post(f"/actions/{action_id}/open")
    assert _stands(admin, action_id) == (False, None, False)


def test_it_is_dropped_and_taken_up_again_by_the_coach_alone(cast: Cast, admin: psycopg.Connection) -> None:
    action_id, ana, ben = agreed(cast), cast.browser(cast.ana), cast.browser(cast.ben)
    for _ in range(2):
        assert ana.post(_of_ben(cast, f"/{action_id}/drop")).status_code == 303
    assert _stands(admin, action_id) == (False, None, True)
    assert ben.post(f"/actions/{action_id}/done").status_code == 409
    assert ben.post(f"/actions/{action_id}/open").status_code == 409
    assert ana.get(_of_ben(cast, f"/{action_id}/change")).status_code == 409
    assert ana.post(_of_ben(cast, f"/{action_id}/change"), data=_typed()).status_code == 409
    assert "Call Eva" not in ben.get("/month").text
    ana.post(_of_ben(cast, f"/{action_id}/open"))
    assert "Call Eva" in ben.get("/month").text
    tick(cast, cast.ana, action_id)
    assert ana.post(_of_ben(cast, f"/{action_id}/drop")).status_code == 409


def test_the_client_ticks_on_the_month_the_list_and_the_session(cast: Cast, clock: FixedClock) -> None:
    session_id = planned(cast)
    action_id = agreed(cast, session_id=session_id)
    browser = cast.browser(cast.ben)
    for page in ("/month", "/sessions", "/actions", f"/sessions/{session_id}"):
        shown = browser.get(page).text
        assert "Call Eva" in shown, page
        assert f"/actions/{action_id}/done" in shown, page
    browser.post(f"/actions/{action_id}/done", data={"next": "/month"})
    assert f"/actions/{action_id}/done" not in browser.get("/month").text
    assert "done on Thursday 5 March" in browser.get("/actions").text


def test_the_client_reads_what_the_coach_does_and_cannot_tick_it(cast: Cast) -> None:
    action_id = agreed(cast, "Send the model letter", owner=Party.COACH)
    browser = cast.browser(cast.ben)
    assert "Ana Alvarez does this" in browser.get("/actions").text
    assert f"/actions/{action_id}/done" not in browser.get("/actions").text
    assert browser.post(f"/actions/{action_id}/done").status_code == 409


def test_open_actions_are_carried_over_to_the_next_session(cast: Cast, clock: FixedClock) -> None:
    first = planned(cast, NOW + timedelta(days=1))
    left, done = agreed(cast, "Call Eva", session_id=first), agreed(cast, "Write to Max", session_id=first)
    tick(cast, cast.ben, done)
    clock.advance(timedelta(days=20))
    second = planned(cast, NOW + timedelta(days=28))
    page = cast.browser(cast.ana).get(f"/clients/{cast.ben.client_id}/sessions/{second}").text
    assert "Open from before" in page
    assert f"/actions/{left}/done" in page
    assert f"/actions/{done}/" not in page
    assert "Call Eva" in cast.browser(cast.ben).get(f"/sessions/{second}").text


def test_it_answers_for_many_clients_a_period_and_a_session(cast: Cast, clock: FixedClock) -> None:
    session_id, fay = planned(cast), a_client(cast.app, cast.ana, "Fay Far", "fay@example.com")
    undated = agreed(cast, "Undated")
    dated = agreed(cast, "Dated", FRIDAY, session_id=session_id)
    other, dropped = agreed(cast, "Fay's", client=fay), agreed(cast, "Dropped", session_id=session_id)
    cast.browser(cast.ana).post(_of_ben(cast, f"/{dropped}/drop"))
    clock.advance(timedelta(days=3))
    tick(cast, cast.ben, undated)
    assert cast.ben.client_id is not None
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        found = open_actions([cast.ben.client_id, fay.client_id or uuid4(), uuid4()])
        assert {key: [each.id for each in rows] for key, rows in found.items()} == {
            cast.ben.client_id: [dated],
            fay.client_id: [other],
        }
        assert [each.id for each in actions_of_session(session_id)] == [dated]
        later = actions_between(cast.ben.client_id, NOW + timedelta(days=2), NOW + timedelta(days=4))
        assert [each.id for each in later] == [undated]
        assert len(actions_between(cast.ben.client_id, NOW, NOW + timedelta(days=1))) == 2
        assert open_actions([]) == {}


def test_it_finds_what_the_coach_has_to_do_by_a_day(cast: Cast) -> None:
    sam = a_coach(cast.app, cast.ana, "Sam Okafor", "sam@example.com")
    due = agreed(cast, "Send the letter", FRIDAY, owner=Party.COACH)
    agreed(cast, "Later", FRIDAY + timedelta(days=1), owner=Party.COACH)
    agreed(cast, "Ben's", FRIDAY)
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        assert [each.id for each in actions_of_coach(cast.ana.user_id, FRIDAY)] == [due]
        assert [each.id for each in actions_of_coach(None, FRIDAY)] == [due]
        assert actions_of_coach(sam.user_id, FRIDAY) == ()


def _change_as(cast: Cast, person: Person, **values: object) -> int:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, person.user_id):
        return db.session.execute(update(Action).values(**values)).rowcount  # type: ignore[attr-defined]


def test_the_database_shows_an_action_to_its_client_and_to_staff_alone(cast: Cast) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com")
    agreed(cast)
    agreed(cast, "The coach's", owner=Party.COACH)
    counts = {}
    for name, person in {"ana": cast.ana, "ben": cast.ben, "fay": fay, "cleo": cast.cleo}.items():
        with cast.app.app_context(), as_practice(person.practice_id, person.user_id):
            counts[name] = db.session.scalar(text("select count(*) from actions"))
    assert counts == {"ana": 2, "ben": 2, "fay": 0, "cleo": 0}
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        assert db.session.scalar(text("select count(*) from actions")) == 0


def test_the_database_lets_a_client_change_only_what_is_theirs(cast: Cast) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com")
    agreed(cast)
    agreed(cast, "The coach's", owner=Party.COACH)
    assert _change_as(cast, cast.ben, changed_at=NOW) == 1
    assert _change_as(cast, fay, changed_at=NOW) == 0
    assert _change_as(cast, cast.ana, changed_at=NOW) == 2
    with pytest.raises(ProgrammingError):
        _change_as(cast, cast.ben, owner="coach")


def test_a_client_cannot_add_actions_and_another_client_finds_none(cast: Cast) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com")
    action_id = agreed(cast)
    assert _add(cast.browser(cast.ben), cast).status_code == 404
    assert cast.browser(fay).post(f"/actions/{action_id}/done").status_code == 404
    assert "Call Eva" not in cast.browser(fay).get("/actions").text
