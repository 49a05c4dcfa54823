"""A month with a date: written once for all who have one, and the same as if it were written for its reader alone."""

import re
from collections.abc import Callable
from datetime import date, time

import pytest
from flask import request_started
from flask.testing import FlaskClient
from sqlalchemy import update

from coachhub.accounts.models import User
from coachhub.habits.rules import Question
from coachhub.habits.service.month import page_of
from coachhub.habits.service.month_facts import month_facts
from coachhub.habits.service.steps import choose_friend, commit_plan
from coachhub.network.models import Meetup
from coachhub.network.service.logs import LogEntry, note_meetup
from coachhub.network.service.owner import Owner
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.written_once import write_anew
from tests.cast import Cast
from tests.factories import a_client, a_friend
from tests.habits.facts import MARCH, acting, give_habit, meet, owning, send, utc

_TOKEN = re.compile(r'name="csrf_token" value="[^"]+"')


def _met(ben: Owner, cast: Cast, *, promised: str, on: date | None = None) -> None:
    said = LogEntry(held_at=utc(2, 4), minutes=60, feeling=3, follow_up=promised, follow_up_on=on)
    note_meetup(ben, cast.dan_id, said)


def _has_no_place(ben: Owner, _cast: Cast) -> None:
    db.session.execute(update(Meetup).where(Meetup.client_id == ben.client_id).values(place=""))


STATES: dict[str, Callable[[Owner, Cast], object]] = {
    "a date": lambda _ben, _cast: None,
    "a place that needs escaping": lambda ben, _cast: db.session.execute(
        update(Meetup).where(Meetup.client_id == ben.client_id).values(place="<b>Ana & Co</b>", minutes=75)
    ),
    "no place": _has_no_place,
    "a second date": lambda ben, cast: meet(ben, cast.dan_id, utc(3, 25), agreed_at=utc(3, 6)),
    "a promise": lambda ben, cast: _met(ben, cast, promised='send "the" <book>'),
    "a promise for today": lambda ben, cast: _met(ben, cast, promised="call", on=date(2026, 3, 12)),
    "a promise for a day": lambda ben, cast: _met(ben, cast, promised="call", on=date(2026, 3, 19)),
    "a plan that is over": lambda ben, _cast: commit_plan(ben, date(2026, 3, 12), time(8, 0), "write"),
    "a plan ahead": lambda ben, _cast: commit_plan(ben, date(2026, 3, 15), time(8, 0), "write"),
    "somebody to thank": lambda ben, cast: note_meetup(ben, cast.dan_id, LogEntry(utc(3, 11), 60, 3)),
    "a message on its way": lambda ben, cast: (
        choose_friend(ben, cast.dan_id),
        send(ben, cast.dan_id, utc(3, 12, 11)),
    ),
}


@pytest.fixture(params=STATES.values(), ids=STATES)
def stands(request: pytest.FixtureRequest, cast: Cast, clock: FixedClock) -> Cast:
    """Ben has a date with Dan, and what more the state says."""
    _has_date(cast, clock)
    with owning(cast, cast.ben) as ben:
        request.param(ben, cast)
    return cast


def _has_date(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH.plus(-2))
    clock.instant = utc(3, 12)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 20), agreed_at=utc(3, 5))


def _page(browser: FlaskClient) -> str:
    return _TOKEN.sub("", browser.get("/month").text)


def _page_anew(browser: FlaskClient, cast: Cast) -> str:
    with request_started.connected_to(lambda _app, **_more: write_anew(), cast.app):
        return _page(browser)


def _squeezed(page: str) -> list[str]:
    return page.split()


def test_it_reads_as_if_it_were_written_for_one_alone(stands: Cast) -> None:
    browser = stands.browser(stands.ben)
    shown = [_page(browser), _page(browser), _page_anew(browser, stands)]
    assert "Dan" in shown[0]
    assert len({tuple(_squeezed(page)) for page in shown}) == 1


def test_it_asks_the_same_whether_it_reads_all_or_what_it_shows(stands: Cast, clock: FixedClock) -> None:
    with owning(stands, stands.ben) as ben:
        now = clock.now()
        all_of_it, shown = (page_of(month_facts(ben.client_id, now, is_asked=asked), now) for asked in (True, False))
        assert all_of_it.question is shown.question
        assert (all_of_it.meetup, all_of_it.progress, all_of_it.heard) == (shown.meetup, shown.progress, shown.heard)
        assert shown.question is not Question.MEET or (shown.friend, shown.sent) == (None, None)


def test_it_shows_each_of_two_their_own_date(cast: Cast, clock: FixedClock) -> None:
    _has_date(cast, clock)
    eve = a_client(cast.app, cast.ana, "Eve", "eve@example.com")
    fay = a_friend(cast.app, eve, "Fay <Ford>")
    give_habit(cast, MARCH.plus(-2), client=eve)
    with owning(cast, eve) as hers:
        meet(hers, fay, utc(3, 20), agreed_at=utc(3, 5))
    bens, eves = cast.browser(cast.ben).get("/month").text, cast.browser(eve).get("/month").text
    assert ("You meet Dan" in bens, "You meet Fay &lt;Ford&gt;" in eves) == (True, True)
    assert ("Fay" in bens, "Dan" in eves, "eve@example.com" in bens) == (False, False, False)
    meetups = [set(re.findall(r"/meetups/([0-9a-f-]{36})/", page)) for page in (bens, eves)]
    assert [len(each) for each in meetups] == [1, 1]
    assert meetups[0] != meetups[1]


def test_it_says_what_is_said_once_and_asks_to_confirm_an_address(cast: Cast, clock: FixedClock) -> None:
    _has_date(cast, clock)
    browser = cast.browser(cast.ben)
    browser.get("/month")
    with browser.session_transaction() as kept:
        kept["_flashes"] = [("success", "It is written down.")]
    assert "It is written down." in browser.get("/month").text
    assert "It is written down." not in browser.get("/month").text
    assert "confirm your e-mail address" not in browser.get("/month").text
    with acting(cast, cast.ben):
        db.session.execute(update(User).where(User.id == cast.ben.user_id).values(email_verified_at=None))
    assert "confirm your e-mail address" in browser.get("/month").text


def test_it_takes_the_button_of_a_promise(cast: Cast, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    _has_date(cast, clock)
    with owning(cast, cast.ben) as ben:
        _met(ben, cast, promised="send the book")
    monkeypatch.setitem(cast.app.config, "WTF_CSRF_ENABLED", True)
    browser = cast.browser(cast.ben)
    for _ in range(2):  # the second page is filled in
        page = browser.get("/month").text
    action, token = re.search(r'action="(/meetups/[^"]+/promise/done[^"]*)"><[^>]+value="([^"]+)"', page).groups()  # type: ignore[union-attr]
    assert browser.post(action, data={"csrf_token": "forged"}).status_code == 400
    assert browser.post(action, data={"csrf_token": token}).location == "/month"
    assert "send the book" not in browser.get("/month").text
