"""The message to the chosen friend: tones, the client's own words, what it offers, and the link in it."""

import html
import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.network.service.drafts import unsent_draft
from coachhub.network.service.free_hours import keep_free_hours
from coachhub.network.service.reply_links import reply_address
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.habits.facts import give_habit, owning

LUNCH = {"hours": ["0-12:30", "1-12:30", "2-12:30", "3-12:30", "4-12:30"]}
OWN = {"tone": "light", "subject": "Hi", "body": "Dan, lunch?"}


@pytest.fixture
def ben(cast: Cast) -> FlaskClient:
    """Ben, free for lunch on weekdays, who has chosen Dan."""
    give_habit(cast)
    browser = cast.browser(cast.ben)
    browser.post("/my/free-hours", data=LUNCH)
    browser.post(f"/month/choose/{cast.dan_id}")
    return browser


def letter(browser: FlaskClient, query: str = "") -> str:
    """The text of the message on the page."""
    page = browser.get(f"/month?ask=write{query}").text
    found = re.search(r'id="letter">(.*?)</p>', page, re.DOTALL)
    assert found, page
    return html.unescape(found[1])


def hidden(browser: FlaskClient) -> dict[str, str]:
    """What the form that says "I sent it" holds."""
    page = browser.get("/month?ask=write").text
    form = page[page.index("/month/sent/") :]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', form[: form.index("</form>")], re.DOTALL)
    return {name: html.unescape(value) for name, value in fields}


def link_of(cast: Cast) -> str:
    """The reply link of the message to Dan."""
    with owning(cast, cast.ben) as owner:
        found = unsent_draft(owner, cast.dan_id)
        assert found is not None
        return reply_address(found.id)


def test_it_offers_the_next_free_hours_and_the_link(cast: Cast, ben: FlaskClient) -> None:
    text = letter(ben)
    assert "I am free Monday 9 March at 12:30, Wednesday 11 March at 12:30 or Friday 13 March at 12:30." in text
    assert text.count(link_of(cast)) == 1


def test_it_opens_the_link_with_the_same_times(cast: Cast, ben: FlaskClient) -> None:
    page = cast.browser().get(link_of(cast).removeprefix("http://localhost"))
    assert (page.status_code, "11 March" in page.text) == (200, True)


def test_it_puts_topic_times_and_place_into_every_tone(ben: FlaskClient, cast: Cast) -> None:
    offered = {"first": "2026-03-12T12:30", "place": "the Café", "ask": "your first year?", "tone": "warm"}
    assert ben.post(f"/month/times/{cast.dan_id}", data=offered).location == "/month?ask=write&tone=warm"
    for tone in ("warm", "light", "plain"):
        text = letter(ben, f"&tone={tone}")
        assert [part in text for part in ("Thursday 12 March at 12:30", "the Café", "your first year")] == [True] * 3
        assert "9 March" not in text


def test_it_offers_no_times_once_the_client_wants_none(ben: FlaskClient, cast: Cast) -> None:
    ben.post(f"/month/times/{cast.dan_id}", data={"tone": "warm"})
    assert "I am free" not in letter(ben)


def test_it_keeps_own_words_whatever_else_changes(ben: FlaskClient, cast: Cast) -> None:
    ben.post(f"/month/message/{cast.dan_id}", data=OWN)
    offered = {"first": "2026-03-12T12:30", "place": "the Café", "tone": "light"}
    assert ben.post(f"/month/times/{cast.dan_id}", data=offered).location == "/month?ask=write"
    ben.post("/my/free-hours", data={"hours": ["5-10:00"]})
    ben.post(f"/month/choose/{cast.dan_id}")
    assert "Dear Dan" in letter(ben, "&tone=warm")
    assert letter(ben) == "Dan, lunch?"
    page = ben.get("/month?ask=write").text
    assert "The times that you offer are not in them: Thursday 12 March at 12:30." in page
    assert link_of(cast) in page


def test_it_changes_the_times_inside_own_words(ben: FlaskClient, cast: Cast) -> None:
    own = letter(ben).replace("Dear Dan", "Dan, my dear")
    ben.post(f"/month/message/{cast.dan_id}", data={**OWN, "body": own})
    ben.post(f"/month/times/{cast.dan_id}", data={"first": "2026-03-12T12:30", "tone": "light"})
    text = letter(ben)
    assert text.startswith("Dan, my dear")
    assert "I am free Thursday 12 March at 12:30." in text
    assert "These are your own words" not in ben.get("/month").text


