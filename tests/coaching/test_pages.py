"""The coach plans, changes and ends sessions on pages; the client reads their own, and nobody else's."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from coachhub.clients.models import Client
from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.coaching.planned import IN_A_WEEK, cancel, planned
from tests.conftest import NOW
from tests.factories import a_client, a_coach
from tests.reminders.rows import change

TYPED = {
    "day": "2026-03-12",
    "at": "14:30",
    "minutes": "45",
    "place": "https://meet.example/room",
    "agenda": "First things\r\nSecond things",
}


def _of_ben(cast: Cast, rest: str = "") -> str:
    return f"/clients/{cast.ben.client_id}/sessions{rest}"


def _plan(browser: FlaskClient, cast: Cast, **typed: Any) -> Any:
    return browser.post(_of_ben(cast, "/plan"), data=TYPED | typed)


def test_it_plans_a_session_from_the_clients_page(cast: Cast) -> None:
    browser = cast.browser(cast.ana)
    page = browser.get(f"/clients/{cast.ben.client_id}")
    assert _of_ben(cast, "/plan") in page.text
    assert browser.get(_of_ben(cast, "/plan")).status_code == 200
    answer = _plan(browser, cast)
    assert answer.status_code == 303
    shown = browser.get(answer.location).text
    assert "Thursday 12 March, 14:30" in shown
    assert "45 minutes" in shown
    assert 'href="https://meet.example/room"' in shown
    assert "First things\nSecond things" in shown
    assert "Thursday 12 March, 14:30" in browser.get(f"/clients/{cast.ben.client_id}").text


def test_it_plans_once_for_a_second_click(cast: Cast, admin: psycopg.Connection) -> None:
    browser = cast.browser(cast.ana)
    assert _plan(browser, cast).location == _plan(browser, cast).location
    assert admin.execute("select count(*) from coaching_sessions").fetchone() == (1,)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"day": "2026-03-05", "at": "12:00"}, "already passed"),
        ({"day": ""}, "Choose a day"),
        ({"day": "2126-03-05"}, "too far away"),
        ({"at": "25:00"}, "time"),
        ({"minutes": "0"}, "Between 5 and 720"),
        ({"minutes": "no"}, "integer"),
        ({"place": "x" * 301}, "longer than 300"),
        ({"agenda": "x" * 4001}, "longer than 4000"),
    ],
)
def test_it_keeps_what_was_typed_where_it_cannot_be_planned(cast: Cast, typed: dict[str, str], words: str) -> None:
    answer = _plan(cast.browser(cast.ana), cast, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    for name, value in (TYPED | typed).items():
        assert value.replace("\r\n", "\n") in answer.text.replace("\r\n", "\n"), name


def test_it_reads_times_by_the_coachs_clock_and_shows_the_clients(cast: Cast, admin: psycopg.Connection) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", time_zone="Asia/Tokyo")
    browser = cast.browser(cast.ana)
    path = f"/clients/{fay.client_id}/sessions/plan"
    assert "by the clock in Tokyo" in browser.get(path).text
    shown = browser.get(browser.post(path, data=TYPED).location).text
    assert "Thursday 12 March, 14:30" in shown
    assert "Thursday 12 March, 23:30 (Japan Time) for Fay Far" in shown
    hers = cast.browser(fay).get("/sessions").text
    assert "Thursday 12 March, 23:30" in hers
    assert "14:30" not in hers


def test_it_lets_a_practice_of_several_coaches_choose(cast: Cast) -> None:
    browser = cast.browser(cast.ana)
    assert 'name="coach_id"' not in browser.get(_of_ben(cast, "/plan")).text
    sam = a_coach(cast.app, cast.ana, "Sam Okafor", "sam@example.com")
    assert 'name="coach_id"' in browser.get(_of_ben(cast, "/plan")).text
    assert _plan(browser, cast, coach_id=str(cast.cleo.user_id)).status_code == 422
    shown = browser.get(_plan(browser, cast, coach_id=str(sam.user_id)).location).text
    assert "Sam Okafor" in shown


def test_it_moves_a_session_and_changes_the_agenda(cast: Cast) -> None:
    path, browser = _of_ben(cast, f"/{planned(cast)}"), cast.browser(cast.ana)
    form = browser.get(f"{path}/change").text
    assert 'value="2026-03-12"' in form
    assert 'value="12:00"' in form
    assert "Whom to write to next" in form
    for _ in range(2):
        assert browser.post(f"{path}/change", data=TYPED).status_code == 303
    shown = browser.get(path).text
    assert "Thursday 12 March, 14:30" in shown
    assert "Moved from" in shown
    assert "Second things" in shown


def test_it_refuses_to_move_a_session_into_the_past_and_keeps_what_was_typed(cast: Cast, clock: FixedClock) -> None:
    path, browser = _of_ben(cast, f"/{planned(cast)}"), cast.browser(cast.ana)
    answer = browser.post(f"{path}/change", data=TYPED | {"day": "2026-03-01"})
    assert answer.status_code == 422
    assert "Second things" in answer.text
    clock.instant = IN_A_WEEK + timedelta(hours=2)
    kept = browser.post(f"{path}/change", data=TYPED | {"at": "12:00"})
    assert kept.status_code == 303  # its time has passed, but only the agenda changed


def test_it_names_what_a_busy_coach_has_and_keeps_what_was_typed(cast: Cast) -> None:
    zoe, browser = a_client(cast.app, cast.ana, "Zoe Ziegler", "zoe@example.com"), cast.browser(cast.ana)
    planned(cast)
    other = planned(cast, IN_A_WEEK + timedelta(days=1), client=zoe)
    of_zoe = f"/clients/{zoe.client_id}/sessions"
    for path in (f"{of_zoe}/plan", f"{of_zoe}/{other}/change"):
        answer = browser.post(path, data=TYPED | {"at": "11:30"})
        assert answer.status_code == 422
        assert "has a booking with Ben Berger then: Thursday 12 March, 12:00" in answer.text
        assert "Second things" in answer.text


def test_it_notes_that_nobody_came(cast: Cast, clock: FixedClock) -> None:
    path, browser = _of_ben(cast, f"/{planned(cast)}"), cast.browser(cast.ana)
    assert browser.post(f"{path}/missed").status_code == 409
    clock.instant = IN_A_WEEK + timedelta(minutes=20)
    assert f"{path}/missed" in browser.get(path).text
    for _ in range(2):
        assert browser.post(f"{path}/missed", data={"next": "/today"}).location == "/today"
    for page in (browser.get(path), browser.get("/today"), cast.browser(cast.ben).get("/sessions")):
        assert "Missed" in page.text
    assert [browser.get(f"{path}/{act}").status_code for act in ("cancel", "change")] == [409, 409]


def test_it_cancels_after_a_second_thought(cast: Cast) -> None:
    path, browser = _of_ben(cast, f"/{planned(cast)}"), cast.browser(cast.ana)
    assert "Is it off, or only later?" in browser.get(f"{path}/cancel").text
    for _ in range(2):
        assert browser.post(f"{path}/cancel").status_code == 303
    assert "Cancelled" in browser.get(path).text
    assert [browser.get(f"{path}/{page}").status_code for page in ("cancel", "change")] == [409, 409]
    assert browser.post(f"{path}/change", data=TYPED).status_code == 409


def test_it_notes_that_it_took_place_from_today(cast: Cast, clock: FixedClock) -> None:
    path, browser = _of_ben(cast, f"/{planned(cast, NOW + timedelta(hours=2))}"), cast.browser(cast.ana)
    today = browser.get("/today").text
    assert "Sessions today" in today
    assert f"{path}/held" not in today
    assert browser.post(f"{path}/held").status_code == 409
    clock.advance(timedelta(hours=2))
    assert f"{path}/held" in browser.get("/today").text
    for _ in range(2):
        assert browser.post(f"{path}/held", data={"next": "/today"}).location == "/today"
    assert "Took place" in browser.get("/today").text


def test_it_lists_the_sessions_of_the_coachs_own_day(cast: Cast) -> None:
    sam = a_coach(cast.app, cast.ana, "Sam Okafor", "sam@example.com")
    planned(cast, NOW + timedelta(hours=11, minutes=30), minutes=30)  # 23:30 in London
    planned(cast, NOW + timedelta(hours=12))  # tomorrow
    hers = cast.browser(cast.ana).get("/today").text
    assert "23:30" in hers
    assert "00:00" not in hers
    assert "Sessions today" not in cast.browser(sam).get("/today").text
    assert "23:30" in cast.browser(sam).get("/today?coach=all").text


def test_it_lists_what_was_and_what_will_be(cast: Cast) -> None:
    browser = cast.browser(cast.ana)
    assert "No session yet" in browser.get(_of_ben(cast)).text
    cancel(cast, planned(cast))
    planned(cast, IN_A_WEEK + timedelta(days=1))
    page = browser.get(_of_ben(cast)).text
    assert page.index("Friday 13 March") < page.index("Behind you") < page.index("Thursday 12 March")


def test_it_offers_no_plan_for_the_archive(cast: Cast) -> None:
    assert cast.ben.client_id is not None
    change(cast.app, cast.ana, Client, cast.ben.client_id, status="archived")
    browser = cast.browser(cast.ana)
    assert _of_ben(cast, "/plan") not in browser.get(f"/clients/{cast.ben.client_id}").text
    assert _plan(browser, cast).status_code == 409


def test_it_shows_ben_his_sessions(cast: Cast) -> None:
    browser = cast.browser(cast.ben)
    assert "No session is planned" in browser.get("/sessions").text
    planned_id = planned(cast)
    assert "/sessions" in browser.get("/month").text
    assert f"/sessions/{planned_id}" in browser.get("/sessions").text
    page = browser.get(f"/sessions/{planned_id}").text
    for words in (
        "Thursday 12 March, 12:00",
        "Ana Alvarez",
        'href="https://meet.example/ana"',
        "Whom to write to next",
    ):
        assert words in page


def test_it_shows_nobody_the_sessions_of_another(cast: Cast) -> None:
    zoe = a_client(cast.app, cast.ana, "Zoe Ziegler", "zoe@example.com")
    planned_id = planned(cast)
    for path in (f"/sessions/{planned_id}", f"/sessions/{planned_id}/calendar.ics"):
        people = (zoe, cast.ana, cast.cleo)
        assert [cast.browser(person).get(path).status_code for person in people] == [404, 404, 404]
        assert cast.browser().get(path).location.startswith("/sign-in")
    assert str(planned_id) not in cast.browser(zoe).get("/sessions").text
    hers = f"/clients/{zoe.client_id}/sessions/{planned_id}"
    assert cast.browser(cast.ana).get(hers).status_code == 404
    for act in ("change", "cancel", "held"):
        assert cast.browser(cast.ana).post(f"{hers}/{act}", data=TYPED).status_code == 404
        assert cast.browser(cast.ben).post(_of_ben(cast, f"/{planned_id}/{act}"), data=TYPED).status_code == 404


@pytest.mark.parametrize("place", ['"><script>alert(1)</script>', "javascript:alert(1)", "+44 20 7946 0000"])
def test_it_shows_any_place_safely(cast: Cast, place: str) -> None:
    planned_id = planned(cast, place=place, agenda="<img src=x>")
    for browser, path in (
        (cast.browser(cast.ana), _of_ben(cast, f"/{planned_id}")),
        (cast.browser(cast.ben), f"/sessions/{planned_id}"),
    ):
        page = browser.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page


def _event(browser: FlaskClient, path: str) -> tuple[str, Any]:
    answer = browser.get(f"{path}/calendar.ics")
    calendar = Calendar.from_ical(answer.data)
    assert answer.headers["Content-Type"] == f"text/calendar; charset=utf-8; method={calendar['METHOD']}"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="session.ics"'
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def test_it_gives_both_the_same_event_in_their_own_words(cast: Cast) -> None:
    planned_id = planned(cast)
    _, his = _event(cast.browser(cast.ben), f"/sessions/{planned_id}")
    _, hers = _event(cast.browser(cast.ana), _of_ben(cast, f"/{planned_id}"))
    assert his["UID"] == hers["UID"] == f"{planned_id}@localhost"
    assert (his["SUMMARY"], hers["SUMMARY"]) == (
        "Coaching session with Ana Alvarez",
        "Coaching session with Ben Berger",
    )
    assert his["LOCATION"] == "https://meet.example/ana"
    assert "Whom to write to next" in his["DESCRIPTION"]
    assert (his["URL"], hers["URL"]) == (
        f"http://localhost/sessions/{planned_id}",
        f"http://localhost{_of_ben(cast, f'/{planned_id}')}",
    )


def test_it_changes_the_same_event_and_takes_it_out(cast: Cast, clock: FixedClock) -> None:
    planned_id: UUID = planned(cast)
    path, ana, ben = _of_ben(cast, f"/{planned_id}"), cast.browser(cast.ana), cast.browser(cast.ben)
    files = [_event(ben, f"/sessions/{planned_id}")]
    for act, typed in (("change", TYPED), ("change", TYPED | {"agenda": "Other"}), ("cancel", {})):
        clock.advance(timedelta(minutes=5))
        ana.post(f"{path}/{act}", data=typed)
        files.append(_event(ben, f"/sessions/{planned_id}"))
    assert [method for method, _ in files] == ["PUBLISH", "PUBLISH", "PUBLISH", "CANCEL"]
    counted = [event["SEQUENCE"] for _, event in files]
    assert counted == sorted(set(counted))
    assert len({event["UID"] for _, event in files}) == 1
    assert files[-1][1]["STATUS"] == "CANCELLED"


def test_it_gives_and_changes_the_habit_from_the_sessions_page(cast: Cast) -> None:
    browser, page = cast.browser(cast.ana), _of_ben(cast, f"/{planned(cast)}")
    given = {"client_ids": str(cast.ben.client_id), "from_month": "2026-03", "next": f"{page}#habit"}
    assert browser.post("/habits/assign", data=given).location == f"{page}#habit"
    shown = browser.get(page).text
    assert "1 meetup a month" in shown
    sent = {"pause": {"month": "2026-04"}, "target": {"target": "2", "from_month": "2026-03"}}
    for what, typed in sent.items():
        form = shown.partition(f'/{what}">')[0].rpartition('action="')[2] + f"/{what}"
        assert f'name="next" value="{page}#habit"' in shown.partition(f'action="{form}"')[2].partition("</form>")[0]
        assert browser.post(form, data=typed | {"next": f"{page}#habit"}).location == f"{page}#habit"
    changed = browser.get(page).text
    assert "April 2026 is paused" in changed
    assert "2 meetups a month" in changed


@pytest.mark.parametrize("by_hand", [False, True], ids=["booked", "from before bookings"])
def test_what_came_of_it_is_put_right_on_the_sessions_page(
    cast: Cast, clock: FixedClock, admin: psycopg.Connection, by_hand: bool
) -> None:
    browser, planned_id = cast.browser(cast.ana), planned(cast)
    if by_hand:
        admin.execute("update coaching_sessions set booking_id = null")
    page, clock.instant = _of_ben(cast, f"/{planned_id}"), IN_A_WEEK + timedelta(hours=2)
    browser.post(f"{page}/missed")
    assert f'action="{page}/held"' in browser.get(page).text
    assert f'action="{page}/missed"' not in browser.get(page).text
    browser.post(f"{page}/held")
    assert f'action="{page}/missed"' in browser.get(page).text
    assert admin.execute("select status from coaching_sessions").fetchone() == ("held",)


def test_the_coach_opens_the_link_from_the_top_of_the_page_until_it_is_over(cast: Cast, clock: FixedClock) -> None:
    browser, planned_id = cast.browser(cast.ana), planned(cast)
    page, link = _of_ben(cast, f"/{planned_id}"), 'href="https://meet.example/ana"'
    for at in (NOW, IN_A_WEEK + timedelta(minutes=5)):
        clock.instant = at
        top = browser.get(page).text.partition('class="split"')[0]
        assert link in top
        assert "Open the link to the session" in top
    browser.post(f"{page}/held")
    assert link not in browser.get(page).text.partition('class="split"')[0]


def test_it_offers_to_write_actions_down_at_once_only_after_a_session_that_took_place(
    cast: Cast, clock: FixedClock
) -> None:
    browser, held, off = cast.browser(cast.ana), planned(cast), planned(cast, IN_A_WEEK + timedelta(days=1))
    browser.post(_of_ben(cast, f"/{off}/cancel"))
    clock.instant = IN_A_WEEK + timedelta(hours=2)
    browser.post(_of_ben(cast, f"/{held}/held"))
    opened = [
        '<details class="more" open>'
        in browser.get(_of_ben(cast, f"/{each}")).text.partition('id="actions"')[2].partition("</section>")[0]
        for each in (held, off)
    ]
    assert opened == [True, False]
