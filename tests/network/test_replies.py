"""The friend's page: one tap, other times, a kind no; moved and called off under the same link."""

import pytest
from flask.testing import FlaskClient

from coachhub.network.service.meetups import MeetupStatus, live_meetup
from tests.cast import Cast
from tests.network.conftest import Acting
from tests.network.letters import FRIDAY, MONDAY, SATURDAY, THURSDAY, Letter, a_letter, a_phone


@pytest.fixture
def letter(acting: Acting, cast: Cast) -> Letter:
    """Ben wrote to Dan and proposes Thursday and Friday at The Bear."""
    return a_letter(acting, cast.dan_id, THURSDAY, FRIDAY)


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    return a_phone(cast)


def test_it_says_who_writes_and_which_times_are_proposed(letter: Letter, phone: FlaskClient) -> None:
    page = phone.get(letter.path)
    assert page.status_code == 200
    assert "Ben Berger would like to see you again" in page.text
    assert "Thursday 12 March, 12:30" in page.text
    assert "Times are those of London." in page.text


def test_it_is_a_date_by_one_tap(letter: Letter, phone: FlaskClient, acting: Acting) -> None:
    page = letter.choose(phone, THURSDAY).text
    assert "Thursday 12 March, 12:30" in page
    assert "It is a date: The Bear." in page
    with acting() as ben:
        found = live_meetup(ben, letter.id)
    assert found is not None
    assert (found.starts_at, found.place, found.status) == (THURSDAY, "The Bear", MeetupStatus.SCHEDULED)


def test_it_offers_other_times(letter: Letter, phone: FlaskClient) -> None:
    page = letter.offer(phone, SATURDAY, MONDAY, note="Rather <b>later</b>").text
    assert "Ben has your times" in page
    assert "Saturday 14 March, 12:30" in page


def test_it_declines_kindly_and_lets_the_friend_change_their_mind(letter: Letter, phone: FlaskClient) -> None:
    assert "Ben knows. Thank you" in letter.say(phone, "no", note="A full month").text
    assert "It is a date" in letter.choose(phone, FRIDAY).text


def test_it_moves_and_calls_off_under_the_same_link(letter: Letter, phone: FlaskClient, acting: Acting) -> None:
    letter.choose(phone, THURSDAY)
    assert "this one stands" in letter.offer(phone, MONDAY).text
    assert "Not this time" in letter.say(phone, "off").text
    with acting() as ben:
        found = live_meetup(ben, letter.id)
    assert found is not None
    assert (found.status, found.cancelled_by, found.sequence) == (MeetupStatus.CANCELLED, "friend", 1)
