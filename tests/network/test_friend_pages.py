"""The pages of friends through the browser's eyes: one line, the timeline, contacts, merging, doubles, a rest."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.network.service.contacts import How, contacts_with, note_contact
from coachhub.network.service.drafts import Channel, Tone, keep_draft, mark_sent
from coachhub.network.service.friends import FriendEntry, add_friend, friend_of, list_friends
from coachhub.network.service.meetups import LogEntry, agree_meetup, log_meetup, move_meetup
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_client, a_friend
from tests.network.conftest import Acting
from tests.network.test_pages import went_to


@pytest.fixture
def ben(cast: Cast) -> FlaskClient:
    return cast.browser(cast.ben)


@pytest.fixture
def twin(acting: Acting) -> UUID:
    with acting() as owner:
        return add_friend(owner, FriendEntry("Dorsey, Dan", company="Initech", title="Head of design"))


def test_it_adds_in_one_line_and_says_how_it_was_understood(ben: FlaskClient, acting: Acting) -> None:
    there = went_to(ben.post("/friends/quick", data={"line": "محمد الأحمد، أرامكو، my old boss"}))
    assert went_to(ben.post("/friends/quick", data={"line": "محمد الأحمد، أرامكو، my old boss"})) == there
    page = ben.get(there).text
    assert "محمد الأحمد is in your network." in page
    assert "أرامكو · My manager" in page
    with acting() as owner:
        assert len(list_friends(owner)) == 2


def test_it_asks_when_they_last_spoke_and_remembers_it(ben: FlaskClient, acting: Acting) -> None:
    there = went_to(ben.post("/friends/quick", data={"line": "Eve, Initech"}))
    friend_id = UUID(there.rpartition("=")[2])
    assert "When did you last speak?" in ben.get(there).text
    for _click in range(2):
        back = ben.post(f"/friends/{friend_id}/remember", data={"spoke": "this_year", "next": there})
        assert went_to(back) == there
    assert "Last contact about 4 months ago" in ben.get(there).text
    with acting() as owner:
        assert [contact.how for contact in contacts_with(owner, friend_id)] == [How.REMEMBERED]


def test_it_takes_the_last_one_back_and_erases_only_after_a_question(ben: FlaskClient, acting: Acting) -> None:
    there = went_to(ben.post("/friends/quick", data={"line": "Eve"}))
    friend_id = there.rpartition("=")[2]
    assert went_to(ben.post(f"/friends/{friend_id}/take-back")) == "/friends"
    assert "Eve is not in your network any more." in ben.get("/friends").text
    assert ben.get(there).status_code == 200
    fay = went_to(ben.post("/friends/quick", data={"line": "Fay"})).rpartition("=")[2]
    ben.post(f"/friends/{fay}/spoke")
    assert went_to(ben.post(f"/friends/{fay}/take-back")) == f"/friends/{fay}/erase"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (" , Acme", "Begin with a name"),
        ("", "Begin with a name"),
        ("x" * 500, "That is a long line"),
        ("Dan <dan@exa_mple.net>, Acme", "not whole"),
    ],
)
def test_it_keeps_a_line_that_it_cannot_take(ben: FlaskClient, line: str, words: str) -> None:
    answer = ben.post("/friends/quick", data={"line": line})
    assert (answer.status_code, words in answer.text) == (422, True)
    assert line.strip()[:3] in answer.text


def test_it_combines_the_filters_in_the_address(ben: FlaskClient, acting: Acting) -> None:
    with acting() as owner:
        for name, company in (("Eve Ek", "Acme"), ("Fay Foy", "ACME"), ("Gus Gil", "Initech")):
            add_friend(owner, FriendEntry(name, company, last_contact_on=NOW.date()))
    page = ben.get("/friends?company=acme&warmth=awake&order=name").text
    names = ("Eve Ek", "Fay Foy", "Gus Gil", "Dan Dorsey")  # three letters alone may stand in a token
    assert [name in page for name in names] == [True, True, False, False]
    assert 'name="warmth" value="awake"' in page
    assert "company=acme" in page  # the chips keep it
    assert ben.get("/friends?kind=nobody&company=%25&order=&page=99").status_code == 200


def test_it_tells_what_happened_newest_first(
    ben: FlaskClient, cast: Cast, acting: Acting, clock: FixedClock, admin: psycopg.Connection
) -> None:
    with acting() as owner:
        mark_sent(owner, keep_draft(owner, cast.dan_id, Tone.WARM, "Hi", "Hello"), Channel.COPY)
        meetup_id = agree_meetup(owner, cast.dan_id, NOW + timedelta(days=1), place="The Bear")
        clock.advance(timedelta(hours=1))
        move_meetup(owner, meetup_id, NOW + timedelta(days=2), "The Swan")
    admin.execute("update meetup_moves set moved_by = 'friend'")
    clock.instant = NOW + timedelta(days=3)
    with acting() as owner:
        log_meetup(
            owner, meetup_id, LogEntry(NOW + timedelta(days=2), 55, 3, "Leeds is nice", follow_up="Send the book")
        )
        note_contact(owner, cast.dan_id, date(2026, 3, 8), How.CALL, "New job")
        keep_draft(owner, cast.dan_id, Tone.WARM, "A draft", "is nothing that happened")
    page = ben.get(f"/friends/{cast.dan_id}").text
    told = (
        *(
            "You talked",
            "New job",
            "You promised something",
            "Send the book",
            "You met",
            "55 minutes · Lovely · Leeds is nice",
        ),
        *("They moved it to Saturday 7 March, 12:00", "Agreed: Friday 6 March, 12:00", "The Bear"),
        *("The answer was yes", "You sent a message", "about 1 Mar 2025", "Added to your network"),
    )
    places = [page.find(words) for words in told]
    assert -1 not in places
    assert places == sorted(places)
    assert page.count("You sent a message") == 1


def test_it_writes_a_contact_down_and_takes_it_back(ben: FlaskClient, cast: Cast, acting: Acting) -> None:
    there = f"/friends/{cast.dan_id}"
    assert 'value="2026-03-05"' in ben.get(f"{there}/contacts/add").text
    typed = {"how": "message", "day": "2026-03-02", "note": "She writes books now"}
    for _click in range(2):
        assert went_to(ben.post(f"{there}/contacts/add", data=typed)) == there
    assert "She writes books now" in ben.get(there).text
    with acting() as owner:
        message, _memory = contacts_with(owner, cast.dan_id)
    for _click in range(2):
        assert went_to(ben.post(f"/contacts/{message.id}/delete", data={"friend_id": cast.dan_id})) == there
    assert "She writes books now" not in ben.get(there).text
    with acting() as owner:
        assert friend_of(owner, cast.dan_id).last_contact_on == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "2026-03-02"}, "how were you in touch?"),
        ({"how": "call", "day": "2026-03-06"}, "still to come"),
        ({"how": "remembered", "day": "2026-03-02"}, "Not a valid choice"),
        ({"how": "call", "day": "1600-01-01"}, "too far away"),
    ],
)
def test_it_keeps_a_contact_that_it_cannot_take(
    ben: FlaskClient, cast: Cast, typed: dict[str, str], words: str
) -> None:
    answer = ben.post(f"/friends/{cast.dan_id}/contacts/add", data={**typed, "note": "Kept"})
    assert (answer.status_code, words in answer.text, "Kept" in answer.text) == (422, True, True)


@pytest.mark.parametrize(
    "profile", ["javascript:alert(1)", "not an address", "data:text/html,x", "ftp://example.com/x"]
)
def test_it_links_to_no_script(ben: FlaskClient, cast: Cast, profile: str) -> None:
    typed = {"name": "Dan", "kind": "mentor", "liking": "3", "profile": profile}
    answer = ben.post(f"/friends/{cast.dan_id}/edit", data=typed)
    assert (answer.status_code, "whole address of the profile" in answer.text) == (422, True)


def test_it_shows_profile_work_and_the_friends_own_time(ben: FlaskClient, cast: Cast) -> None:
    typed = {
        "name": "Dan Dorsey",
        "kind": "mentor",
        "liking": "3",
        "title": "Head of design",
        "profile": "https://www.LinkedIn.com/in/Dan-Dorsey/?trk=x",
        "time_zone": "Asia/Tokyo",
    }
    went_to(ben.post(f"/friends/{cast.dan_id}/edit", data=typed))
    page = ben.get(f"/friends/{cast.dan_id}").text
    assert 'href="https://linkedin.com/in/dan-dorsey" rel="noopener noreferrer"' in page
    assert "Tokyo, 21:00 now" in page
    assert "Head of design" in page
    edit = ben.get(f"/friends/{cast.dan_id}/edit").text
    assert '<option selected value="Asia/Tokyo">' in edit
    refused = ben.post(f"/friends/{cast.dan_id}/edit", data=typed | {"time_zone": "Moon/Crater"})
    assert "Choose a time zone from the list." in refused.text


def test_it_says_why_the_last_contact_stays(ben: FlaskClient, cast: Cast) -> None:
    ben.post(f"/friends/{cast.dan_id}/spoke")
    typed = {"name": "Dan", "kind": "mentor", "liking": "3", "last_contact_on": "2024-01-01"}
    went_to(ben.post(f"/friends/{cast.dan_id}/edit", data=typed))
    assert "The last contact stays 5 Mar 2026" in ben.get(f"/friends/{cast.dan_id}").text


def test_it_rests_a_friend_until_any_day(ben: FlaskClient, cast: Cast) -> None:
    there = f"/friends/{cast.dan_id}"
    assert went_to(ben.post(f"{there}/not-now", data={"until": "2026-04-17"})) == there
    assert "Not suggested before Friday 17 April" in ben.get(there).text
    for day, words in (("2026-03-05", "still to come"), ("", "Choose a day"), ("2126-01-01", "too far away")):
        answer = ben.post(f"{there}/not-now", data={"until": day})
        assert (answer.status_code, words in answer.text) == (422, True)


def test_it_makes_one_of_two_side_by_side(ben: FlaskClient, cast: Cast, twin: UUID) -> None:
    there = f"/friends/{cast.dan_id}"
    choosing = ben.get(f"{there}/merge").text
    assert "Dorsey, Dan" in choosing
    assert f"with={cast.dan_id}" not in choosing
    assert "Nobody else fits" in ben.get(f"{there}/merge?q=zzz").text
    page = ben.get(f"{there}/merge?with={twin}").text
    assert ("Acme" in page, "Initech" in page) == (True, True)
    for _click in range(2):
        assert went_to(ben.post(f"{there}/merge", data={"with": twin, "company": "gone"})) == there
    page = ben.get(there).text
    assert ("Initech" in page, "Head of design" in page, "is one person now" in page) == (True, True, True)
    assert ben.get(f"/friends/{twin}").status_code == 404


def test_it_refuses_to_merge_one_with_themselves_or_with_nobody(ben: FlaskClient, cast: Cast) -> None:
    there = f"/friends/{cast.dan_id}/merge"
    assert ben.post(there, data={"with": cast.dan_id}).status_code == 409
    assert ben.get(f"{there}?with={cast.dan_id}").status_code == 409
    assert ben.get(f"{there}?with={uuid4()}").status_code == 404
    assert ben.post(there).status_code == 404


def test_it_lists_possible_doubles(ben: FlaskClient, cast: Cast, acting: Acting) -> None:
    assert "Nobody is in here twice" in ben.get("/friends/doubles").text
    with acting() as owner:
        twin = add_friend(owner, FriendEntry("Daniel", email="DAN@example.net"))
    page = ben.get("/friends/doubles").text
    assert "The same e-mail address" in page
    assert {f"/friends/{one}/merge?with={two}" in page for one, two in ((cast.dan_id, twin), (twin, cast.dan_id))} == {
        True,
        False,
    }
    assert ben.get("/friends/doubles?page=7").status_code == 200


def test_it_shows_strangers_nothing_and_lets_them_do_nothing(cast: Cast, acting: Acting, twin: UUID) -> None:
    with acting() as owner:
        call = note_contact(owner, cast.dan_id, NOW.date(), How.CALL, "Kept")
    finn = a_client(cast.app, cast.ana, "Finn", "finn@example.com")
    theirs = a_friend(cast.app, finn, "Dan Dorsey", email="dan@example.net")
    there = f"/friends/{cast.dan_id}"
    forms = [f"{there}/contacts/add", f"{there}/merge", f"{there}/remember", f"{there}/take-back", f"{there}/not-now"]
    typed = {"with": str(twin), "how": "call", "day": "2026-03-02", "spoke": "this_year", "until": "2026-09-01"}
    for stranger in (cast.ana, cast.cleo, finn, a_client(cast.app, cast.cleo, "Gina", "gina@example.com")):
        browser = cast.browser(stranger)
        assert {browser.post(form, data=typed).status_code for form in forms} == {404}
        assert browser.post(f"/contacts/{call}/delete", data={"friend_id": cast.dan_id}).status_code == 404
        assert {browser.get(f"{there}/{page}").status_code for page in ("merge", "contacts/add")} == {404}
    himself = cast.browser(finn)
    assert himself.get(f"/friends/{theirs}/merge?with={cast.dan_id}").status_code == 404
    himself.post(f"/friends/{theirs}/merge", data={"with": cast.dan_id})
    assert "Nobody is in here twice" in himself.get("/friends/doubles").text
    with acting() as owner:
        assert len(list_friends(owner)) == 2
        assert len(contacts_with(owner, cast.dan_id)) == 2
