"""The client's month, walked page by page as the browser does."""

import re
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from coachhub.habits.rules import Month, Stage
from coachhub.habits.service.assignments import pause_month
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import Person, a_client, a_friend
from tests.habits.facts import APRIL, acting, give_habit, how_is, meet, owning, send, utc

HELD = {"feeling": "3", "minutes": "45", "learned": "She paints now"}


def heading(page: str) -> str:
    found = re.search(r'<h1 id="question">(.*?)</h1>', page, re.DOTALL)
    assert found, page
    return found[1].strip()


@pytest.fixture
def ben(cast: Cast) -> FlaskClient:
    """Ben with the habit since March, signed in."""
    give_habit(cast)
    return cast.browser(cast.ben)


def asks(browser: FlaskClient, query: str = "") -> str:
    answer = browser.get(f"/month{query}")
    assert answer.status_code == 200
    return heading(answer.text)


def test_it_is_calm_without_a_habit(cast: Cast) -> None:
    assert asks(cast.browser(cast.ben)) == "Nothing is asked of you this month"


def test_it_says_when_the_habit_begins(cast: Cast) -> None:
    give_habit(cast, APRIL)
    assert asks(cast.browser(cast.ben)) == "Your habit begins in April 2026"


def test_it_asks_a_newcomer_for_three_people(cast: Cast) -> None:
    eve = _newcomer(cast)
    browser = cast.browser(eve)
    assert asks(browser) == "Three people you liked working with"
    people = {"people-0-name": "Fay Ford", "people-0-company": "Acme", "people-0-spoke": "longer"}
    assert browser.post("/friends/three?next=/month", data=people).location == "/month"
    assert asks(browser) == "How about Fay Ford?"


def _newcomer(cast: Cast) -> Person:
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com")
    give_habit(cast, client=eve)
    return eve


def test_it_leads_from_choosing_to_a_done_month(cast: Cast, ben: FlaskClient, clock: FixedClock) -> None:
    assert asks(ben) == "How about Dan Dorsey?"
    assert ben.post(f"/month/choose/{cast.dan_id}").location == "/month?ask=write"
    page = ben.get("/month").text
    assert "Dear Dan," in page
    assert "mailto:dan@example.net?subject=" in page
    ben.post(f"/month/sent/{cast.dan_id}", data={"tone": "warm", "subject": "Hello", "body": "Dear Dan"})
    assert asks(ben) == "Did Dan answer?"
    assert ben.post("/month/answer", data={"answer": "yes"}).location == "/month?ask=agree"
    agreed = {"day": "2026-03-12", "at": "12:30", "minutes": "60", "place": "Café"}
    assert ben.post(f"/friends/{cast.dan_id}/agree?next=/month", data=agreed).location == "/month"
    assert asks(ben) == "You meet Dan Dorsey"
    clock.advance(timedelta(days=8))
    assert asks(ben) == "How was it with Dan Dorsey?"
    held = {**HELD, "day": "2026-03-12", "at": "12:30"}
    assert ben.post(f"/meetups/{_meetup_id(ben)}/log?next=/month", data=held).location == "/month"
    assert asks(ben) == "March 2026 is done"
    assert (how_is(cast).stage, how_is(cast).minutes_this_month) == (Stage.MET, 45)


def _meetup_id(browser: FlaskClient) -> str:
    found = re.search(r"/meetups/([0-9a-f-]{36})/log", browser.get("/month").text)
    assert found
    return found[1]


def test_it_asks_for_a_plan_from_the_second_month_on(cast: Cast, ben: FlaskClient, clock: FixedClock) -> None:
    with owning(cast, cast.ben) as owner:
        meet(owner, cast.dan_id, utc(3, 2), agreed_at=utc(3, 1), status="held")
    clock.instant = utc(4, 1)
    assert asks(ben) == "When will you write?"
    assert asks(ben, "?ask=choose") == "How about Dan Dorsey?"
    one_tap = {"day": "2026-04-02", "at": "12:30", "doing": "write to Dan", "place": "at my desk"}
    assert ben.post("/month/plan", data=one_tap).status_code == 303
    assert how_is(cast).stage is Stage.COMMITTED
    assert "When it is Thursday 2 April, 12:30, I will write to Dan, at my desk." in ben.get("/month").text


@pytest.mark.parametrize("day", ["2026-03-04", "2026-04-01", "", "soon"])
def test_it_refuses_a_plan_for_another_month(ben: FlaskClient, day: str) -> None:
    answer = ben.post("/month/plan", data={"day": day, "at": "12:30", "doing": "write to nobody in particular"})
    assert answer.status_code == 422
    assert "write to nobody in particular" in answer.text


def test_it_changes_the_plan_and_keeps_one(cast: Cast, ben: FlaskClient) -> None:
    for at in ("12:30", "18:00"):
        ben.post("/month/plan", data={"day": "2026-03-12", "at": at, "doing": "write"})
    page = ben.get("/month").text
    assert ("18:00, I will write." in page, "12:30, I will" in page) == (True, False)


