"""`coachhub bench dashboards`: Today, Clients and Cohort beside their bare templates, in one practice among many."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from socket import socket
from statistics import median
from uuid import UUID

import psycopg
from flask.testing import FlaskClient

from coachhub.bench.figures import Contest, Figure, Limit, Steps, total
from coachhub.bench.pages import page_count
from coachhub.bench.ready_pages import READY, ReadyPage
from coachhub.bench.rounds import Watch, in_turn, measured
from coachhub.bench.scratch import Scratch, scratch
from coachhub.bench.served import BARE
from coachhub.bench.visitors import CONNECTIONS, WORKERS, ask, open_connections, server
from coachhub.demo.practice import load_practices
from coachhub.reminders.service.planning import practice_ids
from coachhub.reports.service.standings import refresh_practice

PRACTICES, CLIENTS, MONTHS = 100, 1_000, 14
_COHORT = "Cohort of 200 x 12"
PAGES = {
    "Today": "/today",
    "Clients": "/clients",
    "Clients, searched and sorted": "/clients?q=an&sort=-strength",
    _COHORT: "/reports",
}
_PLAIN = dict(list(PAGES.items())[:2])
MOST_STATEMENTS = 8
MOST, GOAL = 4.0, 2.0
_MOST_OF_COHORT = 3.0
MOST_AMONG_MANY = 1.3
LEAST_OF_BARE = 0.06
_TIMES = 10
_OUR_PAGES, _BARE_PAGES = 100, 1_000
"""Pages of a round over HTTP, so that both sides take about as long."""
_STALE = "update standings set fresh_until = 'epoch'"
_LOADED = (
    "select m.practice_id, m.user_id from memberships m join practices p on p.id = m.practice_id "
    "where m.role = 'owner' and p.slug like 'load-%'"
)


@dataclass(frozen=True)
class Owner:
    """Whose practice is looked at."""

    practice_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class Size:
    """How much is measured: the practice that is looked at is one of so many alike."""

    practices: int = PRACTICES
    clients: int = CLIENTS
    months: int = MONTHS
    our_pages: int = _OUR_PAGES
    bare_pages: int = _BARE_PAGES
    times: int = _TIMES


def bench_dashboards(rounds: int, size: Size = Size()) -> list[Figure]:
    """Every figure, in turn; a quarter of an hour at its full size, most of which makes the practices."""
    with scratch() as made:
        ready = ReadyPage(made.web)
        _load(made, 1, size)
        owner = _owner(made)
        browser = made.browser(owner)
        figures: list[Figure] = [_made_anew(made, owner.practice_id, size, rounds)]
        alone = _contests(browser, ready, size, 1, rounds)
        _load(made, size.practices - 1, size)
        figures += _statements(made, browser, size, rounds)
        among = _contests(browser, ready, size, size.practices, rounds)
        figures += among
        figures += [_among_many(one, many, size) for one, many in zip(alone, among, strict=True)]
        return figures + _over_http(made, browser, rounds, size)


def _load(made: Scratch, practices: int, size: Size) -> None:
    """So many practices more, with every standing made."""
    load_practices(made.settings, practices, size.clients, size.months)
    made.as_admin("vacuum analyze")
    with made.worker.app_context():
        for practice_id in practice_ids():
            refresh_practice(practice_id)
    made.as_admin("vacuum analyze standings")


def _owner(made: Scratch) -> Owner:
    with psycopg.connect(made.superuser_url) as admin:
        found = admin.execute(_LOADED).fetchone()
    assert found is not None  # noqa: S101 (one was loaded)
    return Owner(*found)


def _made_anew(made: Scratch, practice_id: UUID, size: Size, rounds: int) -> Limit:
    """What the worker does at a client's midnight."""
    taken = []
    for _ in range(rounds):
        made.as_admin(_STALE)
        taken.append(total(measured(partial(_refresh, made, practice_id))))
    return Limit(f"All standings of a practice of {size.clients:,} clients made anew", "ms", median(taken))


def _refresh(made: Scratch, practice_id: UUID, watch: Watch) -> None:
    with made.worker.app_context(), watch.step("refresh"):
        refresh_practice(practice_id)


def _statements(made: Scratch, browser: FlaskClient, size: Size, rounds: int) -> Iterator[Figure]:
    """Of each page, and of those where everybody's standing has to be made anew first."""
    crowd = f"{size.clients:,} clients"
    for name, path in PAGES.items():
        yield page_count(made, browser, f"{name}, {crowd}", path, rounds, MOST_STATEMENTS)
    for name, path in _PLAIN.items():
        stale = partial(made.as_admin, _STALE)
        said = f"{name}, {crowd}, nobody's standing good"
        yield page_count(made, browser, said, path, rounds, MOST_STATEMENTS, stale)


def _contests(browser: FlaskClient, ready: ReadyPage, size: Size, practices: int, rounds: int) -> list[Contest]:
    return [_contest(browser, ready, name, size, practices, rounds) for name in PAGES]


def _contest(browser: FlaskClient, ready: ReadyPage, name: str, size: Size, practices: int, rounds: int) -> Contest:
    path = PAGES[name]
    ready.keep(browser, path)
    ours, floor = in_turn(partial(_open, browser, path, size.times), partial(_open, browser, READY, size.times), rounds)
    said = f"{name}, {size.clients:,} clients in one of {practices} practices, {size.times} times"
    most = _MOST_OF_COHORT if name == _COHORT else MOST
    return Contest(said, "the same template with everything ready, from a view that asks nothing", ours, floor, most)


def _open(browser: FlaskClient, path: str, times: int, watch: Watch) -> None:
    with watch.step("page"):
        for _ in range(times):
            browser.get(path)


def _among_many(alone: Contest, among: Contest, size: Size) -> Limit:
    """How many times as long the page takes among many practices; by their floors, since the machine may differ."""
    times = (among.our_median / among.floor_median) / (alone.our_median / alone.floor_median)
    return Limit(f"{among.name.rpartition(',')[0]}, against being alone", "x", times, MOST_AMONG_MANY)


def _over_http(made: Scratch, browser: FlaskClient, rounds: int, size: Size) -> list[Figure]:
    figures: list[Figure] = []
    cookie = _cookie(made, browser)
    with server(made) as port, open_connections(port) as connections:
        for name, path in _PLAIN.items():
            ours, bare = in_turn(
                partial(_ask_for, connections, path, size.our_pages, cookie),
                partial(_ask_for, connections, f"{BARE}/", size.bare_pages, ""),
                rounds,
            )
            figures += _pace(name, ours, bare, size)
    return figures


def _cookie(made: Scratch, browser: FlaskClient) -> str:
    """What the browser sends: that it is signed in, and what forms need."""
    named = (made.web.config["SIGN_IN_COOKIE"], made.web.config["SESSION_COOKIE_NAME"])
    found = [browser.get_cookie(name) for name in named]
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in found if cookie is not None)


def _ask_for(connections: list[socket], path: str, times: int, cookie: str, watch: Watch) -> None:
    with watch.step("pages"):
        ask(connections, path, times, cookie)


def _pace(name: str, ours: list[Steps], bare: list[Steps], size: Size) -> list[Figure]:
    pace = [size.our_pages / total(steps) * 1000 for steps in ours]
    ratios = [mine / (size.bare_pages / total(steps) * 1000) for mine, steps in zip(pace, bare, strict=True)]
    said = f"{name} over HTTP, signed in, {WORKERS} workers, {CONNECTIONS} connections"
    return [
        Limit(f"{said}, against the bare Flask page", "x", median(ratios), goal=LEAST_OF_BARE),
        Limit(said, "a second", median(pace)),
    ]
