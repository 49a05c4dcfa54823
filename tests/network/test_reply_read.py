"""What a friend's page reads: all of it in one statement, and the same as the client's own pages would say."""

from datetime import time

import pytest
from flask.testing import FlaskClient

from coachhub.network.service.free_hours import free_times, keep_free_hours
from coachhub.network.service.meetups import agree_meetup
from coachhub.platform.language import date_words
from tests.cast import Cast
from tests.factories import a_friend
from tests.network.conftest import Acting
from tests.network.letters import FRIDAY, MONDAY, THURSDAY, a_letter, a_phone
from tests.statements import asked


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    return a_phone(cast)


@pytest.mark.parametrize("is_proposed", [False, True])
def test_it_offers_free_times_where_none_is_proposed_or_left(
    acting: Acting, cast: Cast, phone: FlaskClient, is_proposed: bool
) -> None:
    letter = a_letter(acting, cast.dan_id, *([FRIDAY] if is_proposed else []))
    other = a_friend(cast.app, cast.ben, "Eva")
    with acting() as ben:
        keep_free_hours(ben, [(day, time(12, 30)) for day in range(5)])
        agree_meetup(ben, other, FRIDAY)
        expected = free_times(ben, 6)
    with asked(cast.app) as statements:
        page = phone.get(letter.path).text
    with cast.app.test_request_context("/"):
        words = [f"{date_words(at, 'Europe/London')}, 12:30" for at in expected]
    assert len(words) == 6
    assert all(each in page for each in words)
    assert page.count('name="at"') == 6
    assert is_proposed or len(statements) == 1


def test_it_asks_once_whatever_it_shows(acting: Acting, cast: Cast, phone: FlaskClient) -> None:
    letter = a_letter(acting, cast.dan_id, THURSDAY, FRIDAY)
    for answer in (None, "offered", "agreed", "off"):
        if answer == "offered":
            letter.offer(phone, MONDAY)
        elif answer == "agreed":
            letter.choose(phone, THURSDAY)
        elif answer == "off":
            letter.say(phone, "off")
        with asked(cast.app) as statements:
            assert phone.get(letter.path).status_code == 200
        assert len(statements) == 1, answer
