"""Two people never get one slot, whatever they do at the same moment: real threads on real connections."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

import coachhub.app
from coachhub.app import create_app
from coachhub.booking.models import BookingStatus, PaidWith, Side
from coachhub.booking.service.cancelling import cancel_booking
from coachhub.booking.service.confirming import Outcome, confirm_booking
from coachhub.booking.service.ending import expire_hold
from coachhub.booking.service.holding import SlotTaken, hold_slot
from coachhub.booking.service.moving import move_booking
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db, engine_options
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import as_practice
from tests.booking.booked import AN_HOUR, NEXT_MONDAY, an_offering, asked_by, confirmed, held, read
from tests.cast import Cast
from tests.factories import a_coach
from tests.fakes import KeptQueue

CROWD = 50
ROUNDS = range(4)
Act = Callable[[], object]


@pytest.fixture(scope="module")
def wide_app(settings: Settings, clock: FixedClock, queue: KeptQueue) -> Iterator[Flask]:
    """The application, with a connection for each of a crowd."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coachhub.app, "engine_options", lambda: engine_options(pool_size=CROWD))
        made = create_app(settings, clock=clock, queue=queue)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def at_once(wide_app: Flask, cast: Cast) -> Callable[[Sequence[Act]], list[object]]:
    """Does each act in a transaction and on a connection of its own, all beginning together.

    Gives what came of each, a refusal where it was one. Any other error, a deadlock above all, is raised.
    """

    def do(acts: Sequence[Act]) -> list[object]:
        start, backends = Barrier(len(acts), timeout=30), set()

        def one(act: Act) -> object:
            try:
                with wide_app.app_context(), as_practice(cast.ana.practice_id):
                    backends.add(db.session.scalar(text("select pg_backend_pid()")))
                    start.wait()
                    return act()
            except Refused as refused:
                return refused

        with ThreadPoolExecutor(len(acts)) as pool:
            results = [begun.result() for begun in [pool.submit(one, act) for act in acts]]
        assert len(backends) == len(acts)
        return results

    return do


def _holds(offering_id: UUID, starts: Sequence[datetime], **more: object) -> list[Act]:
    """A crowd of strangers, each wanting one of these times in turn."""

    def wanting(number: int) -> Act:
        at = starts[number % len(starts)]
        return lambda: hold_slot(asked_by(f"Visitor{number}", offering_id, at, **more))

    return [wanting(number) for number in range(CROWD)]


def _taken(results: Sequence[object]) -> list[SlotTaken]:
    return [each for each in results if isinstance(each, SlotTaken)]


AtOnce = Callable[[Sequence[Act]], list[object]]


def test_it_gives_one_of_fifty_the_slot_and_the_others_the_nearest_times(cast: Cast, at_once: AtOnce) -> None:
    results = at_once(_holds(an_offering(cast.app, cast.ana), [NEXT_MONDAY]))
    losers = _taken(results)
    assert len(losers) == CROWD - 1
    near = {NEXT_MONDAY - AN_HOUR, NEXT_MONDAY + AN_HOUR}
    assert all(near <= {slot.starts_at for slot in loser.nearest} for loser in losers)


def test_it_gives_each_of_twenty_five_slots_to_one_of_fifty(
    cast: Cast, at_once: AtOnce, admin: psycopg.Connection
) -> None:
    starts = [NEXT_MONDAY + n * AN_HOUR for n in range(25)]
    results = at_once(_holds(an_offering(cast.app, cast.ana), starts))
    assert len(_taken(results)) == 25
    rows = admin.execute("select starts_at from bookings order by 1").fetchall()
    assert [starts_at for (starts_at,) in rows] == starts


def test_it_gives_a_time_once_to_each_of_two_coaches(cast: Cast, at_once: AtOnce, admin: psycopg.Connection) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    results = at_once(_holds(an_offering(cast.app, cast.ana, zoe), [NEXT_MONDAY]))
    assert len(_taken(results)) == CROWD - 2
    coaches = {coach_id for (coach_id,) in admin.execute("select coach_id from bookings").fetchall()}
    assert coaches == {cast.ana.user_id, zoe.user_id}


def test_it_keeps_a_daily_limit_against_fifty(cast: Cast, at_once: AtOnce) -> None:
    starts = [NEXT_MONDAY + n * AN_HOUR for n in range(10)]
    results = at_once(_holds(an_offering(cast.app, cast.ana, daily_limit=3), starts))
    assert len(_taken(results)) == CROWD - 3


