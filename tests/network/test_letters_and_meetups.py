"""One invitation and the meetup that came of it: how they are joined, and how either counts its changes."""

from collections.abc import Callable
from uuid import UUID

import psycopg
import pytest
from flask.testing import FlaskClient

from coachhub.network.service.meetups import MeetupRow, agree_meetup, live_meetup, move_meetup
from tests.cast import Cast
from tests.network.conftest import Acting
from tests.network.letters import FRIDAY, MONDAY, SATURDAY, THURSDAY, Letter, a_letter, a_phone

Meetup = Callable[[], MeetupRow]


@pytest.fixture
def letter(acting: Acting, cast: Cast) -> Letter:
    return a_letter(acting, cast.dan_id, THURSDAY, FRIDAY)


@pytest.fixture
def phone(cast: Cast) -> FlaskClient:
    return a_phone(cast)


@pytest.fixture
def meetup(acting: Acting, letter: Letter) -> Meetup:
    """What came of the letter, as it is now."""

    def now() -> MeetupRow:
        with acting() as ben:
            found = live_meetup(ben, letter.id)
        assert found is not None
        return found

    return now


def test_it_keeps_a_second_live_meetup_from_one_invitation(
    letter: Letter, phone: FlaskClient, acting: Acting, cast: Cast, admin: psycopg.Connection
) -> None:
    letter.choose(phone, THURSDAY)
    with acting() as ben:
        second: UUID = agree_meetup(ben, cast.dan_id, MONDAY)
        agree_meetup(ben, cast.dan_id, SATURDAY, invitation_id=letter.id)
    linked = admin.execute("select count(*) from meetups where invitation_id is not null").fetchone()
    assert linked == (1,)
    with pytest.raises(psycopg.errors.UniqueViolation):
        admin.execute("update meetups set invitation_id = %s where id = %s", [letter.id, second])


def test_it_counts_every_change_of_a_meetup(acting: Acting, letter: Letter, phone: FlaskClient, meetup: Meetup) -> None:
    letter.choose(phone, THURSDAY)
    changes = [("The Bear", 60), ("The Bear", 30), ("The Swan", 30)]
    for number, (place, minutes) in enumerate(changes, start=1):
        version = letter.version(phone)
        with acting() as ben:
            move_meetup(ben, meetup().id, MONDAY, place, minutes)
            move_meetup(ben, meetup().id, MONDAY, place, minutes)
        assert (meetup().sequence, meetup().minutes) == (number, minutes)
        assert letter.version(phone) != version
    assert meetup().moves == 2
