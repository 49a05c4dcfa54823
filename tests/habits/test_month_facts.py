"""The client's month: few statements, and the same as what is read piece by piece."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from flask import Flask, template_rendered
from sqlalchemy import func, select, update

from coachhub.accounts.models import Practice
from coachhub.habits.models import Plan
from coachhub.habits.rules import Question, Status
from coachhub.habits.service.assignments import change_target
from coachhub.habits.service.month import page_of, suggestions
from coachhub.habits.service.month_facts import month_facts
from coachhub.habits.service.progress import progress_of
from coachhub.habits.service.steps import choose_friend, commit_plan
from coachhub.network.service.friends import friend_of
from coachhub.network.service.logs import LogEntry, note_meetup
from coachhub.network.service.meetups import meetup_of
from coachhub.network.service.owner import Owner
from coachhub.network.service.promises import open_promises
from coachhub.platform.clock import FixedClock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from tests.cast import Cast
from tests.habits.facts import MARCH, acting, give_habit, meet, owning, send, utc
from tests.statements import asked

MOST_STATEMENTS = 8


def _met(ben: Owner, dan: object, entry: LogEntry | None = None) -> None:
    said = entry or LogEntry(held_at=utc(3, 4), minutes=60, feeling=3, follow_up="send the book")
    note_meetup(ben, dan, said)  # type: ignore[arg-type]


def _promised(ben: Owner, dan: object) -> None:
    for day, on in ((3, None), (5, date(2026, 3, 20)), (4, None), (6, date(2026, 3, 10)), (2, date(2026, 3, 20))):
        entry = LogEntry(held_at=utc(3, day), minutes=60, feeling=3, follow_up=f"promise {day}", follow_up_on=on)
        _met(ben, dan, entry)


STATES: dict[str, Callable[[Owner, Cast], object]] = {
    "nothing yet": lambda _ben, _cast: None,
    "a plan": lambda ben, _cast: commit_plan(ben, date(2026, 3, 20), utc(3, 20).time(), "write to Dan"),
    "somebody chosen": lambda ben, cast: choose_friend(ben, cast.dan_id),
    "a message sent": lambda ben, cast: (choose_friend(ben, cast.dan_id), send(ben, cast.dan_id, utc(3, 12, 13))),
    "an old message": lambda ben, cast: send(ben, cast.dan_id, utc(2, 20)),
    "a meetup ahead": lambda ben, cast: meet(ben, cast.dan_id, utc(3, 20), agreed_at=utc(3, 5)),
    "a meetup to log": lambda ben, cast: meet(ben, cast.dan_id, utc(3, 10), agreed_at=utc(3, 5)),
    "a meetup that moved": lambda ben, cast: meet(ben, cast.dan_id, utc(3, 10), utc(3, 21), agreed_at=utc(3, 5)),
    "met, with a promise": lambda ben, cast: _met(ben, cast.dan_id),
    "many promises": lambda ben, cast: _promised(ben, cast.dan_id),
}


@pytest.fixture(params=STATES.values(), ids=STATES)
def stands(request: pytest.FixtureRequest, cast: Cast, clock: FixedClock) -> Cast:
    """Ben's habit began in February; it is the middle of March, and he has come so far."""
    give_habit(cast, MARCH.plus(-1))
    clock.instant = utc(3, 12)
    with owning(cast, cast.ben) as ben:
        request.param(ben, cast)
    return cast


def test_it_asks_at_most_eight_times(stands: Cast) -> None:
    ben = stands.browser(stands.ben)
    with asked(stands.app) as statements:
        assert ben.get("/month").status_code == 200
    assert len(statements) <= MOST_STATEMENTS, statements


def test_it_reads_what_is_read_piece_by_piece(stands: Cast, clock: FixedClock) -> None:
    with owning(stands, stands.ben) as ben:
        facts = month_facts(ben.client_id, clock.now())
        assert facts.owner == ben
        assert facts.progress == progress_of([ben.client_id], clock.now())[ben.client_id]
        assert facts.promises == open_promises(ben)
        assert facts.friend is None or facts.friend == friend_of(ben, stands.dan_id)
        assert facts.meetup is None or facts.meetup == meetup_of(ben, facts.meetup.id).meetup
        assert len(facts.words) == 5


