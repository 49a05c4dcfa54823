"""The booker: from a month to a booked time, for a visitor without an account."""

import re
from datetime import datetime, timedelta

import psycopg
import pytest

from coachhub.booking.models import BookingStatus
from coachhub.platform.clock import FixedClock
from tests.booking.booked import an_offering, held
from tests.booking.visited import Shop, an_offer, form_of, works_weekdays
from tests.factories import a_coach
from tests.statements import asked

AT = "2026-03-12T10:00Z"
WHO = {"name": "Vera Visitor", "email": "Vera@Example.org", "zone": "Europe/London"}


def _days(page: str) -> list[int]:
    """The days that are links."""
    return [int(day) for day in re.findall(r'id="day-(\d+)"', page)]


def _times(page: str) -> list[str]:
    """The times of the day that is open."""
    return re.findall(r'<li><a class="btn" href="[^"]*">([^<]+)</a>', page)


def _bookings(admin: psycopg.Connection) -> list[tuple[object, ...]]:
    return admin.execute("select status, name, email, time_zone, locale, client_id from bookings").fetchall()


def test_it_links_the_days_and_times_that_are_free(shop: Shop) -> None:
    page = shop.visitor.get(f"{shop.path}/intro?zone=Europe/London").text
    assert "March 2026" in page
    assert _days(page)[:4] == [5, 6, 9, 10]  # no weekend, nothing that has passed
    assert _times(page) == ["13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]
    friday = shop.visitor.get(f"{shop.path}/intro?zone=Europe/London&day=2026-03-06").text
    assert _times(friday)[0] == "09:00"
    assert 'aria-label="Friday 6 March" aria-current="date"' in friday


def test_it_goes_from_month_to_month_within_the_horizon(shop: Shop) -> None:
    first = shop.visitor.get(f"{shop.path}/intro").text
    assert 'id="before"' not in first
    assert "month=2026-04" in first
    last = shop.visitor.get(f"{shop.path}/intro?month=2026-05").text
    assert "May 2026" in last
    assert 'id="after"' not in last
    assert "May 2026" in shop.visitor.get(f"{shop.path}/intro?month=2031-01").text
    assert "March 2026" in shop.visitor.get(f"{shop.path}/intro?month=1999-99&day=x&coach=x&zone=Mars").text


def test_it_says_when_the_next_time_is_where_a_month_has_none(shop: Shop, clock: FixedClock) -> None:
    clock.instant = clock.instant.replace(day=31, hour=17)
    page = shop.visitor.get(f"{shop.path}/intro?zone=Europe/London").text
    assert "Nothing is free in March 2026" in page
    assert "Wednesday 1 April, 09:00" in page
    assert "at=2026-04-01T08:00Z" in page
    assert "/intro/wait?month=2026-03" in page


def test_it_books_a_free_time(shop: Shop, admin: psycopg.Connection) -> None:
    visitor = shop.visitor
    page = visitor.get(f"{shop.path}/intro?at={AT}&zone=Europe/London").text
    assert "Thursday 12 March, 10:00" in page
    assert "You can cancel until it begins." in page
    answer = visitor.post(f"{shop.path}/intro", data=form_of(page) | WHO)
    assert answer.status_code == 303
    assert answer.location.startswith("/b/")
    ((status, name, email, zone, _locale, client_id),) = _bookings(admin)
    assert (status, name, email, zone) == ("confirmed", "Vera Visitor", "vera@example.org", "Europe/London")
    assert client_id is not None
    assert "You are booked" in visitor.get(answer.location).text


def test_it_holds_a_time_that_costs_something_and_leads_to_paying(shop: Shop, admin: psycopg.Connection) -> None:
    an_offer(shop.cast.app, "hour", shop.cast.ana, title="An hour", minutes=60, price=9000, late_percent=50)
    page = shop.visitor.get(f"{shop.path}/hour?at={AT}").text
    assert "Continue to payment: £90.00" in page
    assert "Later, 50% of it comes back." in page
    answer = shop.visitor.post(f"{shop.path}/hour", data=form_of(page) | WHO)
    assert re.fullmatch(r"/b/[^/]+/pay", answer.location)
    ((status, *_rest),) = _bookings(admin)
    assert status == "held"
    booking = shop.visitor.get(answer.location.removesuffix("/pay")).text
    assert "Held for you until 12:35" in booking


def test_it_keeps_what_was_typed_when_something_is_wrong(shop: Shop, admin: psycopg.Connection) -> None:
    answer = shop.visitor.post(f"{shop.path}/intro", data={"at": AT, **WHO, "email": "vera at example"})
    assert answer.status_code == 422
    assert "Write an e-mail address such as" in answer.text
    assert 'value="Vera Visitor"' in answer.text
    assert 'value="vera at example"' in answer.text
    assert _bookings(admin) == []


def test_it_books_nothing_for_a_machine(shop: Shop, admin: psycopg.Connection) -> None:
    answer = shop.visitor.post(f"{shop.path}/intro", data={"at": AT, **WHO, "website": "https://spam.example"})
    assert answer.status_code == 422
    assert _bookings(admin) == []


def test_it_offers_the_nearest_times_when_one_is_taken_meanwhile(shop: Shop, admin: psycopg.Connection) -> None:
    intro = an_offer(shop.cast.app, "talk", shop.cast.ana, title="A talk")
    page = shop.visitor.get(f"{shop.path}/talk?at={AT}").text
    held(shop.cast, "Walt", intro, datetime.fromisoformat(AT))
    answer = shop.visitor.post(f"{shop.path}/talk", data=form_of(page) | WHO)
    assert answer.status_code == 409
    assert "This time is not free any more" in answer.text
    for kept in ('value="Vera Visitor"', 'value="vera@example.org"', 'value="2026-03-12T10:30Z"'):
        assert kept in answer.text
    again = form_of(answer.text) | WHO
    assert shop.visitor.post(f"{shop.path}/talk", data=again).status_code == 422  # none was chosen, and all is kept
    assert shop.visitor.post(f"{shop.path}/talk", data=again | {"at": "2026-03-12T10:30Z"}).status_code == 303


@pytest.mark.parametrize("at", ["2026-03-01T10:00Z", "2026-03-12T10:10Z", "2026-03-14T10:00Z", "2031-03-12T10:00Z"])
def test_it_refuses_a_time_that_was_never_for_booking(shop: Shop, admin: psycopg.Connection, at: str) -> None:
    assert shop.visitor.get(f"{shop.path}/intro?at={at}").status_code == 409
    assert shop.visitor.post(f"{shop.path}/intro", data={"at": at, **WHO}).status_code == 409
    assert _bookings(admin) == []


@pytest.mark.parametrize(
    "at", ["", "x", "2026-03-12", "2026-03-12T10:00", "9999-12-31T23:59-14:00", "0001-01-01T00:00+14:00"]
)
def test_it_shows_the_month_for_what_is_no_time(shop: Shop, at: str) -> None:
    assert "March 2026" in shop.visitor.get(f"{shop.path}/intro", query_string={"at": at}).text
    assert shop.visitor.post(f"{shop.path}/intro", data={"at": at, **WHO}).status_code == 303


@pytest.mark.parametrize("status", ["draft", "closed"])
def test_it_knows_no_offering_that_is_not_open(shop: Shop, status: str) -> None:
    an_offer(shop.cast.app, "other", shop.cast.ana, status=status)
    assert shop.visitor.get(f"{shop.path}/other").status_code == 404
    assert shop.visitor.post(f"{shop.path}/other", data={"at": AT, **WHO}).status_code == 404


def test_it_books_what_is_hidden_by_its_link_and_tells_no_search_engine(shop: Shop) -> None:
    an_offer(shop.cast.app, "secret", shop.cast.ana, is_hidden=True)
    page = shop.visitor.get(f"{shop.path}/secret").text
    assert '<meta name="robots" content="noindex">' in page
    assert "noindex" not in shop.visitor.get(f"{shop.path}/intro").text


def test_it_knows_no_offering_of_another_practice(shop: Shop) -> None:
    an_offer(shop.cast.app, "cleos", shop.cast.cleo)
    assert shop.visitor.get(f"{shop.path}/cleos").status_code == 404


def test_it_lets_a_visitor_choose_the_coach_where_the_offering_does(shop: Shop, admin: psycopg.Connection) -> None:
    eve = a_coach(shop.cast.app, shop.cast.ana, "Eve Early", "eve@example.com")
    works_weekdays(shop.cast.app, eve, hours=(360, 480))
    an_offer(shop.cast.app, "both", shop.cast.ana, eve, coach_choice=True)
    path = f"{shop.path}/both?zone=Europe/London&day=2026-03-09"
    assert _times(shop.visitor.get(path).text)[:2] == ["06:00", "06:30"]
    assert _times(shop.visitor.get(f"{path}&coach={shop.cast.ana.user_id}").text)[0] == "09:00"
    assert _times(shop.visitor.get(f"{path}&coach={shop.cast.cleo.user_id}").text)[0] == "06:00"
    page = shop.visitor.get(f"{path}&coach={eve.user_id}&at=2026-03-09T06:00Z").text
    shop.visitor.post(f"{shop.path}/both", data=form_of(page) | WHO)
    assert admin.execute("select coach_id from bookings").fetchall() == [(eve.user_id,)]


def test_it_stays_with_the_chosen_coach_when_a_time_is_taken(shop: Shop) -> None:
    eve = a_coach(shop.cast.app, shop.cast.ana, "Eve Early", "eve@example.com")
    works_weekdays(shop.cast.app, eve, hours=(360, 480))
    both = an_offer(shop.cast.app, "both", shop.cast.ana, eve, coach_choice=True)
    data = WHO | {"at": "2026-03-12T06:30Z", "coach": str(eve.user_id)}
    held(shop.cast, "Walt", both, datetime.fromisoformat("2026-03-12T06:30Z"), coach_id=eve.user_id)
    answer = shop.visitor.post(f"{shop.path}/both", data=data)
    hours = re.findall(r'name="at" value="[^"]+T(\d\d):', answer.text)
    assert (answer.status_code, set(hours)) == (409, {"06", "07"})


@pytest.mark.usefixtures("tries_count")
def test_it_lets_nobody_try_for_long(shop: Shop) -> None:
    data = {"at": AT, **WHO, "name": ""}
    answers = [shop.visitor.post(f"{shop.path}/intro", data=data).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]
    assert shop.visitor.get(f"{shop.path}/intro").status_code == 200


def test_it_binds_a_signed_in_client_to_their_record(shop: Shop, admin: psycopg.Connection) -> None:
    browser = shop.cast.browser(shop.cast.ben)
    page = browser.get(f"{shop.path}/intro?at={AT}").text
    assert "You are signed in as Ben Berger (ben@example.com)." in page
    said = form_of(page) | {"name": "Somebody Else", "email": "else@example.org"}
    assert browser.post(f"{shop.path}/intro", data=said).status_code == 303
    ((_status, name, email, *_rest, client_id),) = _bookings(admin)
    assert (name, email, client_id) == ("Ben Berger", "ben@example.com", shop.cast.ben.client_id)


def test_it_takes_a_client_of_another_practice_for_a_visitor(shop: Shop) -> None:
    page = shop.cast.browser(shop.cast.cleo).get(f"{shop.path}/intro?at={AT}").text
    assert "You are signed in" not in page
    assert 'name="email"' in page


def test_it_gives_the_intro_once_to_each_person(shop: Shop, admin: psycopg.Connection) -> None:
    admin.execute("update offerings set is_intro = true")
    assert shop.visitor.post(f"{shop.path}/intro", data={"at": AT, **WHO}).status_code == 303
    again = shop.visitor.post(f"{shop.path}/intro", data={"at": "2026-03-13T10:00Z", **WHO})
    assert again.status_code == 409
    assert 'role="alert"' in again.text
    assert 'value="Vera Visitor"' in again.text
    assert len(_bookings(admin)) == 1


def test_it_asks_for_a_number_where_the_client_says_where(shop: Shop, admin: psycopg.Connection) -> None:
    an_offer(shop.cast.app, "call", shop.cast.ana, place_kind="client")
    data = {"at": AT, **WHO}
    answer = shop.visitor.post(f"{shop.path}/call", data=data)
    assert (answer.status_code, "Write the number that we should call." in answer.text) == (422, True)
    answer = shop.visitor.post(f"{shop.path}/call", data=data | {"phone": "not a number"})
    assert (answer.status_code, 'value="not a number"' in answer.text) == (422, True)
    assert shop.visitor.post(f"{shop.path}/call", data=data | {"phone": "020 7946 0958"}).status_code == 303
    said = {"at": "2026-03-13T10:00Z", "place": "The Bear, Oxford"}
    assert shop.visitor.post(f"{shop.path}/call", data=data | said).status_code == 303
    rows = admin.execute("select phone, place from bookings order by starts_at").fetchall()
    assert rows == [("+442079460958", "+442079460958"), ("", "The Bear, Oxford")]


def test_it_asks_the_offerings_questions(shop: Shop, admin: psycopg.Connection) -> None:
    offering_id = an_offer(shop.cast.app, "asked", shop.cast.ana)
    for position, (label, kind, choices, must) in enumerate(
        [("What moves you?", "text", [], True), ("How did you hear?", "choice", ["Friend", "Web"], False)]
    ):
        admin.execute(
            "insert into questions (practice_id, offering_id, position, label, kind, choices, is_required) "
            "values (%s, %s, %s, %s, %s, %s, %s)",
            [shop.cast.ana.practice_id, offering_id, position, label, kind, choices, must],
        )
    page = shop.visitor.get(f"{shop.path}/asked?at={AT}").text
    names = re.findall(r'name="(answer_\w+)"', page)
    data = form_of(page) | WHO
    assert shop.visitor.post(f"{shop.path}/asked", data=data).status_code == 422
    wrong = shop.visitor.post(f"{shop.path}/asked", data=data | {names[0]: "Music <3", names[1]: "Cat"})
    assert (wrong.status_code, "Music &lt;3" in wrong.text) == (422, True)
    shop.visitor.post(f"{shop.path}/asked", data=data | {names[0]: "Music <3", names[1]: "Friend"})
    rows = admin.execute("select label, answer from booking_answers order by position").fetchall()
    assert rows == [("What moves you?", "Music <3"), ("How did you hear?", "Friend")]


def _zone(page: str) -> str:
    found = re.search(r'<option value="([^"]+)" selected>', page)
    assert found is not None
    return found[1]


def test_it_guesses_whose_clock_to_tell_times_by(shop: Shop) -> None:
    path, irish = f"{shop.path}/intro", {"Accept-Language": "en-IE,en"}
    assert _zone(shop.visitor.get(path, headers={"Accept-Language": "en"}).text) == "Europe/London"  # the practice's
    assert _zone(shop.visitor.get(path, headers=irish).text) == "Europe/Dublin"
    visitor = shop.visitor
    visitor.set_cookie("zone", "Asia%2FTokyo")
    assert _zone(visitor.get(path, headers=irish).text) == "Asia/Tokyo"
    assert _zone(visitor.get(f"{path}?zone=Asia/Calcutta").text) == "Asia/Kolkata"
    visitor.set_cookie("zone", "Nowhere")
    assert _zone(visitor.get(path, headers=irish).text) == "Europe/Dublin"
    assert _zone(shop.cast.browser(shop.cast.ben).get(path, headers=irish).text) == "Europe/London"


def test_it_tells_a_time_that_comes_twice_with_what_its_clock_is_called(shop: Shop) -> None:
    an_offering(shop.cast.app, shop.cast.ana, slug="night", horizon_days=300)
    page = shop.visitor.get(f"{shop.path}/night?zone=Europe/London&day=2026-10-25").text
    assert _times(page)[1:8] == ["00:30", "01:00 BST", "01:30 BST", "01:00 GMT", "01:30 GMT", "02:00", "02:30"]
    page = shop.visitor.get(f"{shop.path}/night?zone=Europe/London&day=2026-03-29").text
    assert _times(page)[1:4] == ["00:30", "02:00", "02:30"]  # an hour that never comes


def test_it_asks_the_database_six_things_at_most_for_a_month(shop: Shop) -> None:
    browser = shop.visitor
    browser.get(f"{shop.path}/intro")
    with asked(shop.cast.app) as statements:
        browser.get(f"{shop.path}/intro?zone=Europe/London&month=2026-04")
    assert len(statements) <= 6


def test_it_changes_nothing_by_looking(shop: Shop, admin: psycopg.Connection) -> None:
    with asked(shop.cast.app) as statements:
        for query in ("", "?day=2026-03-06", f"?at={AT}", "?month=2026-05"):
            shop.visitor.get(f"{shop.path}/intro{query}")
    assert not [each for each in statements if not each.lstrip().lower().startswith("select")]
    assert _bookings(admin) == []


def test_it_books_once_for_two_clicks(shop: Shop, admin: psycopg.Connection, clock: FixedClock) -> None:
    answers = [shop.visitor.post(f"{shop.path}/intro", data={"at": AT, **WHO}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    clock.advance(timedelta(minutes=5))
    assert shop.visitor.post(f"{shop.path}/intro", data={"at": AT, **WHO}).status_code == 409
    assert [row[0] for row in _bookings(admin)] == [BookingStatus.CONFIRMED]


def test_it_gives_a_hold_again_to_the_browser_that_made_it_and_to_no_other(
    shop: Shop, admin: psycopg.Connection, clock: FixedClock
) -> None:
    an_offer(shop.cast.app, "hour", shop.cast.ana, minutes=60, price=9000)
    vera, mallory, form = shop.visitor, shop.visitor, {"at": AT, **WHO}
    first = vera.post(f"{shop.path}/hour", data=form)
    clock.advance(timedelta(minutes=5))
    assert mallory.post(f"{shop.path}/hour", data=form).status_code == 409
    assert vera.post(f"{shop.path}/hour", data=form | {"name": "Vera Vogel"}).location == first.location
    assert [row[:2] for row in _bookings(admin)] == [("held", "Vera Vogel")]