def test_it_writes_anew_only_when_asked(ben: FlaskClient, cast: Cast) -> None:
    ben.post(f"/month/message/{cast.dan_id}", data=OWN)
    for _ in range(2):
        assert ben.post(f"/month/anew/{cast.dan_id}", data={"tone": "light"}).status_code == 303
    assert letter(ben).startswith("Hi Dan,")
    assert "Your words" not in ben.get("/month").text


@pytest.mark.parametrize("first", ["2026-03-05T11:00", "2026-03-04T12:00", "1999-01-01T12:00"])
def test_it_refuses_a_time_that_has_passed(ben: FlaskClient, cast: Cast, first: str) -> None:
    answer = ben.post(f"/month/times/{cast.dan_id}", data={"first": first, "place": "Bear", "tone": "warm"})
    assert (answer.status_code, "first-error" in answer.text, 'value="Bear"' in answer.text) == (422, True, True)


def test_it_stands_fresh_times_in_for_those_that_have_passed(ben: FlaskClient, clock: FixedClock, cast: Cast) -> None:
    clock.advance(timedelta(days=10))
    assert "I am free Tuesday 17 March at 12:30, Thursday 19 March at 12:30 or" in letter(ben)
    ben.post(f"/month/sent/{cast.dan_id}", data=hidden(ben))
    with owning(cast, cast.ben) as owner:
        assert unsent_draft(owner, cast.dan_id) is None
    assert "Did Dan answer?" in ben.get("/month").text


def test_it_keeps_the_times_that_stood_in_the_message(
    ben: FlaskClient, cast: Cast, clock: FixedClock, admin: psycopg.Connection
) -> None:
    form = hidden(ben)
    clock.advance(timedelta(days=5))
    ben.post(f"/month/sent/{cast.dan_id}", data={**form, "channel": "share"})
    row = admin.execute("select proposed_times, channel, body from invitations").fetchone()
    assert row is not None
    assert [at.astimezone(UTC).day for at in row[0]] == [9, 11, 13]
    assert (row[1], row[2]) == ("share", form["body"])


@pytest.mark.parametrize("offered", ["nonsense", "2026-03-12T12:30:00", " ".join(["2026-03-12T12:30:00+00:00"] * 4)])
def test_it_takes_no_other_times_from_a_form(
    ben: FlaskClient, cast: Cast, admin: psycopg.Connection, offered: str
) -> None:
    ben.post(f"/month/sent/{cast.dan_id}", data={**hidden(ben), "offered": offered, "channel": "pigeon"})
    row = admin.execute("select proposed_times, channel from invitations").fetchone()
    assert row is not None
    assert ([at.astimezone(UTC).day for at in row[0]], row[1]) == ([9, 11, 13], "copy")


def test_it_shows_times_in_both_zones(cast: Cast) -> None:
    give_habit(cast)
    kim = a_friend(cast.app, cast.ben, "Kim Kerr", time_zone="America/New_York")
    with owning(cast, cast.ben) as owner:
        keep_free_hours(owner, [(3, datetime(2026, 3, 12, 12, 30, tzinfo=UTC).time())])
    browser = cast.browser(cast.ben)
    browser.post(f"/month/choose/{kim}")
    assert "Thursday 12 March at 08:30, Thursday 19 March at 08:30 or Thursday 26 March at 08:30 (New York time)" in (
        letter(browser)
    )
    page = browser.get("/month").text
    assert ('value="2026-03-12T12:30' in page, "For them: Thursday 12 March at 08:30" in page) == (True, True)


def test_it_prepares_one_message_however_often_somebody_is_chosen(
    ben: FlaskClient, cast: Cast, admin: psycopg.Connection
) -> None:
    fay = a_friend(cast.app, cast.ben, "Fay Ford")
    for friend_id in (cast.dan_id, fay, cast.dan_id, fay):
        ben.post(f"/month/choose/{friend_id}")
    ben.post(f"/month/sent/{fay}", data={"tone": "warm", "subject": "Hi", "body": "Fay"})
    ben.post(f"/month/choose/{fay}")
    counts = admin.execute("select count(*) from invitations group by friend_id order by 1").fetchall()
    assert counts == [(1,), (1,)]


def test_it_answers_no_stranger(cast: Cast, ben: FlaskClient) -> None:
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com")
    give_habit(cast, client=eve)
    for person in (cast.ana, cast.cleo, eve):
        assert cast.browser(person).post(f"/month/anew/{cast.dan_id}").status_code == 404
        assert cast.browser(person).post(f"/month/times/{cast.dan_id}").status_code == 404
