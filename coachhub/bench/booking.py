"""`coachhub bench booking`: free times and bookings under load, on servers of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import psycopg

from coachhub.bench.booked_month import ORDINARY, BookedMonth, make_booked_month
from coachhub.bench.figures import Contest, Count, Figure, Limit
from coachhub.bench.load import Page
from coachhub.bench.pace import ROUND, beside_bare, pace_figures
from coachhub.bench.pages import page_count
from coachhub.bench.rounds import Watch, in_turn
from coachhub.bench.rush import rush_figures
from coachhub.bench.scratch import Scratch, scratch
from coachhub.bench.sweeping import sweep_figures
from coachhub.bench.web_server import server
from coachhub.booking.service.slots import free_slots
from coachhub.platform import clock
from coachhub.platform.tenancy import as_practice

BOOKINGS, CLIENTS = 500, 200
MOST, GOAL = 3.0, 1.3
LEAST_OF_BARE, GOAL_OF_BARE = 0.06, 0.10
MOST_STATEMENTS = 6
_TIMES = 40
"""One month is asked for so often in a round: it takes a millisecond."""
_BARE_SELECT = (
    "select coach_id, offering_id, starts_at, busy_from, busy_until from bookings where practice_id = %s "
    "and coach_id = %s and status in ('held', 'confirmed') and busy_until > %s and busy_from < %s"
)
_FLOOR_IS = "a select of those bookings by the same index, as the web role, fetched"


@dataclass(frozen=True)
class Size:
    """How much is measured. `zones`: None for all of them."""

    bookings: int = BOOKINGS
    clients: int = CLIENTS
    seconds: float = ROUND
    zones: int | None = None
    days: int = 730


def bench_booking(rounds: int, size: Size = Size()) -> list[Figure]:
    """Every figure, in turn; about three minutes at its full size."""
    with scratch() as made:
        month = make_booked_month(made, size.bookings)
        figures: list[Figure] = [_month_contest(made, month, rounds), *sweep_figures(size.zones, size.days)]
        figures.append(_statements(made, month, rounds))
        with server(made) as running:
            figures += _page_figures(running.port, month, rounds, size.seconds)
            figures += rush_figures(made, month, running.port, size.clients)
        return figures


def _month_contest(made: Scratch, month: BookedMonth, rounds: int) -> Contest:
    with _floor_connection(made) as connection:
        ours, floor = in_turn(partial(_ours, made, month), partial(_floor, made, month, connection), rounds)
    name = f"A month of free times among {month.bookings} bookings, {_TIMES} times"
    return Contest(name, _FLOOR_IS, ours, floor, MOST, GOAL)


def _ours(made: Scratch, month: BookedMonth, watch: Watch) -> None:
    now = clock.machine_now()
    with made.web.app_context(), as_practice(made.staff.practice_id):
        free_slots(month.full_id, month.first, month.last, now)
        with watch.step("free slots"):
            for _ in range(_TIMES):
                free_slots(month.full_id, month.first, month.last, now)


@contextmanager
def _floor_connection(made: Scratch) -> Iterator[psycopg.Connection]:
    """Kept open, as the pool keeps ours, and without prepared statements, as ours is."""
    with psycopg.connect(made.addresses.database_url, prepare_threshold=None) as connection:
        connection.execute("select set_config('app.practice_id', %s, false)", [str(made.staff.practice_id)])
        yield connection


def _floor(made: Scratch, month: BookedMonth, connection: psycopg.Connection, watch: Watch) -> None:
    asked = [made.staff.practice_id, month.coach_id, month.first, month.last]
    found = connection.execute(_BARE_SELECT, asked).fetchall()
    if len(found) != month.bookings:
        raise RuntimeError(f"{len(found)} bookings are in the month, not {month.bookings}")
    with watch.step("select"):
        for _ in range(_TIMES):
            connection.execute(_BARE_SELECT, asked).fetchall()


def _statements(made: Scratch, month: BookedMonth, rounds: int) -> Count:
    name = f"The booker's page of a month with {ORDINARY} bookings"
    return page_count(made, made.web.test_client(), name, Page(month.ordinary_path), rounds, MOST_STATEMENTS)


def _page_figures(port: int, month: BookedMonth, rounds: int, seconds: float) -> list[Limit]:
    name = "The same page"
    found = beside_bare(port, {name: Page(month.ordinary_path)}, rounds, seconds)[name]
    bare = Limit("The bare Flask page on the same server", "a second", found.bare_pace)
    return [*pace_figures(name, found, LEAST_OF_BARE, GOAL_OF_BARE), bare]
