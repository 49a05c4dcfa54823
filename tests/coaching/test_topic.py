"""What a client would like to talk about: asked by mail the day before, on a page of one field, or in the portal."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.coaching.rules.actions import may_say_topic
from coachhub.coaching.service.topics import topic_address
from coachhub.platform.clock import FixedClock
from coachhub.platform.tenancy import as_practice
from tests.cast import Cast
from tests.coaching.planned import IN_A_WEEK, cancel, planned
from tests.conftest import NOW


def _path(cast: Cast, session_id: UUID) -> str:
    """Where the mail of the day before leads, without the host."""
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        return topic_address(session_id).removeprefix("http://localhost")


def _topic(admin: psycopg.Connection, session_id: UUID) -> tuple[str, bool]:
    row = admin.execute("select topic, topic_at is not null from coaching_sessions where id = %s", [session_id])
    return row.fetchone()  # type: ignore[return-value]


def test_a_mailed_link_opens_a_page_of_one_field(
    cast: Cast,
    clock: FixedClock,
    admin: psycopg.Connection,
) -> None:
    session_id = planned(cast)
    path, browser = _path(cast, session_id), cast.browser()
    page = browser.get(path)
    assert page.text.count("<textarea") == 1
    assert "Session with Ana Alvarez" in page.text
    assert "Thursday 12 March, 12:00" in page.text
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert _topic(admin, session_id) == ("", False)
    answer = browser.post(path, data={"topic": "  A new job?\r\nOr stay? "})
    assert answer.status_code == 303
    assert "Kept. Ana Alvarez reads it before the session" in browser.get(answer.location).text
    assert _topic(admin, session_id) == ("A new job?\nOr stay?", True)
    assert "A new job?" in cast.browser(cast.ana).get(f"/clients/{cast.ben.client_id}/sessions/{session_id}").text


def test_what_is_said_can_be_changed_and_taken_back(cast: Cast, admin: psycopg.Connection) -> None:
    session_id, browser = planned(cast), cast.browser(cast.ben)
    for topic in ("A new job", "A new job", "A raise", ""):
        assert browser.post(f"/sessions/{session_id}/topic", data={"topic": topic}).status_code == 303
        assert _topic(admin, session_id) == (topic, bool(topic))
        assert topic in browser.get(f"/sessions/{session_id}").text


def test_what_is_too_long_stays_in_the_field(
    cast: Cast,
    clock: FixedClock,
) -> None:
    session_id, long = planned(cast), "x" * 1001
    mailed = cast.browser().post(_path(cast, session_id), data={"topic": long})
    own = cast.browser(cast.ben).post(f"/sessions/{session_id}/topic", data={"topic": long})
    for answer in (mailed, own):
        assert answer.status_code == 422
        assert "longer than 1000" in answer.text
        assert long in answer.text


@pytest.mark.parametrize(
    ("is_open", "after_end", "may"),
    [(True, -1, True), (True, 0, False), (False, -60, False)],
    ids=["last minute", "over", "off"],
)
def test_a_topic_is_said_until_the_session_is_over(is_open: bool, after_end: int, may: bool) -> None:
    assert may_say_topic(is_open, NOW, NOW + timedelta(minutes=after_end)) is may


@pytest.mark.parametrize("what", ["over", "cancelled"])
def test_nothing_is_said_once_the_session_is_over_or_off(
    cast: Cast,
    clock: FixedClock,
    admin: psycopg.Connection,
    what: str,
) -> None:
    session_id = planned(cast)
    path = _path(cast, session_id)
    if what == "cancelled":
        cancel(cast, session_id)
    else:
        clock.instant = IN_A_WEEK + timedelta(hours=1)
    page = cast.browser().get(path)
    assert page.status_code == 200
    assert "<textarea" not in page.text
    assert cast.browser().post(path, data={"topic": "Late"}).status_code == 409
    assert cast.browser(cast.ben).post(f"/sessions/{session_id}/topic", data={"topic": "Late"}).status_code == 409
    assert _topic(admin, session_id) == ("", False)


def test_a_link_that_is_not_ours_opens_nothing(cast: Cast) -> None:
    for path in ("/topic/no-such-token", "/todo/no-such-token"):
        assert cast.browser().get(path).status_code == 404
        assert cast.browser().post(path).status_code == 404
        assert "This link opens nothing" in cast.browser().get(path).text


def test_a_client_who_is_signed_out_gets_their_words_back(cast: Cast, admin: psycopg.Connection) -> None:
    session_id = planned(cast)
    answer = cast.browser().post(f"/sessions/{session_id}/topic", data={"topic": "A new job?\nOr stay?"})
    assert answer.status_code == 401
    assert "A new job?\nOr stay?</textarea>" in answer.text
    assert _topic(admin, session_id) == ("", False)