def test_it_is_for_clients_of_the_practice_alone(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast)
    with acting(cast, cast.cleo):
        for client_id in (cast.ben.client_id, None):
            with pytest.raises(NotFound):
                month_facts(client_id, clock.now())
    with acting(cast, cast.ana):
        facts = month_facts(cast.ben.client_id, clock.now())
        assert (facts.has_friends, facts.friend) == (False, None)  # what is Ben's own is hidden from his coach


def test_it_is_read_with_who_asks_in_one_statement(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH.plus(-1))
    clock.instant = utc(3, 12)
    with owning(cast, cast.ben) as ben:
        meet(ben, cast.dan_id, utc(3, 20), agreed_at=utc(3, 5))
    browser = cast.browser(cast.ben)
    browser.get("/month")  # notes when he was seen
    with asked(cast.app) as statements:
        assert "You meet Dan" in browser.get("/month").text
    assert len(statements) == 1, statements


def test_it_tells_the_plan_that_was_made_last(cast: Cast, clock: FixedClock) -> None:
    former = give_habit(cast, MARCH.plus(-1))
    for number in (1, 2):
        clock.instant = utc(3, 12, 10 + number)
        with owning(cast, cast.ben) as ben:
            commit_plan(ben, date(2026, 3, 20), time(8, 0), f"plan {number}")
        if number == 1:
            with acting(cast, cast.ana):
                change_target(former, 2, MARCH)
            with owning(cast, cast.ben) as ben:
                db.session.execute(update(Plan).values(assignment_id=former))
    with owning(cast, cast.ben) as ben:
        assert db.session.scalar(select(func.count()).select_from(Plan)) == 2
        facts = month_facts(ben.client_id, clock.now())
        assert facts.plan is not None
        assert facts.plan.doing == "plan 2"


def test_it_is_judged_anew_on_another_day(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH)
    for day, status in ((10, Status.ON_TRACK), (11, Status.AT_RISK)):
        clock.instant = utc(3, day)
        with owning(cast, cast.ben) as ben:
            progress = month_facts(ben.client_id, clock.now()).progress
            assert progress is not None
            assert progress.verdict.status is status


def test_it_suggests_by_the_pace_of_the_practice_whoever_has_met_and_has_a_date(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH)
    clock.instant = utc(3, 12)
    with acting(cast, cast.ana):
        db.session.execute(update(Practice).where(Practice.id == cast.ana.practice_id).values(half_life_days=30))
    with owning(cast, cast.ben) as ben:
        _met(ben, cast.dan_id)
        meet(ben, cast.dan_id, utc(3, 20), agreed_at=utc(3, 5))
        facts = month_facts(ben.client_id, clock.now(), is_asked=False)
        assert (ben.half_life_days, facts.is_owner_whole) == (30, False)
        assert month_facts(ben.client_id, clock.now()).owner == ben
    shown: list[dict[str, Any]] = []
    with template_rendered.connected_to(_note_to(shown), cast.app):
        cast.browser(cast.ben).get("/month")
    with owning(cast, cast.ben) as ben:
        page = page_of(month_facts(ben.client_id, clock.now()), clock.now())
        assert page.question is Question.DONE
        assert suggestions(ben, page) == shown[0]["suggestions"]


def _note_to(shown: list[dict[str, Any]]) -> Callable[..., None]:
    def note(_app: Flask, template: object, context: dict[str, Any], **_more: object) -> None:
        shown.extend([context] if "suggestions" in context else [])

    return note


def test_it_goes_on_waiting_for_an_answer_where_a_new_month_has_begun(cast: Cast, clock: FixedClock) -> None:
    give_habit(cast, MARCH.plus(-1))
    for now, chosen_again in ((utc(3, 31), False), (utc(4, 1), False), (utc(4, 12), False), (utc(4, 12), True)):
        clock.instant = utc(3, 31)
        with owning(cast, cast.ben) as ben:
            if now == utc(3, 31):
                choose_friend(ben, cast.dan_id)
                send(ben, cast.dan_id, clock.instant)
            clock.instant = now
            if chosen_again:
                choose_friend(ben, cast.dan_id)
            facts = month_facts(ben.client_id, now)
            assert facts.friend is not None
            assert (facts.friend.id, facts.sent is None) == (cast.dan_id, chosen_again)
