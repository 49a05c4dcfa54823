"""What an invitation's page shares with all others is written once, and nobody reads on it what is another's."""

from uuid import UUID

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from coachhub.network.views import replies, reply_alike
from tests.cast import Cast
from tests.factories import Person, a_client, a_friend
from tests.network.conftest import Acting
from tests.network.letters import FRIDAY, MONDAY, THURSDAY, Letter, a_letter, a_phone

ODD = "Mal & <b>Søns</b> 100 %(name)s {{ who }} \\1"
LANGUAGES = ("en", "en-GB", "de", "ar")


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    return a_phone(cast)


def _letters(acting: Acting, cast: Cast) -> list[Letter]:
    """Of several clients, to friends near and far; with and without a place, and times."""

    def wrote(client: Person, friend: UUID, number: int) -> Letter:
        times = ((THURSDAY, FRIDAY), (MONDAY,), ())[number % 3]
        return a_letter(lambda: acting(client), friend, *times, place=("The Bear", ODD, "")[number // 2 % 3])

    people = [cast.ben, a_client(cast.app, cast.ana, ODD, "mal@example.com", time_zone="Asia/Amman")]
    people.append(a_client(cast.app, cast.ana, "ليلى حداد", "layla@example.com"))
    return [wrote(each, a_friend(cast.app, each, f"Pal {n}"), n) for each in people for n in range(6)]


def _pages(phone: FlaskClient, letters: list[Letter]) -> list[str]:
    asked = [(letter.path, {"Accept-Language": language}) for letter in letters for language in LANGUAGES]
    return [phone.get(path, headers=said).text for path, said in asked]


def test_it_is_the_page_that_is_written_for_one_alone(
    acting: Acting, cast: Cast, phone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = _letters(acting, cast)
    letters[0].say(phone, "no")
    letters[7].say(phone, "no")
    alike = _pages(phone, letters)
    monkeypatch.setattr(replies, "page_alike", lambda *_: None)
    assert alike == _pages(phone, letters)
    assert str(escape(ODD)) in "".join(alike)
    assert all(stand_in not in page for page in alike for stand_in in reply_alike._STAND_INS.values())


def test_it_is_written_once_for_many(acting: Acting, cast: Cast, phone: FlaskClient) -> None:
    first, second = (a_letter(acting, a_friend(cast.app, cast.ben, name), THURSDAY) for name in ("Eva", "Kim"))
    phone.get(first.path)
    before = reply_alike._pieces.cache_info()
    page = phone.get(second.path).text
    after = reply_alike._pieces.cache_info()
    assert (after.hits, after.misses) == (before.hits + 1, before.misses)
    assert (second.path in page, first.path in page) == (True, False)


def test_it_keeps_nothing_of_anybody(acting: Acting, cast: Cast, phone: FlaskClient) -> None:
    reply_alike._pieces.cache_clear()
    letter = a_letter(acting, cast.dan_id, THURSDAY, place="The Bear")
    page = phone.get(letter.path).text
    with cast.app.test_request_context("/"):
        words = reply_alike._Words(
            reply_alike.Standing.OPEN, reply_alike.ZoneInfo("Europe/London"), True, True, False, "en", ""
        )
        kept = "".join(reply_alike._pieces(words))
    for private in ("Ben", "The Bear", letter.path, "12 March"):
        assert (private in page, private in kept) == (True, False)


def test_it_says_more_where_there_is_more(acting: Acting, cast: Cast, phone: FlaskClient) -> None:
    letter = a_letter(acting, cast.dan_id, THURSDAY, FRIDAY)
    assert "what your friend sees" in cast.browser(cast.ben).get(letter.path).text
    assert "what your friend sees" not in phone.get(letter.path).text
    assert "has just gone" in phone.get(f"{letter.path}?said=taken").text
    letter.offer(phone, MONDAY)
    assert "You offered" in phone.get(letter.path).text
