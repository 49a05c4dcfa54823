"""The short messages around the invitation: the second one, the thank-you, the warm-up."""

from datetime import date, timedelta

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.habits.facts import give_habit, how_is, meet, owning, utc
from tests.habits.test_month_page import asks
from tests.habits.test_write_page import LUNCH, letter

WORDS = {"tone": "warm", "subject": "Hi", "body": "Dear Dan"}
HELD = {"feeling": "3", "minutes": "45", "learned": "She paints now", "day": "2026-03-04", "at": "12:00"}


@pytest.fixture
def ben(cast: Cast) -> FlaskClient:
    """Ben with the habit since March, signed in."""
    give_habit(cast)
    return cast.browser(cast.ben)


@pytest.fixture
def waiting(cast: Cast, ben: FlaskClient) -> FlaskClient:
    """Ben, free for lunch, who has written to Dan on 5 March and offered the 9th, 11th and 13th."""
    ben.post("/my/free-hours", data=LUNCH)
    ben.post(f"/month/sent/{cast.dan_id}", data=WORDS)
    return ben


def follow_up_page(browser: FlaskClient) -> str:
    page = browser.get("/month?ask=follow_up").text
    assert "small wave is enough" in page
    return page


def test_it_follows_up_with_the_times_that_are_still_to_come(
    cast: Cast, waiting: FlaskClient, clock: FixedClock
) -> None:
    clock.instant = utc(3, 10)
    assert waiting.post("/month/follow-up").location == "/month?ask=follow_up"
    page = follow_up_page(waiting)
    assert "Wednesday 11 March at 12:30, Thursday 12 March at 12:30 or Friday 13 March at 12:30" in page.replace(
        "\n", " "
    )
    assert "9 March" not in page


def test_it_says_that_it_was_sent_and_waits_again(
    cast: Cast, waiting: FlaskClient, clock: FixedClock, admin: psycopg.Connection
) -> None:
    clock.instant = utc(3, 16)
    waiting.post("/month/follow-up")
    for _ in range(2):
        assert waiting.post("/month/followed-up").location == "/month"
    page = waiting.get("/month").text
    assert "You wrote on Thursday 5 March, and again on Monday 16 March." in page
    assert asks(waiting, "?ask=follow_up") == "Did Dan answer?"
    row = admin.execute("select count(*), min(followed_up_at), min(proposed_times) from invitations").fetchone()
    assert row is not None
    assert (row[0], row[1]) == (1, utc(3, 16))
    assert [at.day for at in row[2]] == [18, 20, 23]


def test_it_opens_the_first_link_with_the_fresh_times(cast: Cast, waiting: FlaskClient, clock: FixedClock) -> None:
    clock.instant = utc(3, 16)
    waiting.post("/month/follow-up")
    address = follow_up_page(waiting).split("http://localhost/r/")[1].split()[0]
    assert "18 March" in cast.browser().get(f"/r/{address}").text


def test_it_waits_longer_after_a_second_message(cast: Cast, waiting: FlaskClient, clock: FixedClock) -> None:
    clock.instant = utc(4, 10)
    waiting.post("/month/followed-up")
    clock.instant = utc(5, 10)
    assert asks(waiting) == "Did Dan answer?"


def test_it_takes_no_second_message_where_none_was_sent(
    cast: Cast, ben: FlaskClient, admin: psycopg.Connection
) -> None:
    ben.post(f"/month/choose/{cast.dan_id}")
    assert ben.post("/month/follow-up").status_code == 303
    assert ben.post("/month/followed-up").location == "/month"
    assert admin.execute("select count(followed_up_at) from invitations").fetchone() == (0,)


@pytest.fixture
def met(cast: Cast, ben: FlaskClient) -> str:
    """The address of the thank-you for a meetup with Dan that Ben has written down."""
    there = ben.post(f"/friends/{cast.dan_id}/met", data=HELD).location
    return f"{there}/thanks"


