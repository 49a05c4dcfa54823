"""The brief of a session: what happened since the last one that took place, from facts, and without a friend's name."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from coachhub.coaching.models import CoachingSession, Party
from coachhub.habits.rules import CycleResult
from coachhub.network.models import Log
from coachhub.platform.clock import FixedClock
from coachhub.platform.tenancy import as_practice
from coachhub.reports.rules.brief import MonthsSince, months_since
from coachhub.reports.service.brief import Brief, brief_of, briefs_of
from coachhub.reports.service.glances import Glance, glances_of
from tests.cast import Cast
from tests.coaching.agreed import agreed, tick
from tests.coaching.planned import planned
from tests.conftest import NOW
from tests.factories import LONG_AGO, Person, a_client
from tests.reminders.rows import a_cycle, a_habit_for, a_meetup, an_invitation, keep
from tests.statements import asked

LAST = datetime(2026, 1, 29, 10, tzinfo=UTC)
TODAY = NOW + timedelta(hours=2)
DONE, MOVED, MISSED = CycleResult.DONE, CycleResult.CARRIED, CycleResult.MISSED


def _held(cast: Cast, starts_at: datetime = LAST, client: Person | None = None, **more: object) -> None:
    """A session that took place."""
    times = {"created_at": LONG_AGO, "changed_at": LONG_AGO, "news_at": LONG_AGO, "starts_at": starts_at}
    whose = {"client_id": (client or cast.ben).client_id, "coach_id": cast.ana.user_id}
    keep(cast.app, cast.ana, CoachingSession(**whose, **times, minutes=60, **{"status": "held", **more}))


def _met(cast: Cast, at: datetime, minutes: int = 60) -> None:
    """Ben has met Dan, and written it down."""
    meetup_id = a_meetup(cast.app, cast.ben, cast.dan_id, at, status="held")
    own = {"client_id": cast.ben.client_id, "user_id": cast.ben.user_id, "friend_id": cast.dan_id}
    log = {"held_at": at, "minutes": minutes, "feeling": 3, "created_at": at, "learned": "a private thing"}
    keep(cast.app, cast.ben, Log(meetup_id=meetup_id, **own, **log))


def _brief(cast: Cast, session_id: UUID) -> Brief:
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        found = brief_of(session_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("since", "counted"),
    [
        (None, MonthsSince(done=1, moved=1, missed=1)),
        (datetime(2026, 1, 31, tzinfo=UTC), MonthsSince(done=1, moved=1, missed=1)),
        (datetime(2026, 2, 1, tzinfo=UTC), MonthsSince(moved=1, missed=1)),
        (datetime(2026, 3, 2, tzinfo=UTC), MonthsSince(missed=1)),
    ],
    ids=["ever", "in the first", "after the first", "in the last"],
)
def test_months_count_from_the_one_that_ran_at_the_last_session(since: datetime | None, counted: MonthsSince) -> None:
    results = [(datetime(2026, month, 1, tzinfo=UTC), result) for month, result in ((2, DONE), (3, MOVED), (4, MISSED))]
    assert months_since(results, since) == counted


def test_it_tells_what_happened_since_the_last_session_that_took_place(cast: Cast, clock: FixedClock) -> None:
    assignment_id = a_habit_for(cast.app, cast.ben, date(2025, 12, 1))
    a_cycle(cast.app, cast.ben, assignment_id, date(2025, 12, 1), held=1)
    a_cycle(cast.app, cast.ben, assignment_id, date(2026, 1, 1), held=1)
    _held(cast)
    _held(cast, LAST + timedelta(days=7), status="cancelled")
    _met(cast, LAST - timedelta(days=3))
    _met(cast, LAST + timedelta(days=10), minutes=45)
    an_invitation(cast.app, cast.ben, cast.dan_id, LAST + timedelta(days=5))
    brief = _brief(cast, planned(cast, TODAY))
    assert brief.since == LAST
    assert brief.months == MonthsSince(done=1, missed=1)
    assert brief.met is not None
    assert (brief.met.meetups, brief.met.minutes, brief.met.written) == (1, 45, 1)
    assert brief.network is not None
    assert (brief.network.friends, brief.network.awake) == (1, 1)
    assert brief.network.change is not None
    assert brief.client.progress is not None


def test_it_says_that_it_is_the_first(cast: Cast) -> None:
    brief = _brief(cast, planned(cast, TODAY))
    assert brief.since is None
    assert brief.network is not None
    assert brief.network.change is None
    assert "first session" in cast.browser(cast.ana).get(_page(cast, brief.session.id)).text


def test_it_has_no_numbers_of_somebody_who_has_not_accepted(cast: Cast, admin: object) -> None:
    fay = a_client(cast.app, cast.ana, "Fay Far", "fay@example.com", status="invited")
    admin.execute("update clients set user_id = null where id = %s", [fay.client_id])  # type: ignore[attr-defined]
    session_id = planned(cast, TODAY, client=fay)
    brief = _brief(cast, session_id)
    assert (brief.met, brief.network, brief.client.progress) == (None, None, None)
    page = cast.browser(cast.ana).get(f"/clients/{fay.client_id}/sessions/{session_id}").text
    assert "The brief" in page


def test_it_holds_actions_open_and_done_since(cast: Cast, clock: FixedClock) -> None:
    clock.instant = LAST - timedelta(days=20)
    before, since, left = agreed(cast, "Before"), agreed(cast, "Since"), agreed(cast, "Left", owner=Party.COACH)
    tick(cast, cast.ben, before)
    clock.instant = LAST + timedelta(days=3)
    tick(cast, cast.ben, since)
    _held(cast)
    clock.instant = NOW
    brief = _brief(cast, planned(cast, TODAY))
    assert ([each.id for each in brief.open], [each.id for each in brief.done]) == ([left], [since])


def _page(cast: Cast, session_id: UUID) -> str:
    return f"/clients/{cast.ben.client_id}/sessions/{session_id}"


def test_the_page_of_the_session_shows_it_without_names_and_notes_of_friends(cast: Cast) -> None:
    a_habit_for(cast.app, cast.ben, date(2026, 1, 1))
    _held(cast)
    _met(cast, LAST + timedelta(days=10), minutes=45)
    session_id = planned(cast, TODAY)
    cast.browser(cast.ben).post(f"/sessions/{session_id}/topic", data={"topic": "A <b>new</b> job"})
    page = cast.browser(cast.ana).get(_page(cast, session_id)).text
    brief = page[page.index("The brief") :]
    assert "A &lt;b&gt;new&lt;/b&gt; job" in brief
    assert "Thursday 29 January" in brief
    assert "1 meetup, 45 minutes" in brief
    assert "2 missed" in brief
    for secret in ("Dan", "a private thing"):
        assert secret not in page


def test_it_says_that_two_missed_months_are_worth_the_conversation(cast: Cast) -> None:
    a_habit_for(cast.app, cast.ben, date(2026, 1, 1))
    brief = _brief(cast, planned(cast, TODAY))
    assert brief.is_booster
    assert "booster" in cast.browser(cast.ana).get(_page(cast, brief.session.id)).text


def test_it_is_gone_once_the_session_took_place(cast: Cast, clock: FixedClock) -> None:
    session_id = planned(cast, TODAY)
    clock.instant = TODAY + timedelta(hours=2)
    cast.browser(cast.ana).post(f"{_page(cast, session_id)}/held")
    assert "The brief" not in cast.browser(cast.ana).get(_page(cast, session_id)).text


def test_it_asks_as_often_for_many_sessions_as_for_one(cast: Cast) -> None:
    clients = [a_client(cast.app, cast.ana, f"Client {n}", f"c{n}@example.com") for n in range(6)]
    ids = [planned(cast, TODAY + timedelta(hours=n), client=client) for n, client in enumerate(clients)]
    for client in clients:
        a_habit_for(cast.app, client)
        agreed(cast, client=client)
        _held(cast, client=client)
    counts = []
    for wanted in (ids[:1], ids):
        with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id), asked(cast.app) as statements:
            assert len(briefs_of(wanted)) == len(wanted)
            assert len(glances_of(wanted)) == len(wanted)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_a_glance_is_the_brief_in_a_line(cast: Cast, clock: FixedClock) -> None:
    clock.instant = LAST - timedelta(days=20)
    done, _ = agreed(cast, "Done"), agreed(cast, "Open")
    clock.instant = NOW
    tick(cast, cast.ben, done)
    _held(cast)
    _met(cast, LAST - timedelta(days=3))
    _met(cast, LAST + timedelta(days=10), minutes=45)
    session_id = planned(cast, TODAY)
    cast.browser(cast.ben).post(f"/sessions/{session_id}/topic", data={"topic": "A new job"})
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        assert glances_of([session_id]) == {session_id: Glance(LAST, 1, 45, 1, 1, "A new job")}
        assert glances_of([]) == {}
        assert brief_of(cast.dan_id) is None
    today = cast.browser(cast.ana).get("/today").text
    assert "Since Thursday 29 January" in today
    assert "1 meetup, 45 minutes" in today
    assert "1 action open" in today
    assert "A new job" in today


def test_a_glance_before_the_first_session_counts_all_that_was(cast: Cast) -> None:
    _met(cast, LAST)
    session_id = planned(cast, TODAY)
    with cast.app.app_context(), as_practice(cast.ana.practice_id, cast.ana.user_id):
        assert glances_of([session_id]) == {session_id: Glance(None, 1, 60, 0, 0, "")}


def test_today_asks_no_more_than_eight_times_with_sessions_and_actions(cast: Cast) -> None:
    for n in range(4):
        client = a_client(cast.app, cast.ana, f"Client {n}", f"c{n}@example.com")
        planned(cast, TODAY + timedelta(hours=n), client=client)
        agreed(cast, f"Send sheet {n}", NOW.date(), client=client, owner=Party.COACH)
    browser = cast.browser(cast.ana)
    browser.get("/today")
    with asked(cast.app) as statements:
        assert "Send sheet 3" in browser.get("/today").text
    assert len(statements) <= 8


@pytest.mark.parametrize("hours", [24, 25])
def test_it_promises_a_mail_that_asks_only_while_one_is_to_come(cast: Cast, hours: int) -> None:
    session_id = planned(cast, NOW + timedelta(hours=hours))
    page = cast.browser(cast.ana).get(_page(cast, session_id)).text
    assert "Ben Berger has not said what to talk about." in page
    assert ("The mail of the day before asks." in page) is (hours > 24)
