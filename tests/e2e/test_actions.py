"""From the mail of the day before, over the brief and what is agreed, to the tick behind the mail of the day."""

from datetime import timedelta

import psycopg
import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.coaching.agreed import agreed
from tests.coaching.planned import IN_A_WEEK, planned
from tests.e2e.conftest import Opener
from tests.e2e.post import Post
from tests.e2e.window import LOOKS, Window

pytestmark = pytest.mark.browser
JAVASCRIPT = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])


def _link(post: Post, place: str) -> str:
    """The link of that kind in Ben's newest mail."""
    return next(word for word in post.texts("ben@example.com")[-1].split() if place in word)


def _faultless(window: Window, *, javascript: bool = True) -> None:
    assert window.faults(axe=javascript) == []


@JAVASCRIPT
def test_a_client_says_what_to_talk_about_and_the_coach_is_briefed(
    people: Cast, post: Post, clock: FixedClock, open_window: Opener, javascript: bool
) -> None:
    session_id = planned(people)
    clock.instant = IN_A_WEEK - timedelta(days=1)
    post.send()
    window = open_window(javascript=javascript)
    window.visit(_link(post, "/topic/"))
    window.fill("What would you like to talk about?", "Whether to take the new job")
    window.press("Tell Ana Alvarez")
    window.reads("Kept. Ana Alvarez reads it before the session")
    _faultless(window, javascript=javascript)
    coach = open_window(people.ana, javascript=javascript)
    coach.visit(f"/clients/{people.ben.client_id}/sessions/{session_id}")
    coach.reads("Whether to take the new job")
    coach.reads("This is your first session.")
    _faultless(coach, javascript=javascript)


@JAVASCRIPT
def test_what_is_agreed_is_ticked_behind_the_mail_of_its_day(
    people: Cast, post: Post, clock: FixedClock, open_window: Opener, javascript: bool
) -> None:
    session_id = planned(people)
    coach = open_window(people.ana, javascript=javascript)
    coach.visit(f"/clients/{people.ben.client_id}/sessions/{session_id}")
    coach.page.get_by_text("Write down what you agreed on").click()
    coach.fill("What was agreed?", "Call Eva")
    coach.fill("Until when?", "2026-03-20")
    coach.press("Write it down")
    coach.reads("Ben Berger · by Friday 20 March")
    clock.instant = IN_A_WEEK + timedelta(days=8)
    post.send()
    client = open_window(javascript=javascript)
    client.visit(_link(post, "/todo/"))
    client.press("Done: Call Eva")
    client.asks("Everything is done")
    _faultless(client, javascript=javascript)
    client.press("Not done yet: Call Eva")
    client.asks("What you agreed on")
    client.press("Done: Call Eva")
    client.asks("Everything is done")
    coach.visit(f"/clients/{people.ben.client_id}/actions")
    coach.reads("done on Friday 20 March")


@JAVASCRIPT
def test_it_writes_one_action_down_for_two_clicks(
    people: Cast, open_window: Opener, admin: psycopg.Connection, javascript: bool
) -> None:
    window = open_window(people.ana, javascript=javascript)
    window.visit(f"/clients/{people.ben.client_id}/actions")
    window.fill("What was agreed?", "Call Eva")
    with window.page.expect_event("framenavigated"):
        window.page.get_by_role("button", name="Write it down").dblclick(no_wait_after=True)
    window.page.wait_for_load_state("networkidle")
    assert admin.execute("select count(*) from actions").fetchone() == (1,)


def test_what_was_typed_stays_beside_what_is_wrong_with_it(people: Cast, open_window: Opener) -> None:
    window = open_window(people.ana)
    window.visit(f"/clients/{people.ben.client_id}/actions")
    window.fill("What was agreed?", "Call Eva")
    window.fill("Until when?", "2026-03-01")
    window.press("Write it down")
    window.reads("Please look at this again")
    assert window.page.get_by_label("What was agreed?").input_value() == "Call Eva"
    _faultless(window)


def test_its_pages_are_well_made(people: Cast, open_window: Opener) -> None:
    session_id, long = planned(people), "A long step " * 20
    for words in ("Call Eva", long, "اكتب إلى ماكس"):
        agreed(people, words, session_id=session_id)
    of_ben = f"/clients/{people.ben.client_id}"
    coach, client = open_window(people.ana), open_window(people.ben)
    for path in (f"{of_ben}/actions", f"{of_ben}/sessions/{session_id}", "/today"):
        coach.visit(path)
        assert coach.faults_in(LOOKS) == [], path
    for path in ("/actions", f"/sessions/{session_id}", "/sessions", "/month"):
        client.visit(path)
        assert client.faults_in(LOOKS) == [], path


def test_links_that_lead_nowhere_say_so(people: Cast, open_window: Opener) -> None:
    window = open_window()
    for path in ("/todo/nothing", "/topic/nothing"):
        assert window.visit(path).status == 404
        window.asks("This link opens nothing")
        _faultless(window)
