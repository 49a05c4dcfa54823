"""The operator holds mail back: of a practice, of a kind; and lets it out."""

from datetime import UTC, datetime, timedelta

import pytest

from coachhub.platform.clock import FixedClock
from tests.cast import Cast
from tests.factories import a_client
from tests.ops.conftest import Tell
from tests.reminders.rows import Office, a_habit_for, a_meetup, a_proof
from tests.reminders.wakes import Sweeper, a_wake

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def due(cast: Cast, clock: FixedClock) -> Cast:
    """Ben and Cleo's client Zoe are to be told of the new month, and Ben is to be asked how it was."""
    clock.instant = MONDAY
    a_habit_for(cast.app, cast.ben)
    a_habit_for(cast.app, a_client(cast.app, cast.cleo, "Zoe", "zoe@example.com"))
    a_meetup(cast.app, cast.ben, cast.dan_id, datetime(2026, 3, 1, 15, tzinfo=UTC))
    return cast


def _sent(office: Office, due: Cast) -> tuple[int, int]:
    return office.deliver(due.ana).sent, office.deliver(due.cleo).sent


def test_it_holds_back_one_practice_and_no_other(due: Cast, office: Office, tell: Tell) -> None:
    answer = tell("mail", "pause", "--practice", "ana-coaching")
    assert answer.output == "Held back: all mail of ana-coaching.\n"
    assert _sent(office, due) == (0, 1)
    assert office.states(due.ana) == {"new_month": ("due", None), "after_meetup": ("due", None)}
    assert tell("mail", "resume", "--practice", "ana-coaching").output == "Let out: all mail of ana-coaching.\n"
    assert _sent(office, due) == (1, 0)


def test_it_holds_back_one_kind_everywhere(due: Cast, office: Office, tell: Tell) -> None:
    tell("mail", "pause", "--kind", "new_month")
    assert _sent(office, due) == (1, 0)
    assert office.states(due.ana) == {"new_month": ("due", None), "after_meetup": ("sent", None)}
    tell("mail", "resume", "--kind", "new_month")
    assert _sent(office, due) == (1, 1)


def test_it_holds_back_everything(due: Cast, office: Office, tell: Tell, clock: FixedClock) -> None:
    a_proof(due.app, due.ben, "sign_in", clock.now())
    tell("mail", "pause")
    assert _sent(office, due) == (0, 0)
    tell("mail", "resume")
    assert _sent(office, due) == (2, 1)


def test_it_lets_codes_pass_while_a_reminder_is_held_back(
    due: Cast, office: Office, tell: Tell, clock: FixedClock
) -> None:
    for kind in ("new_month", "after_meetup"):
        tell("mail", "pause", "--kind", kind)
    a_proof(due.app, due.ben, "sign_in", clock.now())
    assert _sent(office, due) == (1, 0)
    assert office.states(due.ana)["sign_in_code"] == ("sent", None)


def test_it_plans_on_and_drops_what_has_gone_stale_meanwhile(
    due: Cast, office: Office, tell: Tell, clock: FixedClock
) -> None:
    tell("mail", "pause")
    assert _sent(office, due) == (0, 0)
    assert office.count("due") == 3
    clock.advance(timedelta(days=3, minutes=1))
    tell("mail", "resume")
    assert _sent(office, due) == (0, 0)
    assert set(office.states(due.ana).values()) == {("dropped", "stale")}


def test_it_rings_for_nothing_that_is_held_back_but_plans_when_a_day_has_come(
    due: Cast, office: Office, tell: Tell, sweeper: Sweeper
) -> None:
    office.plan(due.ana, MONDAY)
    sweeper.forget()
    assert sweeper.finds(due.ana)
    tell("mail", "pause", "--practice", "ana-coaching")
    assert sweeper.finds()
    a_wake(due.app, due.ana, MONDAY)
    assert sweeper.finds(due.ana)
    sweeper.forget()
    tell("mail", "resume", "--practice", "ana-coaching")
    assert sweeper.finds(due.ana)


def test_it_changes_nothing_when_told_twice_and_says_what_is_still_held_back(due: Cast, tell: Tell) -> None:
    tell("mail", "pause", "--kind", "new_month")
    tell("mail", "pause", "--practice", "cleo-careers", "--kind", "new_month")
    again = tell("mail", "pause", "--kind", "new_month")
    assert again.output == "Was held back already: mail of kind new_month of every practice.\n"
    wrong = tell("mail", "resume")
    assert wrong.output.startswith("Was not held back: all mail of every practice.\nStill held back: mail of kind")
    ended = tell("mail", "resume", "--kind", "new_month")
    assert "Still held back: mail of kind new_month of cleo-careers, since 2" in ended.output


@pytest.mark.parametrize("step", ["pause", "resume"])
@pytest.mark.parametrize(
    ("names", "said"),
    [(("--kind", "birthday"), "There are: sign_in_code, verify_email"), (("--practice", "no"), "no practice no.")],
)
def test_it_says_which_kinds_and_practices_there_are(
    cast: Cast, tell: Tell, step: str, names: tuple[str, str], said: str
) -> None:
    answer = tell("mail", step, *names)
    assert answer.exit_code == 2
    assert said in answer.stderr
