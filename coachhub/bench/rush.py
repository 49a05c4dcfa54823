"""A crowd that books at once, over HTTP, each a time of their own: how long the last click of each takes."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse
from statistics import median, quantiles
from threading import Barrier
from urllib.parse import urlencode

import psycopg

from coachhub.bench.booked_month import RUSH, BookedMonth
from coachhub.bench.figures import Figure, Limit
from coachhub.bench.scratch import Scratch
from coachhub.booking.service.slots import Slot, free_slots
from coachhub.platform import clock
from coachhub.platform.tenancy import as_practice

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_PATIENCE = 120
_BOOKED = 303
_PATH = f"/p/bench/{RUSH}"


@dataclass(frozen=True)
class _Click:
    """How the server answered, and after how many milliseconds."""

    status: int
    took: float


def rush_figures(scratch: Scratch, month: BookedMonth, port: int, clients: int) -> list[Figure]:
    """So many clients book at once: medians, the slowest of a hundred, and what went wrong."""
    slots = _slots_for(scratch, month, clients)
    deadlocks = _ask(scratch, _DEADLOCKS)
    clicks = _all_at_once(port, slots)
    booked = _ask(scratch, "select count(*) from bookings where title = 'A call' and status = 'confirmed'")
    taken = [click.took for click in clicks]
    name = f"{clients} clients book different times at once"
    return [
        Limit(f"{name}, median", "ms", median(taken)),
        Limit(f"{name}, p99", "ms", quantiles(taken, n=100)[-1]),
        Limit(f"{name}, shown an error", "clients", sum(click.status != _BOOKED for click in clicks), 0),
        Limit(f"{name}, not booked", "clients", clients - booked, 0),
        Limit(f"{name}, deadlocks in the database", "deadlocks", _ask(scratch, _DEADLOCKS) - deadlocks),
    ]


_DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"


def _slots_for(scratch: Scratch, month: BookedMonth, clients: int) -> Sequence[Slot]:
    now = clock.machine_now()
    with scratch.web.app_context(), as_practice(scratch.staff.practice_id):
        return free_slots(month.rush_id, now, now + timedelta(days=60), now)[:clients]


def _all_at_once(port: int, slots: Sequence[Slot]) -> list[_Click]:
    start = Barrier(len(slots), timeout=_PATIENCE)
    with ThreadPoolExecutor(len(slots)) as pool:
        begun = [pool.submit(_book, port, slot, number, start) for number, slot in enumerate(slots)]
        return [each.result() for each in begun]


def _book(port: int, slot: Slot, number: int, start: Barrier) -> _Click:
    """Open the form, fill it in, wait for the others, and click. Every visitor has an address of their own."""
    headers = {"Host": "localhost", "X-Forwarded-For": f"198.51.100.{number % 250}"}
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    form = _answer(
        connection, "GET", f"{_PATH}?{urlencode({'at': f'{slot.starts_at:%Y-%m-%dT%H:%MZ}'})}", None, headers
    )
    fields = dict(_HIDDEN.findall(form.read().decode()))
    fields |= {"name": f"Visitor {number}", "email": f"visitor-{number}@crowd.example"}
    cookies = [cookie.split(";")[0] for cookie in form.headers.get_all("Set-Cookie", [])]
    headers |= {"Cookie": "; ".join(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    start.wait()
    began = time.perf_counter()
    answer = _answer(connection, "POST", _PATH, urlencode(fields), headers)
    answer.read()
    took = (time.perf_counter() - began) * 1000
    connection.close()
    return _Click(answer.status, took)


def _answer(
    connection: HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]
) -> HTTPResponse:
    connection.request(method, path, body, headers)
    return connection.getresponse()


def _ask(scratch: Scratch, question: str) -> int:
    with psycopg.connect(scratch.superuser_url) as connection:
        row = connection.execute(question).fetchone()
    return int(row[0]) if row else 0
