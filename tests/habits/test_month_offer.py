"""A friend answers under their link: the month asks the one thing that is left open, and says what was said."""

from datetime import timedelta
from html import unescape

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.habits.rules import Stage
from coachhub.network.service.offers import withdraw_invitation
from coachhub.network.service.owner import Owner
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_friend
from tests.habits.facts import give_habit, how_is, owning
from tests.habits.test_month_page import asks
from tests.network.letters import FRIDAY, MONDAY, SATURDAY, THURSDAY, Letter, a_letter, a_phone


@pytest.fixture
def ben(cast: Cast) -> FlaskClient:
    """Ben with the habit, signed in, and another friend he could see."""
    give_habit(cast)
    a_friend(cast.app, cast.ben, "Eva Ek")
    return cast.browser(cast.ben)


@pytest.fixture
def letter(cast: Cast, ben: FlaskClient) -> Letter:
    """Ben has chosen Dan and written to him."""
    ben.post(f"/month/choose/{cast.dan_id}")
    return a_letter(lambda: owning(cast, cast.ben), cast.dan_id, THURSDAY, FRIDAY)


def test_it_asks_whether_another_time_will_do(cast: Cast, ben: FlaskClient, letter: Letter) -> None:
    assert asks(ben) == "Did Dan answer?"
    letter.offer(a_phone(cast), SATURDAY, MONDAY)
    assert asks(ben) == "Dan offers another time"
    page = ben.get("/month").text
    assert f"/invitations/{letter.id}/others" in page
    ben.post(f"/invitations/{letter.id}/accept", data={"at": MONDAY.isoformat(), "version": "1"})
    assert how_is(cast).stage is Stage.AGREED
    assert "Monday 16 March" in unescape(ben.get("/month").text)


def test_it_goes_on_to_the_date_once_the_friend_says_yes(cast: Cast, ben: FlaskClient, letter: Letter) -> None:
    letter.choose(a_phone(cast), THURSDAY)
    page = ben.get("/month").text
    assert "Dan said yes." in page
    assert how_is(cast).stage is Stage.AGREED


@pytest.mark.parametrize(("what", "words"), [("", "Dan said yes."), ("off", "Dan had to call it off")])
def test_it_says_what_the_friend_did_though_the_clock_goes_on_while_they_do_it(
    cast: Cast, ben: FlaskClient, letter: Letter, admin: psycopg.Connection, what: str, words: str
) -> None:
    letter.choose(a_phone(cast), THURSDAY)
    if what:
        letter.say(a_phone(cast), what)
    admin.execute("update invitations set answered_at = answered_at + interval '1 millisecond'")
    assert words in ben.get("/month", follow_redirects=True).text


@pytest.mark.parametrize("what", ["no", "off"])
def test_it_goes_on_with_somebody_else_after_a_friends_no(
    cast: Cast, ben: FlaskClient, letter: Letter, what: str
) -> None:
    if what == "off":
        letter.choose(a_phone(cast), THURSDAY)
    letter.say(a_phone(cast), what, note="In bed with a cold")
    assert asks(ben) == "How about Eva Ek?"
    page = ben.get("/month").text
    assert "In bed with a cold" in page
    assert ("Dan had to call it off" if what == "off" else "Dan cannot this time") in page


def test_it_lets_the_same_friend_be_chosen_again(
    cast: Cast, ben: FlaskClient, letter: Letter, clock: FixedClock
) -> None:
    letter.say(a_phone(cast), "no")
    clock.advance(timedelta(minutes=1))
    ben.post(f"/month/choose/{cast.dan_id}")
    assert "Your message to Dan" in asks(ben)


def test_it_reaches_the_step_by_an_answer_to_what_was_not_ticked_as_sent(cast: Cast, ben: FlaskClient) -> None:
    ben.post(f"/month/choose/{cast.dan_id}")
    letter = a_letter(lambda: owning(cast, cast.ben), cast.dan_id, THURSDAY, is_sent=False)
    letter.offer(a_phone(cast), MONDAY)
    assert how_is(cast).stage is Stage.INVITED
    assert asks(ben) == "Dan offers another time"


def test_it_goes_on_with_somebody_else_once_it_is_taken_back(cast: Cast, ben: FlaskClient, letter: Letter) -> None:
    owner: Owner
    with owning(cast, cast.ben) as owner:
        withdraw_invitation(owner, letter.id)
    assert asks(ben) == "How about Eva Ek?"


def test_it_asks_without_a_habit_too(cast: Cast) -> None:
    letter = a_letter(lambda: owning(cast, cast.ben), cast.dan_id, THURSDAY)
    letter.offer(a_phone(cast), MONDAY)
    assert asks(cast.browser(cast.ben)) == "Dan offers another time"