def test_it_tells_of_a_plan_until_its_moment_has_passed(cast: Cast, ben: FlaskClient, clock: FixedClock) -> None:
    ben.post("/month/plan", data={"day": "2026-03-12", "at": "12:30", "doing": "write"})
    page = ben.get("/month").text
    assert ("I will write." in page, "Make another plan" in page) == (True, False)
    clock.instant = utc(3, 13)
    page = ben.get("/month").text
    assert ("I will write." in page, "Make another plan" in page) == (False, True)


def test_it_does_not_speak_of_a_date_that_was_called_off(cast: Cast, ben: FlaskClient) -> None:
    with owning(cast, cast.ben) as owner:
        meetup_id = meet(owner, cast.dan_id, utc(3, 20), agreed_at=utc(3, 1))
    assert "You have a date." in ben.get("/month").text
    ben.post(f"/meetups/{meetup_id}/cancel")
    page = ben.get("/month").text
    assert (heading(page), "You have a date." in page) == ("When will you write?", False)


def test_it_takes_somebody_else_instead(cast: Cast, ben: FlaskClient) -> None:
    fay = a_friend(cast.app, cast.ben, "Fay Ford")
    ben.post(f"/month/choose/{cast.dan_id}")
    assert asks(ben, "?ask=somebody") == "Whom would you like to see?"
    ben.post(f"/month/choose/{fay}")
    assert asks(ben) == "Your message to Fay is written"


def test_it_puts_off_or_never_suggests(cast: Cast, ben: FlaskClient) -> None:
    fay = a_friend(cast.app, cast.ben, "Fay Ford")
    ben.post(f"/month/not-now/{cast.dan_id}")
    assert asks(ben) == "How about Fay Ford?"
    ben.post(f"/month/never/{fay}")
    assert asks(ben) == "Whom would you like to see?"


def test_it_makes_the_next_step_easier_after_a_missed_month(cast: Cast, clock: FixedClock) -> None:
    a_friend(cast.app, cast.ben, "Fay Ford", date(2026, 1, 20))
    give_habit(cast, Month(2026, 2))
    assert asks(cast.browser(cast.ben), "?ask=choose") == "How about Dan Dorsey?"
    clock.instant = utc(3, 11)
    assert asks(cast.browser(cast.ben), "?ask=choose") == "How about Fay Ford?"


def test_it_keeps_the_words_as_changed(cast: Cast, ben: FlaskClient) -> None:
    ben.post(f"/month/choose/{cast.dan_id}")
    own = {"tone": "light", "subject": "Hi", "body": "Dan, lunch?"}
    assert ben.post(f"/month/message/{cast.dan_id}", data=own).location == "/month?ask=write"
    assert "Dan, lunch?" in ben.get("/month").text
    assert "Dear Dan," in ben.get("/month?ask=write&tone=warm").text


def test_it_keeps_what_was_typed_when_the_message_is_empty(cast: Cast, ben: FlaskClient) -> None:
    ben.post(f"/month/choose/{cast.dan_id}")
    answer = ben.post(f"/month/message/{cast.dan_id}", data={"tone": "warm", "subject": "Lunch on me", "body": " "})
    assert (answer.status_code, "Lunch on me" in answer.text) == (422, True)


def test_it_offers_times_and_takes_one_of_them(cast: Cast, ben: FlaskClient) -> None:
    ben.post(f"/month/choose/{cast.dan_id}")
    offered = {"first": "2026-03-12T12:30", "second": "2026-03-13T08:30", "place": "the Café", "tone": "plain"}
    ben.post(f"/month/times/{cast.dan_id}", data=offered)
    page = ben.get("/month").text
    assert "Thursday 12 March at 12:30 or Friday 13 March at 08:30" in page
    body = re.search(r'id="letter">(.*?)</p>', page, re.DOTALL)
    assert body
    ben.post(f"/month/sent/{cast.dan_id}", data={"tone": "plain", "subject": "Hi", "body": body[1]})
    ben.post("/month/answer", data={"answer": "yes"})
    assert 'value="2026-03-13"' in ben.get("/month").text


def test_it_takes_a_second_click_on_sent_for_one(cast: Cast, ben: FlaskClient, admin: object) -> None:
    words = {"tone": "warm", "subject": "Hi", "body": "Dear Dan"}
    for _ in range(2):
        assert ben.post(f"/month/sent/{cast.dan_id}", data=words).status_code == 303
    assert admin.execute("select count(*), count(sent_at) from invitations").fetchone() == (1, 1)  # type: ignore[attr-defined]


