"""The friend's page: one tap, other times, a kind no; moved and called off under the same link."""

from collections.abc import Callable
from datetime import time, timedelta

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.network.service.drafts import record_answer
from coachhub.network.service.free_hours import keep_free_hours
from coachhub.network.service.meetups import (
    LogEntry,
    MeetupRow,
    MeetupStatus,
    agree_meetup,
    cancel_meetup,
    list_meetups,
    live_meetup,
    log_meetup,
    meetup_of,
    move_meetup,
)
from coachhub.network.service.offers import withdraw_invitation
from coachhub.platform.clock import FixedClock
from coachhub.platform.jobs import URGENT, Ring
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import a_friend
from tests.fakes import KeptQueue
from tests.network.conftest import Acting
from tests.network.letters import FRIDAY, MONDAY, SATURDAY, THURSDAY, Letter, a_letter, a_phone
from tests.statements import asked
from tests.words import words_of

CHANGED = "This has changed meanwhile: this is how it stands now."
OVER = "This link opens nothing any more"
Meetup = Callable[[], MeetupRow]


@pytest.fixture
def letter(acting: Acting, cast: Cast) -> Letter:
    """Ben wrote to Dan and proposes Thursday and Friday at The Bear."""
    return a_letter(acting, cast.dan_id, THURSDAY, FRIDAY)


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    return a_phone(cast)


@pytest.fixture
def meetup(acting: Acting, letter: Letter) -> Meetup:
    """What came of the letter, as it is now."""

    def now() -> MeetupRow:
        with acting() as ben:
            found = live_meetup(ben, letter.id)
        assert found is not None
        return found

    return now


def row(admin: psycopg.Connection, *columns: str) -> tuple[object, ...]:
    """Columns of the only invitation, behind all policies."""
    found = admin.execute(f"select {', '.join(columns)} from invitations").fetchone()
    assert found is not None
    return tuple(found)


def count(admin: psycopg.Connection) -> int:
    found = admin.execute("select count(*) from meetups").fetchone()
    assert found is not None
    return int(found[0])


def test_it_says_who_writes_and_which_times_are_proposed(letter: Letter, phone: FlaskClient) -> None:
    page = phone.get(letter.path)
    assert page.status_code == 200
    assert "Ben Berger would like to see you again" in page.text
    assert "An hour together: The Bear." in page.text
    assert "Thursday 12 March, 12:30" in page.text
    assert "Times are those of London." in page.text


def test_it_tells_times_in_the_friends_zone_where_it_is_known(acting: Acting, cast: Cast, phone: FlaskClient) -> None:
    mia = a_friend(cast.app, cast.ben, "Mia Mori", time_zone="Asia/Tokyo")
    page = phone.get(a_letter(acting, mia, THURSDAY).path).text
    assert "Thursday 12 March, 21:30" in page
    assert "Times are those of Tokyo." in page


def test_it_leaves_out_what_has_passed_and_what_somebody_else_has_taken(
    acting: Acting, cast: Cast, letter: Letter, phone: FlaskClient, clock: FixedClock
) -> None:
    with acting() as ben:
        agree_meetup(ben, a_friend(cast.app, cast.ben, "Eva Ek"), FRIDAY + timedelta(minutes=30))
    assert "Friday" not in phone.get(letter.path).text
    clock.instant = THURSDAY
    assert "Thursday" not in phone.get(letter.path).text


def test_it_is_a_date_by_one_tap(
    letter: Letter, phone: FlaskClient, meetup: Meetup, queue: KeptQueue, cast: Cast, admin: psycopg.Connection
) -> None:
    page = letter.choose(phone, THURSDAY).text
    assert "Thursday 12 March, 12:30" in page
    assert "It is a date: The Bear." in page
    found = meetup()
    assert (found.starts_at, found.place, found.status) == (THURSDAY, "The Bear", MeetupStatus.SCHEDULED)
    assert row(admin, "answer", "answered_by", "answered_at") == ("yes", "friend", NOW)
    assert Ring("workers.jobs.deliver_asked_for", (str(cast.ben.practice_id),), URGENT) in queue.rings


def test_it_takes_a_second_tap_for_one(letter: Letter, phone: FlaskClient, admin: psycopg.Connection) -> None:
    version = letter.version(phone)
    letter.choose(phone, THURSDAY, version)
    assert CHANGED not in letter.choose(phone, THURSDAY, version).text
    assert count(admin) == 1