def test_it_thanks_once_and_says_no_more(cast: Cast, ben: FlaskClient, met: str, admin: psycopg.Connection) -> None:
    assert "Thank Dan Dorsey in two lines" in ben.get("/month").text
    page = ben.get(met).text
    assert [part for part in ("Thank you for taking", "She paints now", "mailto:dan@") if part not in page] == []
    for _ in range(2):
        assert ben.post(f"{met}?next=/month").location == "/month"
    assert "in two lines" not in ben.get("/month").text
    assert "Thanked on Thursday 5 March." in ben.get(met.removesuffix("/thanks")).text
    assert admin.execute("select count(thanked_at) from logs").fetchone() == (1,)


def test_it_asks_for_thanks_for_a_few_days_only(ben: FlaskClient, met: str, clock: FixedClock) -> None:
    clock.advance(timedelta(days=11))
    assert "in two lines" not in ben.get("/month").text


def test_it_thanks_for_nothing_that_has_not_happened(cast: Cast, ben: FlaskClient) -> None:
    with owning(cast, cast.ben) as owner:
        meetup_id = meet(owner, cast.dan_id, utc(3, 20), agreed_at=utc(3, 4))
    assert ben.get(f"/meetups/{meetup_id}/thanks").status_code == 404
    assert ben.post(f"/meetups/{meetup_id}/thanks").status_code == 404


def test_it_shows_thanks_to_nobody_else(cast: Cast, met: str) -> None:
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com")
    for person in (cast.ana, cast.cleo, eve):
        assert cast.browser(person).get(met).status_code == 404
        assert cast.browser(person).post(met).status_code == 404


@pytest.fixture
def first_time(cast: Cast, ben: FlaskClient) -> FlaskClient:
    """Ben before his very first message, to Dan; Fay and Gus could be reached, and Hal could not."""
    a_friend(cast.app, cast.ben, "Fay Ford", date(2026, 2, 1), email="fay@example.net")
    a_friend(cast.app, cast.ben, "Gus Grant", date(2025, 9, 1), phone="+447700900123")
    a_friend(cast.app, cast.ben, "Hal Hope", date(2026, 3, 1))
    ben.post(f"/month/choose/{cast.dan_id}")
    return ben


def test_it_warms_up_with_the_warmest_who_can_be_reached(cast: Cast, first_time: FlaskClient) -> None:
    assert "Say hello to Fay" in first_time.get("/month").text
    page = first_time.get("/month/warm-up").text
    assert ("Hi Fay," in page, "/r/" in page, "Gus Grant" in page) == (True, False, True)


def test_it_takes_a_warm_up_for_no_contact_and_asks_no_more(
    cast: Cast, first_time: FlaskClient, admin: psycopg.Connection
) -> None:
    row = admin.execute("select id from friends where name = 'Fay Ford'").fetchone()
    assert row is not None
    for _ in range(2):
        assert first_time.post(f"/month/warm-up/{row[0]}").location == "/month"
    contacts = admin.execute(
        "select count(*), min(how), min(last_contact_on) from contacts, friends f where f.id = %s "
        "and friend_id = f.id and how = 'warm_up'",
        [row[0]],
    ).fetchone()
    assert contacts == (1, "warm_up", date(2026, 2, 1))
    assert "Say hello to" not in first_time.get("/month").text
    assert first_time.get("/month/warm-up").location == "/month"
    assert how_is(cast).steps.invited_at is None


def test_it_offers_a_warm_up_until_it_was_skipped_twice(first_time: FlaskClient) -> None:
    for is_offered in (True, True, False):
        assert ("Say hello to" in first_time.get("/month").text) is is_offered
        first_time.post("/month/warm-up/skip")


def test_it_offers_no_warm_up_once_something_was_sent(cast: Cast, first_time: FlaskClient, clock: FixedClock) -> None:
    first_time.post(f"/month/sent/{cast.dan_id}", data=WORDS)
    first_time.post("/month/answer", data={"answer": "no"})
    clock.advance(timedelta(days=1))
    first_time.post(f"/month/choose/{cast.dan_id}")
    assert letter(first_time)
    assert "Say hello to" not in first_time.get("/month").text
    assert first_time.get("/month/warm-up").location == "/month"


def test_it_warms_up_with_nobody_elses_friend(cast: Cast, first_time: FlaskClient) -> None:
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com")
    for person in (cast.ana, cast.cleo, eve):
        assert cast.browser(person).post(f"/month/warm-up/{cast.dan_id}").status_code == 404
