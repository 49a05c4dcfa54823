"""Promises stand where the client looks, and go with one click."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from coachhub.network.service.logs import LogEntry, edit_log, note_meetup
from coachhub.network.service.meetups import meetup_of
from coachhub.network.service.promises import PutOff, keep_promise, open_promises, put_promise_off, reopen_promise
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound
from tests.cast import Cast
from tests.habits.facts import give_habit
from tests.network.conftest import Acting

LUNCH = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
FRIDAY = date(2026, 3, 6)


def _entry(words: str = "send the book", day: date | None = FRIDAY, **more: object) -> LogEntry:
    given = {"held_at": LUNCH, "minutes": 60, "feeling": 3} | more
    return LogEntry(follow_up=words, follow_up_on=day, **given)  # type: ignore[arg-type]


def _met(acting: Acting, cast: Cast, words: str = "send the book", day: date | None = FRIDAY, hours: int = 0) -> UUID:
    with acting() as ben:
        return note_meetup(ben, cast.dan_id, _entry(words, day, held_at=LUNCH - timedelta(hours=hours)))


def test_it_lists_open_promises_the_next_day_first(cast: Cast, acting: Acting) -> None:
    _met(acting, cast, "some day", None, hours=1)
    _met(acting, cast, "later", FRIDAY + timedelta(days=9), hours=2)
    _met(acting, cast, "late", date(2026, 3, 1), hours=3)
    _met(acting, cast, "", None, hours=4)
    with acting() as ben:
        found = open_promises(ben)
    assert [(promise.words, promise.days) for promise in found] == [("late", -4), ("later", 10), ("some day", None)]
    assert found[0].first_name == "Dan"


def test_it_keeps_a_promise_once(cast: Cast, acting: Acting, clock: FixedClock) -> None:
    meetup_id = _met(acting, cast)
    with acting() as ben:
        keep_promise(ben, meetup_id)
        first = meetup_of(ben, meetup_id).log
    clock.advance(timedelta(hours=1))
    with acting() as ben:
        keep_promise(ben, meetup_id)
        again = meetup_of(ben, meetup_id).log
        assert open_promises(ben) == ()
    assert first is not None
    assert again is not None
    assert first.follow_up_done_at == again.follow_up_done_at is not None
    with acting() as ben:
        reopen_promise(ben, meetup_id)
        assert len(open_promises(ben)) == 1


def test_it_puts_a_promise_off_by_the_clients_own_day(cast: Cast, acting: Acting, clock: FixedClock) -> None:
    meetup_id = _met(acting, cast)
    with acting() as ben:
        assert put_promise_off(ben, meetup_id, PutOff.TOMORROW) == date(2026, 3, 6)
        assert put_promise_off(ben, meetup_id, PutOff.NEXT_WEEK) == date(2026, 3, 12)
        assert open_promises(ben)[0].day == date(2026, 3, 12)


def test_it_opens_a_kept_promise_only_when_it_becomes_another(cast: Cast, acting: Acting) -> None:
    meetup_id = _met(acting, cast)
    with acting() as ben:
        keep_promise(ben, meetup_id)
        edit_log(ben, meetup_id, _entry(learned="She paints."))
        assert open_promises(ben) == ()
        edit_log(ben, meetup_id, _entry("send two books"))
        assert [promise.words for promise in open_promises(ben)] == ["send two books"]
        keep_promise(ben, meetup_id)
        edit_log(ben, meetup_id, _entry("send two books", FRIDAY + timedelta(days=1)))
        assert len(open_promises(ben)) == 1


def test_it_knows_no_promise_where_none_was_given(cast: Cast, acting: Acting) -> None:
    meetup_id = _met(acting, cast, "", None)
    for change in (keep_promise, reopen_promise):
        with pytest.raises(NotFound), acting() as ben:
            change(ben, meetup_id)
    with pytest.raises(NotFound), acting() as ben:
        put_promise_off(ben, meetup_id, PutOff.TOMORROW)


@pytest.mark.parametrize("step", ["done", "open", "later"])
def test_it_lets_nobody_else_touch_a_promise(cast: Cast, acting: Acting, admin: psycopg.Connection, step: str) -> None:
    meetup_id = _met(acting, cast)
    before = admin.execute("select follow_up_on, follow_up_done_at from logs").fetchall()
    for stranger in (cast.cleo, cast.ana):
        answer = cast.browser(stranger).post(f"/meetups/{meetup_id}/promise/{step}", data={"to": "tomorrow"})
        assert answer.status_code == 404
    assert admin.execute("select follow_up_on, follow_up_done_at from logs").fetchall() == before


def test_it_shows_what_was_promised_and_takes_it_off_with_one_click(cast: Cast, acting: Acting) -> None:
    give_habit(cast)
    meetup_id, ben = _met(acting, cast, "أرسل الكتاب & <tea>"), cast.browser(cast.ben)
    for path in ("/month", "/meetups"):
        page = ben.get(path).text
        assert "You promised" in page
        assert "أرسل الكتاب &amp; &lt;tea&gt;" in page
        assert f"/meetups/{meetup_id}/promise/done?next={path}" in page
    for _ in range(2):
        answer = ben.post(f"/meetups/{meetup_id}/promise/done?next=/month")
        assert (answer.status_code, answer.location) == (303, "/month")
    assert "You promised" not in ben.get("/month").text
    assert "You promised" not in ben.get("/meetups").text
    page = ben.get(f"/meetups/{meetup_id}").text
    assert "Kept on Thursday 5 March." in page
    assert f"/meetups/{meetup_id}/promise/open" in page


def test_it_leads_from_the_mail_to_done_and_two_other_days(cast: Cast, acting: Acting) -> None:
    meetup_id, ben = _met(acting, cast), cast.browser(cast.ben)
    page = ben.get(f"/meetups/{meetup_id}").text
    assert f"/meetups/{meetup_id}/promise/done" in page
    assert page.count(f'action="/meetups/{meetup_id}/promise/later"') == 2
    answer = ben.post(f"/meetups/{meetup_id}/promise/later", data={"to": "next_week"})
    assert answer.location == f"/meetups/{meetup_id}"
    assert "It comes back on Thursday 12 March." in ben.get(f"/meetups/{meetup_id}").text
    assert ben.post(f"/meetups/{meetup_id}/promise/later", data={"to": "never"}).status_code == 422


def test_it_wants_words_for_a_day(cast: Cast, acting: Acting) -> None:
    form = {"feeling": "3", "minutes": "60", "day": "2026-03-04", "at": "12:30", "follow_up_on": "2026-03-20"}
    answer = cast.browser(cast.ben).post(f"/friends/{cast.dan_id}/met", data=form)
    assert answer.status_code == 422
    assert "What did you promise? Write it, or empty the day." in answer.text


def test_it_shows_the_hour_after_a_meetup_is_written_down(cast: Cast, acting: Acting) -> None:
    give_habit(cast)
    form = {"feeling": "3", "minutes": "45", "day": "2026-03-04", "at": "12:30"}
    ben = cast.browser(cast.ben)
    page = ben.post(f"/friends/{cast.dan_id}/met", data=form, follow_redirects=True).text
    assert "Written down. 45 minutes with friends this year." in page
    assert "Minutes in March 2026" in page
    assert "of 60 min" in page
    assert "This year: 45 minutes of 12 hours." in page


def test_it_shows_the_month_only_beside_a_meetup_of_this_month(cast: Cast, acting: Acting, clock: FixedClock) -> None:
    give_habit(cast)
    meetup_id = _met(acting, cast)
    clock.instant = datetime(2026, 4, 2, 12, tzinfo=UTC)
    assert "Minutes in" not in cast.browser(cast.ben).get(f"/meetups/{meetup_id}").text


def test_it_shows_no_hour_without_a_habit(cast: Cast, acting: Acting) -> None:
    meetup_id = _met(acting, cast)
    assert "Minutes in" not in cast.browser(cast.ben).get(f"/meetups/{meetup_id}").text
    assert "of 12 hours" in cast.browser(cast.ben).get("/meetups").text
