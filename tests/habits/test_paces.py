"""How long the steps of a month take."""

from datetime import datetime

import psycopg
import pytest

from coachhub.habits.service.paces import Pace, paces
from tests.cast import Cast
from tests.factories import Person, a_client
from tests.habits.facts import MARCH, acting, give_habit, utc

_CYCLE = """
insert into cycles (practice_id, assignment_id, month, client_id, committed_at, chosen_at, invited_at, agreed_at, held,
    last_held_at)
select practice_id, id, %s, client_id, %s, %s, %s, %s, %s, %s from assignments where client_id = %s
"""


@pytest.fixture
def zoe(cast: Cast) -> Person:
    return a_client(cast.app, cast.ana, "Zoë Young", "zoe@example.com", "Asia/Tokyo")


def _lived(
    cast: Cast,
    admin: psycopg.Connection,
    client: Person,
    *steps: datetime | None,
    held: int = 0,
    met: datetime | None = None,
) -> None:
    give_habit(cast, MARCH, client)
    admin.execute(_CYCLE, [MARCH.first_day(), *steps, *[None] * (4 - len(steps)), held, met, client.client_id])


def _paces(cast: Cast, *clients: Person) -> tuple[Pace, ...]:
    with acting(cast, cast.ana):
        return paces([client.client_id for client in clients if client.client_id], lambda _zone: [MARCH])


def test_it_counts_from_the_beginning_of_the_clients_own_month(
    cast: Cast, zoe: Person, admin: psycopg.Connection
) -> None:
    _lived(cast, admin, zoe, datetime.fromisoformat("2026-03-01T15:00:00Z"))  # a day after midnight in Tokyo
    assert _paces(cast, zoe)[0] == Pace(1.0, 1)


def test_it_is_the_median_over_clients(cast: Cast, zoe: Person, admin: psycopg.Connection) -> None:
    _lived(cast, admin, cast.ben, utc(3, 2), utc(3, 4), utc(3, 5), utc(3, 9), held=1, met=utc(3, 20))
    _lived(cast, admin, zoe, utc(3, 2), utc(3, 8))
    assert [pace.days for pace in _paces(cast, cast.ben, zoe)][1:] == [4.0, 1.0, 4.0, 11.0]
    assert [pace.months for pace in _paces(cast, cast.ben, zoe)] == [2, 2, 1, 1, 1]
    assert _paces(cast, cast.ben)[1] == Pace(2.0, 1)


def test_it_leaves_out_steps_in_another_order_and_months_with_several_meetups(
    cast: Cast, admin: psycopg.Connection
) -> None:
    _lived(cast, admin, cast.ben, utc(2, 27), utc(2, 26), None, utc(3, 9), held=2, met=utc(3, 20))
    assert _paces(cast, cast.ben) == (Pace(0.0, 1), *[Pace(None, 0)] * 4)


def test_it_knows_nothing_of_nobody(cast: Cast) -> None:
    assert _paces(cast) == (Pace(None, 0),) * 5