def test_it_goes_on_with_somebody_else_after_a_no(cast: Cast, ben: FlaskClient) -> None:
    a_friend(cast.app, cast.ben, "Fay Ford")
    ben.post(f"/month/sent/{cast.dan_id}", data={"tone": "warm", "subject": "Hi", "body": "Dear Dan"})
    ben.post("/month/answer", data={"answer": "no"})
    assert asks(ben) == "How about Fay Ford?"
    assert how_is(cast).stage is Stage.INVITED


@pytest.mark.parametrize("said", ["yes", "no", "perhaps", ""])
def test_it_leads_an_old_page_back_to_the_month(cast: Cast, ben: FlaskClient, said: str) -> None:
    ben.post(f"/month/choose/{cast.dan_id}")
    assert ben.post("/month/answer", data={"answer": said}).location == "/month"
    assert asks(ben) == "Your message to Dan is written"


def test_it_has_a_gentle_second_message_ready(cast: Cast, ben: FlaskClient) -> None:
    ben.post(f"/month/sent/{cast.dan_id}", data={"tone": "warm", "subject": "Hi", "body": "Dear Dan"})
    assert "no hurry at all" in ben.get("/month?ask=follow_up").text


def test_it_waits_for_the_answer_over_the_month_end(cast: Cast, ben: FlaskClient, clock: FixedClock) -> None:
    clock.instant = utc(3, 30)
    ben.post(f"/month/sent/{cast.dan_id}", data={"tone": "warm", "subject": "Hi", "body": "Dear Dan"})
    clock.instant = utc(4, 2)
    assert asks(ben) == "Did Dan answer?"


def test_it_counts_a_meetup_that_nobody_planned(cast: Cast, ben: FlaskClient) -> None:
    assert asks(ben, "?ask=met") == "Whom did you meet?"
    ben.post(f"/friends/{cast.dan_id}/met?next=/month", data={**HELD, "day": "2026-03-04", "at": "12:00"})
    assert asks(ben) == "March 2026 is done"


def test_it_stays_green_when_the_meetup_moves_over_the_month_end(
    cast: Cast, ben: FlaskClient, clock: FixedClock
) -> None:
    with owning(cast, cast.ben) as owner:
        meetup_id = meet(owner, cast.dan_id, utc(3, 20), agreed_at=utc(3, 4))
    ben.post(f"/meetups/{meetup_id}/move?next=/month", data={"day": "2026-04-02", "at": "12:00", "place": ""})
    assert "this month stays green" in ben.get("/month").text
    clock.instant = utc(4, 1)
    assert [month.level for month in how_is(cast).results] == [1, 0]
    assert asks(ben) == "You meet Dan Dorsey"


def test_it_rests_in_a_paused_month(cast: Cast) -> None:
    assignment_id = give_habit(cast)
    with acting(cast, cast.ana):
        pause_month(assignment_id, Month(2026, 3))
    assert asks(cast.browser(cast.ben)) == "This month rests"


def test_it_begins_the_month_in_the_zone_of_the_client(cast: Cast, clock: FixedClock) -> None:
    """At 12:00 UTC of 31 March it is 1 April on Kiritimati and still 31 March in Pago Pago."""
    clock.instant = utc(3, 31)
    for zone, name in (("Pacific/Kiritimati", "April 2026"), ("Pacific/Pago_Pago", "March 2026")):
        person = a_client(cast.app, cast.ana, "Eve", f"{name}@example.com", time_zone=zone)
        give_habit(cast, client=person)
        assert f"<title>{name} " in cast.browser(person).get("/month").text


def test_it_ignores_a_question_that_makes_no_sense(ben: FlaskClient) -> None:
    for query in ("?ask=write", "?ask=agree", "?ask=move", "?ask=log", "?ask=nonsense", "?ask=done"):
        assert asks(ben, query) == "How about Dan Dorsey?"


def test_it_looks_back_at_a_month(cast: Cast, ben: FlaskClient) -> None:
    with owning(cast, cast.ben) as owner:
        send(owner, cast.dan_id, utc(3, 1))
        meet(owner, cast.dan_id, utc(3, 3), agreed_at=utc(3, 2), status="held")
    page = ben.get("/month/2026-03").text
    assert "One meetup, 60 minutes." in page
    assert "Dan Dorsey" in page


@pytest.mark.parametrize("month", ["2026-04", "2026-13", "soon", "2026-3"])
def test_it_finds_no_month_to_come(ben: FlaskClient, month: str) -> None:
    assert ben.get(f"/month/{month}").status_code == 404


def test_it_shows_the_month_to_its_client_alone(cast: Cast, ben: FlaskClient) -> None:
    eve = _newcomer(cast)
    for person in (cast.ana, cast.cleo):
        assert cast.browser(person).get("/month").status_code == 404
        assert cast.browser(person).post(f"/month/choose/{cast.dan_id}").status_code == 404
    for verb in ("choose", "not-now", "never", "message", "times", "sent"):
        assert cast.browser(eve).post(f"/month/{verb}/{cast.dan_id}").status_code == 404
    assert "Dan Dorsey" not in cast.browser(eve).get("/month").text
