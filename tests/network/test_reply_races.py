"""Two people at the very same moment: one meetup comes of it, and both see which."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time

import psycopg
import pytest
from werkzeug.test import TestResponse

from coachhub.network.service.free_hours import keep_free_hours
from coachhub.network.service.meetups import agree_meetup, cancel_meetup, live_meetup, move_meetup
from coachhub.network.service.offers import accept_offer, withdraw_invitation
from tests.cast import Cast
from tests.network.conftest import Acting
from tests.network.letters import FRIDAY, MONDAY, SATURDAY, THURSDAY, Letter, a_letter, a_phone

ROUNDS = range(4)
Act = Callable[[], object]


@pytest.fixture
def letter(acting: Acting, cast: Cast) -> Letter:
    return a_letter(acting, cast.dan_id, THURSDAY, FRIDAY)


def at_once(*acts: Act) -> list[object]:
    """What each of them gave; an error of any is raised."""
    with ThreadPoolExecutor(len(acts)) as pool:
        return [begun.result() for begun in [pool.submit(act) for act in acts]]


def live(admin: psycopg.Connection) -> list[tuple[object, ...]]:
    """The meetups that are not off, behind all policies."""
    return admin.execute("select starts_at, status from meetups where status <> 'cancelled'").fetchall()


def calm(answers: list[object]) -> bool:
    """Whether every page that came of it is there, or is the calm one for a link that is over."""
    pages = [answer for answer in answers if isinstance(answer, TestResponse)]
    return all(page.status_code in (200, 404) for page in pages)


@pytest.mark.parametrize("_round", ROUNDS)
def test_it_makes_one_date_of_two_answers_in_two_browsers(
    cast: Cast, letter: Letter, admin: psycopg.Connection, _round: int
) -> None:
    version = letter.version(a_phone(cast))
    answers = at_once(
        lambda: letter.choose(a_phone(cast), THURSDAY, version),
        lambda: letter.choose(a_phone(cast), FRIDAY, version),
        lambda: letter.offer(a_phone(cast), MONDAY, version=version),
        lambda: letter.say(a_phone(cast), "no", version),
    )
    assert calm(answers)
    assert len(live(admin)) <= 1
    [(answer, raised)] = admin.execute("select answer, version from invitations").fetchall()
    assert (answer == "yes") == bool(live(admin))
    assert raised == (2 if answer == "yes" else 1)


@pytest.mark.parametrize("_round", ROUNDS)
def test_it_makes_one_date_of_a_yes_and_an_agreement_by_hand(
    acting: Acting, cast: Cast, letter: Letter, admin: psycopg.Connection, _round: int
) -> None:
    version = letter.version(a_phone(cast))

    def by_hand() -> None:
        with acting() as ben:
            agree_meetup(ben, cast.dan_id, THURSDAY)

    answers = at_once(lambda: letter.choose(a_phone(cast), THURSDAY, version), by_hand)
    assert calm(answers)
    assert live(admin) == [(THURSDAY, "scheduled")]
    linked = admin.execute("select count(*) from meetups where invitation_id = %s", [letter.id]).fetchone()
    assert linked == (1,)


@pytest.mark.parametrize("_round", ROUNDS)
def test_it_moves_or_calls_off_but_never_both(
    acting: Acting, cast: Cast, letter: Letter, admin: psycopg.Connection, _round: int
) -> None:
    letter.choose(a_phone(cast), THURSDAY)
    version = letter.version(a_phone(cast))
    with acting() as ben:
        keep_free_hours(ben, [(0, time(12, 30))])
        found = live_meetup(ben, letter.id)
    assert found is not None

    def moved_by_hand() -> None:
        with acting() as ben:
            move_meetup(ben, found.id, SATURDAY, "The Swan")

    answers = at_once(
        moved_by_hand,
        lambda: letter.choose(a_phone(cast), MONDAY, version),
        lambda: letter.choose(a_phone(cast), MONDAY, version),
    )
    assert calm(answers)
    assert live(admin) in ([(SATURDAY, "scheduled")], [(MONDAY, "scheduled")])
    moves = admin.execute("select count(*) from meetup_moves").fetchone()
    assert moves in ((1,), (2,))
    sequence = admin.execute("select sequence from meetups").fetchone()
    assert sequence == moves


@pytest.mark.parametrize("_round", ROUNDS)
def test_it_stays_calm_while_the_invitation_is_taken_back_or_called_off(
    acting: Acting, cast: Cast, letter: Letter, admin: psycopg.Connection, _round: int
) -> None:
    version = letter.version(a_phone(cast))

    def take_back() -> None:
        with acting() as ben:
            withdraw_invitation(ben, letter.id)

    def call_off() -> None:
        with acting() as ben:
            found = live_meetup(ben, letter.id)
            if found is not None:
                cancel_meetup(ben, found.id)

    answers = at_once(
        take_back,
        call_off,
        lambda: letter.choose(a_phone(cast), FRIDAY, version),
        lambda: letter.offer(a_phone(cast), MONDAY, version=version),
    )
    assert calm(answers)
    assert len(live(admin)) <= 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_it_accepts_one_offer_while_the_friend_offers_another(
    acting: Acting, cast: Cast, letter: Letter, admin: psycopg.Connection, _round: int
) -> None:
    letter.offer(a_phone(cast), MONDAY)
    version = letter.version(a_phone(cast))

    def accept() -> None:
        with acting() as ben:
            accept_offer(ben, letter.id, int(version), MONDAY)

    answers = at_once(accept, accept, lambda: letter.offer(a_phone(cast), SATURDAY, version=version))
    assert calm(answers)
    assert live(admin) in ([], [(MONDAY, "scheduled")])