def test_it_makes_one_hold_of_many_clicks_of_one_person(cast: Cast, at_once: AtOnce) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    offering_id = an_offering(cast.app, cast.ana, zoe)
    results = at_once([lambda: hold_slot(asked_by("Vera", offering_id))] * 10)
    assert len(set(results)) == 1


def test_it_gives_an_intro_once_to_many_clicks_of_one_person(cast: Cast, at_once: AtOnce) -> None:
    intro = an_offering(cast.app, cast.ana, is_intro=True, price=0)

    def wanting(number: int) -> Act:
        return lambda: hold_slot(asked_by("Vera", intro, NEXT_MONDAY + number * AN_HOUR))

    results = at_once([wanting(number) for number in range(10)])
    assert Counter(type(each) for each in results) == {UUID: 1, Refused: 9}


@pytest.mark.parametrize("_round", ROUNDS)
def test_it_has_one_winner_when_holding_expiring_and_paying_meet(
    cast: Cast, at_once: AtOnce, admin: psycopg.Connection, _round: int
) -> None:
    offering_id = an_offering(cast.app, cast.ana)
    first = held(cast, "Vera", offering_id)
    strangers = _holds(offering_id, [NEXT_MONDAY])[:10]
    pay = [lambda: confirm_booking(first, PaidWith.MONEY)] * 3
    results = at_once([*pay, lambda: expire_hold(first), *strangers])
    outcomes = Counter(each for each in results if isinstance(each, Outcome))
    assert outcomes in ({"confirmed": 1, "already": 2}, {"gone": 3})
    live = admin.execute("select id, status from bookings where status in ('held', 'confirmed')").fetchall()
    assert len(live) == 1
    assert (live[0] == (first, "confirmed")) == (Outcome.CONFIRMED in outcomes)


@pytest.mark.parametrize("_round", ROUNDS)
def test_it_neither_overlaps_nor_stands_still_when_bookings_change_places(
    cast: Cast, at_once: AtOnce, _round: int
) -> None:
    zoe = a_coach(cast.app, cast.ana, "Zoe Zander", "zoe@example.com")
    offering_id = an_offering(cast.app, cast.ana, zoe, coach_choice=True)
    one = confirmed(cast, "Vera", offering_id, coach_id=cast.ana.user_id)
    other = confirmed(cast, "Wim", offering_id, coach_id=zoe.user_id)
    results = at_once(
        [
            lambda: move_booking(one, NEXT_MONDAY, Side.COACH, zoe.user_id),
            lambda: move_booking(other, NEXT_MONDAY, Side.COACH, cast.ana.user_id),
            lambda: move_booking(one, NEXT_MONDAY + AN_HOUR, Side.CLIENT),
            lambda: move_booking(other, NEXT_MONDAY + AN_HOUR, Side.CLIENT),
            lambda: cancel_booking(other, Side.CLIENT),
            lambda: cancel_booking(other, Side.COACH),
        ]
    )
    assert read(cast, other).status is BookingStatus.CANCELLED
    assert read(cast, one).status is BookingStatus.CONFIRMED
    assert results[4:] == [None, None]


def test_it_cannot_overlap_though_nothing_but_the_database_watches(cast: Cast, admin: psycopg.Connection) -> None:
    first = held(cast, "Vera", an_offering(cast.app, cast.ana, buffer_after=15))
    columns = [column.name for column in read_columns(admin)]
    again = ", ".join("gen_random_uuid()" if name == "id" else _later(name) for name in columns)
    names = ", ".join(columns)
    with pytest.raises(psycopg.errors.ExclusionViolation, match="ex_bookings_coach"):
        admin.execute(f"insert into bookings ({names}) select {again} from bookings where id = %s", [first])


def read_columns(admin: psycopg.Connection) -> Sequence[psycopg.Column]:
    """The columns of the table."""
    return admin.execute("select * from bookings limit 0").description or ()


def _later(name: str) -> str:
    """An hour and fourteen minutes later: the hour has passed, its buffer has not."""
    is_time = name in ("starts_at", "ends_at", "busy_from", "busy_until")
    return f"{name} + interval '74 minutes'" if is_time else name


def test_it_frees_a_time_at_the_very_moment_that_a_hold_ends(cast: Cast, clock: FixedClock) -> None:
    offering_id = an_offering(cast.app, cast.ana)
    first = held(cast, "Vera", offering_id)
    clock.advance(timedelta(minutes=40))
    with cast.app.app_context(), as_practice(cast.ana.practice_id):
        expire_hold(first)
        assert hold_slot(asked_by("Wim", offering_id)) != first