def test_it_says_how_it_stands_where_another_tap_came_first(
    letter: Letter, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    version = letter.version(phone)
    letter.choose(phone, THURSDAY, version)
    page = letter.choose(phone, FRIDAY, version).text
    assert CHANGED in page
    assert "Thursday 12 March, 12:30" in page
    assert count(admin) == 1


def test_it_takes_no_time_that_nobody_proposed(letter: Letter, phone: FlaskClient, admin: psycopg.Connection) -> None:
    assert "That time has just gone." in letter.choose(phone, MONDAY).text
    for nonsense in ("", "soon", "2026-03-12T12:30", "9" * 5000):
        answer = phone.post(letter.path, data={"at": nonsense, "version": "0"}, follow_redirects=True)
        assert "That time has just gone." in answer.text
    assert count(admin) == 0


def test_it_shows_free_times_that_are_agreed_at_once(
    acting: Acting, letter: Letter, phone: FlaskClient, meetup: Meetup
) -> None:
    with acting() as ben:
        keep_free_hours(ben, [(0, time(12, 30))])
    assert "Monday 9 March, 12:30" in phone.get(letter.path + "/other").text
    assert "It is a date" in letter.choose(phone, MONDAY - timedelta(days=7)).text
    assert meetup().starts_at == MONDAY - timedelta(days=7)


def test_it_offers_other_times_until_the_client_answers(
    letter: Letter, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    page = letter.offer(phone, SATURDAY, MONDAY, note="Rather <b>later</b>").text
    assert "Ben has your times" in page
    assert "Saturday 14 March, 12:30" in page
    assert row(admin, "answer", "counter_times", "reply_note") == ("other", [SATURDAY, MONDAY], "Rather <b>later</b>")
    assert count(admin) == 0


def test_it_reads_times_by_the_clock_that_the_friend_chose(
    letter: Letter, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    form = {"first": "2026-03-14T13:30", "zone": "Europe/Berlin", "version": letter.version(phone)}
    assert phone.post(letter.path + "/other", data=form).status_code == 303
    assert row(admin, "counter_times") == ([SATURDAY],)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Name one time at least."),
        ({"first": "2026-03-01T12:30"}, "That time has already passed."),
        ({"first": "2926-03-01T12:30"}, "too far away"),
        ({"first": "tomorrow"}, "Not a valid datetime value."),
        ({"first": "2026-03-14T12:30", "zone": "Mars/Base"}, "Choose a time zone from the list."),
        ({"first": "2026-03-14T12:30", "note": "x" * 301}, "Field cannot be longer than 300 characters."),
    ],
)
def test_it_keeps_what_was_typed_and_says_what_is_missing(
    letter: Letter, phone: FlaskClient, typed: dict[str, str], error: str
) -> None:
    answer = phone.post(letter.path + "/other", data={"zone": "Europe/London", "version": "0", **typed})
    assert answer.status_code == 422
    assert error in answer.text


def test_it_declines_kindly_and_lets_the_friend_change_their_mind(
    letter: Letter, phone: FlaskClient, meetup: Meetup, admin: psycopg.Connection
) -> None:
    assert "no reason" in phone.get(letter.path + "/no").text
    assert "Ben knows. Thank you" in letter.say(phone, "no", note="A full month").text
    assert row(admin, "answer", "reply_note") == ("no", "A full month")
    assert "It is a date" in letter.choose(phone, FRIDAY).text
    assert (meetup().starts_at, *row(admin, "answer", "reply_note")) == (FRIDAY, "yes", "")


def test_it_moves_to_a_free_time_at_once(
    acting: Acting, letter: Letter, phone: FlaskClient, meetup: Meetup, admin: psycopg.Connection
) -> None:
    with acting() as ben:
        keep_free_hours(ben, [(0, time(12, 30))])
    letter.choose(phone, THURSDAY)
    letter.choose(phone, MONDAY)
    with acting() as ben:
        page = meetup_of(ben, meetup().id)
    assert [(move.to_starts_at, move.moved_by) for move in page.moves] == [(MONDAY, "friend")]
    assert (page.meetup.sequence, page.meetup.starts_at, count(admin)) == (1, MONDAY, 1)


def test_it_lets_the_date_stand_while_other_times_are_offered(
    letter: Letter, phone: FlaskClient, meetup: Meetup
) -> None:
    letter.choose(phone, THURSDAY)
    page = letter.offer(phone, MONDAY).text
    assert "this one stands" in page
    assert "Monday 16 March, 12:30" in page
    assert meetup().starts_at == THURSDAY
    assert "That is the time that stands already." in letter.offer(phone, THURSDAY).text


def test_it_calls_off_once_and_begins_anew_under_the_same_link(
    letter: Letter, phone: FlaskClient, meetup: Meetup, admin: psycopg.Connection
) -> None:
    letter.choose(phone, THURSDAY)
    assert "Is it off, or only later?" in phone.get(letter.path + "/off").text
    version = letter.version(phone)
    assert "Not this time" in letter.say(phone, "off", version).text
    assert CHANGED not in letter.say(phone, "off", version).text
    off = meetup()
    assert (off.status, off.cancelled_by, off.sequence) == (MeetupStatus.CANCELLED, "friend", 1)
    letter.choose(phone, FRIDAY)
    assert meetup().id != off.id
    assert count(admin) == 2


def test_it_shows_what_the_client_has_changed_meanwhile(
    acting: Acting, letter: Letter, phone: FlaskClient, meetup: Meetup
) -> None:
    letter.choose(phone, THURSDAY)
    version = letter.version(phone)
    with acting() as ben:
        move_meetup(ben, meetup().id, MONDAY, "The Swan")
    page = letter.say(phone, "off", version).text
    assert CHANGED in page
    assert "Monday 16 March, 12:30" in page
    assert "The Swan" in page
    version = letter.version(phone)
    with acting() as ben:
        cancel_meetup(ben, meetup().id)
    page = letter.offer(phone, SATURDAY, version=version).text
    assert CHANGED in page
    assert "Ben had to call it off" in page
    assert "Ben has your times" in letter.offer(phone, SATURDAY).text


def test_it_asks_first_where_the_client_called_it_off(
    acting: Acting, letter: Letter, phone: FlaskClient, meetup: Meetup
) -> None:
    letter.choose(phone, THURSDAY)
    with acting() as ben:
        keep_free_hours(ben, [(0, time(12, 30))])
        cancel_meetup(ben, meetup().id)
    assert 'name="at"' not in phone.get(letter.path).text
    assert 'name="at"' not in phone.get(letter.path + "/other").text
    assert "That time has just gone" in letter.choose(phone, FRIDAY).text


def test_it_shows_what_was_agreed_by_hand(
    acting: Acting, cast: Cast, letter: Letter, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    version = letter.version(phone)
    with acting() as ben:
        record_answer(ben, letter.id, "yes")
        agree_meetup(ben, cast.dan_id, MONDAY, 60, "The Swan")
    assert CHANGED in letter.choose(phone, THURSDAY, version).text
    assert "It is a date: The Swan." in phone.get(letter.path).text
    assert count(admin) == 1


def test_it_answers_an_offer_by_agreeing_by_hand(
    acting: Acting, cast: Cast, letter: Letter, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    letter.offer(phone, MONDAY)
    with acting() as ben:
        agree_meetup(ben, cast.dan_id, SATURDAY)
    assert row(admin, "answer", "answered_by", "counter_times") == ("yes", "client", [])
    assert "Saturday 14 March, 12:30" in phone.get(letter.path).text


@pytest.mark.parametrize("step", ["", "/other", "/no", "/off"])
def test_it_has_nothing_to_change_once_they_met(
    acting: Acting, letter: Letter, phone: FlaskClient, meetup: Meetup, clock: FixedClock, step: str
) -> None:
    letter.choose(phone, THURSDAY)
    clock.instant = THURSDAY + timedelta(minutes=5)
    assert "Have a good hour" in phone.get(letter.path + step, follow_redirects=True).text
    clock.instant = THURSDAY + timedelta(days=1)
    with acting() as ben:
        log_meetup(ben, meetup().id, LogEntry(THURSDAY, 60, 3, learned="Between us"))
    page = phone.get(letter.path + step, follow_redirects=True).text
    assert "You met" in page
    assert "Between us" not in page
    assert "<form" not in page
    assert CHANGED in phone.post(letter.path + "/off", data={"version": "9"}, follow_redirects=True).text


def test_it_takes_an_answer_to_a_draft_for_one_that_was_sent(
    acting: Acting, cast: Cast, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    a_letter(acting, cast.dan_id, THURSDAY, is_sent=False).choose(phone, THURSDAY)
    assert row(admin, "sent_at", "channel", "answer") == (NOW, "copy", "yes")


def test_it_looks_without_changing_anything(letter: Letter, phone: FlaskClient, admin: psycopg.Connection) -> None:
    before = row(admin, "*")
    for step in ("", "/other", "/no", "/off", "/calendar.ics"):
        for look in (phone.get, phone.head, phone.options):
            assert look(letter.path + step).status_code in (200, 303, 404)
    assert row(admin, "*") == before


def test_it_gives_a_calendar_file_that_changes_itself(letter: Letter, phone: FlaskClient) -> None:
    assert phone.get(letter.path + "/calendar.ics").status_code == 404
    letter.choose(phone, THURSDAY)
    first = phone.get(letter.path + "/calendar.ics")
    assert first.mimetype == "text/calendar"
    assert "DTSTART:20260312T123000Z" in first.text
    assert "SEQUENCE:0" in first.text
    assert "Dan" not in words_of(first.text)
    letter.say(phone, "off")
    off = phone.get(letter.path + "/calendar.ics").text
    assert "STATUS:CANCELLED" in off
    assert "SEQUENCE:1" in off


def withdrawn(acting: Acting, letter: Letter) -> None:
    with acting() as ben:
        withdraw_invitation(ben, letter.id)


def test_it_opens_nothing_after_it_was_taken_back(
    acting: Acting, letter: Letter, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    withdrawn(acting, letter)
    withdrawn(acting, letter)
    answer = phone.get(letter.path)
    assert (answer.status_code, OVER in answer.text) == (404, True)
    assert row(admin, "answer", "answered_by", "version") == ("no", "client", 1)
    assert OVER in letter.choose(phone, THURSDAY, "0").text
    assert count(admin) == 0


def test_it_leads_to_the_friend_who_stays_after_a_merge(
    acting: Acting, cast: Cast, letter: Letter, phone: FlaskClient, admin: psycopg.Connection
) -> None:
    kept = a_friend(cast.app, cast.ben, "Daniel Dorsey")
    admin.execute("update invitations set friend_id = %s", [kept])
    admin.execute("delete from friends where id = %s", [cast.dan_id])
    letter.choose(phone, THURSDAY)
    with acting() as ben:
        assert [found.friend_name for found in list_meetups(ben).ahead] == ["Daniel Dorsey"]


@pytest.mark.parametrize(
    "end",
    [
        "delete from friends",
        "update clients set status = 'archived', status_before = status where email = 'ben@example.com'",
        "truncate practices cascade",
    ],
)
def test_it_says_calmly_that_nothing_is_here_any_more(
    letter: Letter, phone: FlaskClient, admin: psycopg.Connection, end: str
) -> None:
    admin.execute(end)
    for step in ("", "/other", "/no", "/off", "/calendar.ics"):
        answer = phone.get(letter.path + step)
        assert (answer.status_code, OVER in answer.text) == (404, True)
    assert phone.post(letter.path, data={"at": THURSDAY.isoformat(), "version": "0"}).status_code == 404


def test_it_asks_at_most_five_times(cast: Cast, acting: Acting) -> None:
    letter = a_letter(acting, cast.dan_id, THURSDAY, FRIDAY)
    with asked(cast.app) as statements:
        assert cast.browser().get(letter.path).status_code == 200
    assert len(statements) <= 5


def test_it_is_read_in_one_statement_and_in_the_transaction_of_whoever_is_signed_in(
    cast: Cast, letter: Letter, phone: FlaskClient
) -> None:
    with asked(cast.app) as statements:
        assert "The Bear" in phone.get(letter.path).text
    assert len(statements) == 1, statements
    for person, is_own in ((cast.ben, True), (cast.ana, False), (cast.cleo, False)):
        page = cast.browser(person).get(letter.path).text
        assert ("The Bear" in page, "This is what your friend sees" in page) == (True, is_own)
