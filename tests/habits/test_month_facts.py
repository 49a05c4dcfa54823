"""The client's month: few statements, and the same as what is read piece by piece."""

from collections.abc import Callable
from datetime import date

import pytest

from coachhub.habits.service.month_facts import month_facts
from coachhub.habits.service.progress import progress_of
from coachhub.habits.service.steps import choose_friend, commit_plan
from coachhub.network.service.friends import friend_of
from coachhub.network.service.logs import LogEntry, note_meetup
from coachhub.network.service.meetups import meetup_of
from coachhub.network.service.owner import Owner
from coachhub.network.service.promises import open_promises
from coachhub.platform.clock import FixedClock
from coachhub.platform.errors import NotFound
from tests.cast import Cast
from tests.habits.facts import MARCH, acting, give_habit, meet, owning, send, utc
from tests.statements import asked

MOST_STATEMENTS = 8


def _met(ben: Owner, dan: object, entry: LogEntry | None = None) -> None:
    said = entry or LogEntry(held_at=utc(3, 4), minutes=60, feeling=3, follow_up="send the book")
    note_meetup(ben, dan, said)  # type: ignore[arg-type]


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
