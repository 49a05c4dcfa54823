"""What a friend offers instead, answered by the client in the portal or on the page that the mail leads to."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.network.service.meetups import agree_meetup, live_meetup, meetup_of
from coachhub.network.service.offers import accept_offer, offers, turn_down_offer
from coachhub.network.service.replies import Outcome
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.network.conftest import Acting
from tests.network.letters import FRIDAY, MONDAY, SATURDAY, THURSDAY, Letter, a_letter, a_phone

STALE = "This has changed meanwhile: this is how it stands now."


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    return a_phone(cast)


@pytest.fixture
def ben(cast: Cast) -> FlaskClient:
    return cast.browser(cast.ben)


@pytest.fixture
def letter(acting: Acting, cast: Cast, phone: FlaskClient) -> Letter:
    """Dan has offered Saturday and Monday instead of Thursday."""
    made = a_letter(acting, cast.dan_id, THURSDAY)
    made.offer(phone, SATURDAY, MONDAY, note="Back on Saturday")
    return made


def at_of(acting: Acting, letter: Letter) -> datetime | None:
    with acting() as owner:
        found = live_meetup(owner, letter.id)
    return found.starts_at if found else None


def tap(letter: Letter, at: datetime, version: str = "1") -> dict[str, str]:
    return {"at": at.isoformat(), "version": version}


@pytest.mark.parametrize("path", ["/meetups", "/friends/{dan}"])
def test_it_shows_what_a_friend_offers(cast: Cast, ben: FlaskClient, letter: Letter, path: str) -> None:
    page = ben.get(path.format(dan=cast.dan_id)).text
    assert "Dan Dorsey offers another time" in page
    assert "Saturday 14 March, 12:30" in page
    assert "Back on Saturday" in page


def test_it_accepts_by_one_click_in_the_portal(acting: Acting, ben: FlaskClient, letter: Letter) -> None:
    page = ben.post(f"/invitations/{letter.id}/accept", data=tap(letter, MONDAY), follow_redirects=True).text
    assert "It is a date." in page
    assert "A word to Dan" in page
    assert at_of(acting, letter) == MONDAY
    with acting() as owner:
        assert offers(owner) == ()


def test_it_accepts_on_the_page_of_the_mail_without_signing_in(
    acting: Acting, phone: FlaskClient, letter: Letter, admin: psycopg.Connection
) -> None:
    looked = phone.get(letter.offer_path)
    assert "Dan Dorsey offers another time" in looked.text
    assert looked.headers["Referrer-Policy"] == "no-referrer"
    assert at_of(acting, letter) is None
    page = phone.post(letter.offer_path, data=tap(letter, SATURDAY), follow_redirects=True).text
    assert "Saturday 14 March, 12:30" in page
    assert at_of(acting, letter) == SATURDAY
    assert STALE not in phone.post(letter.offer_path, data=tap(letter, SATURDAY), follow_redirects=True).text
    assert STALE in phone.post(letter.offer_path, data=tap(letter, MONDAY), follow_redirects=True).text
    assert admin.execute("select count(*) from meetups").fetchone() == (1,)


def test_it_moves_what_was_agreed_to_the_time_that_the_client_takes(
    acting: Acting, cast: Cast, phone: FlaskClient, ben: FlaskClient
) -> None:
    letter = a_letter(acting, cast.dan_id, THURSDAY)
    letter.choose(phone, THURSDAY)
    letter.offer(phone, MONDAY)
    version = letter.version(phone)
    with acting() as owner:
        found = live_meetup(owner, letter.id)
    assert found is not None
    assert "Until you take one, Thursday 12 March, 12:30 stands." in ben.get(f"/meetups/{found.id}").text
    ben.post(f"/invitations/{letter.id}/accept", data=tap(letter, MONDAY, version))
    with acting() as owner:
        page = meetup_of(owner, found.id)
    assert (page.meetup.starts_at, page.meetup.sequence, page.moves[0].moved_by) == (MONDAY, 1, "friend")
    assert "Dan Dorsey moved it to Monday 16 March, 12:30" in ben.get(f"/meetups/{found.id}").text


def test_it_says_whom_the_client_meets_around_then_but_not_where_a_mail_leads(
    acting: Acting, cast: Cast, ben: FlaskClient, phone: FlaskClient, letter: Letter
) -> None:
    with acting() as owner:
        agree_meetup(owner, a_friend(cast.app, cast.ben, "Eva Ek"), MONDAY + timedelta(minutes=45))
    page = ben.get("/meetups").text
    assert page.count("You meet Eva Ek around then.") == 1
    mailed = phone.get(letter.offer_path).text
    assert "Eva Ek" not in mailed
    assert mailed.count("You meet somebody else around then.") == 1


def test_it_leaves_out_times_that_have_passed_meanwhile(
    acting: Acting, ben: FlaskClient, phone: FlaskClient, letter: Letter, clock: FixedClock
) -> None:
    clock.instant = SATURDAY
    page = ben.get("/meetups").text
    assert "Saturday 14 March, 12:30" not in page
    assert "Monday 16 March, 12:30" in page
    assert STALE in phone.post(letter.offer_path, data=tap(letter, SATURDAY), follow_redirects=True).text
    clock.instant = MONDAY
    assert "The times have passed meanwhile." in ben.get("/meetups").text
    assert "The times have passed meanwhile." in phone.get(letter.offer_path).text
    clock.instant = MONDAY + timedelta(days=60)
    with acting() as owner:
        assert offers(owner) == ()


def test_it_proposes_others_where_none_suits(
    ben: FlaskClient, phone: FlaskClient, letter: Letter, admin: psycopg.Connection
) -> None:
    address = f"/invitations/{letter.id}/others"
    assert "When would suit you?" in ben.get(address).text
    assert "Name one time at least." in ben.post(address, data={"version": "1"}).text
    form = {"version": "1", "first": FRIDAY.strftime("%Y-%m-%dT%H:%M")}
    word = ben.post(address, data=form, follow_redirects=True).text
    assert "I cannot make those times" in word
    assert "Friday 13 March at 12:30" in word
    page = phone.get(letter.path).text
    assert "Ben cannot make the times you offered." in page
    assert "Friday 13 March, 12:30" in page
    assert "This is answered" in phone.get(letter.offer_path).text
    assert "It is a date" in letter.choose(phone, FRIDAY).text
    assert admin.execute("select count(*) from meetups").fetchone() == (1,)


def test_it_only_writes_where_none_suits_either_way(ben: FlaskClient, phone: FlaskClient, letter: Letter) -> None:
    form = {"version": "1", "without": "yes"}
    word = ben.post(f"/invitations/{letter.id}/others", data=form, follow_redirects=True).text
    assert "Which other day would suit you?" in word
    page = phone.get(letter.path).text
    assert "Thursday" not in page
    assert "Suggest a time" in page
    again = ben.post(f"/invitations/{letter.id}/others", data=form, follow_redirects=True).text
    assert STALE in again


def test_it_keeps_the_date_where_its_move_is_turned_down(acting: Acting, cast: Cast, phone: FlaskClient) -> None:
    letter = a_letter(acting, cast.dan_id, THURSDAY)
    letter.choose(phone, THURSDAY)
    letter.offer(phone, MONDAY)
    version = int(letter.version(phone))
    with acting() as owner:
        assert turn_down_offer(owner, letter.id, version, [FRIDAY]) is Outcome.DONE
    page = phone.get(letter.path).text
    assert "So this one stands." in page
    assert "Would this suit you better?" in page
    letter.choose(phone, FRIDAY)
    assert at_of(acting, letter) == FRIDAY


def test_it_takes_no_answer_to_an_older_offer(acting: Acting, phone: FlaskClient, letter: Letter) -> None:
    letter.offer(phone, FRIDAY)
    with acting() as owner:
        assert accept_offer(owner, letter.id, 1, SATURDAY) is Outcome.STALE
        assert turn_down_offer(owner, letter.id, 1) is Outcome.STALE
        assert accept_offer(owner, letter.id, 2, SATURDAY) is Outcome.TAKEN
        assert accept_offer(owner, letter.id, 2, FRIDAY) is Outcome.DONE


def test_it_takes_the_invitation_back(ben: FlaskClient, phone: FlaskClient, cast: Cast, letter: Letter) -> None:
    friend_page = f"/friends/{cast.dan_id}"
    assert letter.path in ben.get(friend_page).text
    assert "Its link opens nothing any more" in ben.get(f"/invitations/{letter.id}/withdraw").text
    page = ben.post(f"/invitations/{letter.id}/withdraw", follow_redirects=True).text
    assert "The invitation is taken back" in page
    assert letter.path not in page
    assert phone.get(letter.path).status_code == 404
    assert phone.get(letter.offer_path).status_code == 404


def test_it_takes_back_only_what_was_sent(acting: Acting, cast: Cast, ben: FlaskClient) -> None:
    draft = a_letter(acting, cast.dan_id, THURSDAY, is_sent=False)
    assert ben.post(f"/invitations/{draft.id}/withdraw").status_code == 409
    assert re.search("Take the invitation back", ben.get(f"/invitations/{draft.id}/word").text) is None


@pytest.mark.parametrize("step", ["accept", "others", "word", "withdraw"])
def test_it_is_nobody_elses_to_answer(cast: Cast, letter: Letter, step: str) -> None:
    zoe = cast.browser(a_client(cast.app, cast.ana, "Zoe Zhu", "zoe@example.com"))
    address = f"/invitations/{letter.id}/{step}"
    form = {**tap(letter, MONDAY), "first": "2026-03-13T12:30"}
    answers = [zoe.post(address, data=form).status_code, zoe.get(address).status_code]
    assert set(answers) <= {404, 405}
    missing: UUID = cast.dan_id
    assert cast.browser(cast.ben).get(f"/invitations/{missing}/word").status_code == 404


def test_it_takes_no_number_of_a_page_that_never_was(ben: FlaskClient, phone: FlaskClient, letter: Letter) -> None:
    letter.offer(phone, MONDAY)
    for version in ("99999999999999999999", "-1", "7"):
        answer = ben.post(f"/invitations/{letter.id}/others", data={"version": version, "without": "1"})
        assert answer.status_code == 303
    assert "offers another time" in phone.get(letter.offer_path).text
