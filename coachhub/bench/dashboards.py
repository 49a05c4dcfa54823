"""`coachhub bench dashboards`: Today, Clients and Cohort beside their bare templates, in one practice among many."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median
from uuid import UUID

from flask.testing import FlaskClient

from coachhub.bench.figures import Contest, Figure, Limit, total
from coachhub.bench.load import Page
from coachhub.bench.loads import Somebody, load, signed_in
from coachhub.bench.pace import ROUND, beside_bare, pace_figures
from coachhub.bench.pages import open_often, page_count
from coachhub.bench.ready_pages import ReadyPage
from coachhub.bench.restless import restless
from coachhub.bench.rounds import Rounds, Watch, in_turn, measured
from coachhub.bench.scratch import Scratch, scratch
from coachhub.bench.web_server import server
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
GOAL_OF_BARE = 0.06
_TIMES = 10
_STALE = "update standings set fresh_until = 'epoch'"


@dataclass(frozen=True)
class Size:
    """How much is measured: the practice that is looked at is one of so many alike."""

    practices: int = PRACTICES
    clients: int = CLIENTS
    months: int = MONTHS
    seconds: float = ROUND
    times: int = _TIMES


def bench_dashboards(rounds: int, size: Size = Size()) -> list[Figure]:
    """Every figure, in turn; a quarter of an hour at its full size, most of which makes the practices.

    Each page is read anew each time it is asked for.
    """
    with scratch() as made, restless(made):
        ready = ReadyPage(made.web)
        (owner,) = load(made, 1, size.clients, size.months)
        browser = made.browser(owner)
        figures: list[Figure] = [_made_anew(made, owner.practice_id, size, rounds)]
        alone = _contests(browser, ready, size, 1, rounds)
        load(made, size.practices - 1, size.clients, size.months)
        figures += _statements(made, browser, size, rounds)
        among = _contests(browser, ready, size, size.practices, rounds)
        figures += among
        figures += [_beside_written(browser, ready, name, size, rounds) for name in PAGES]
        figures += [_among_many(one, many, size) for one, many in zip(alone, among, strict=True)]
        return figures + _over_http(made, owner, rounds, size.seconds)


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
        yield page_count(made, browser, f"{name}, {crowd}", Page(path), rounds, MOST_STATEMENTS)
    for name, path in _PLAIN.items():
        stale = partial(made.as_admin, _STALE)
        said = f"{name}, {crowd}, nobody's standing good"
        yield page_count(made, browser, said, Page(path), rounds, MOST_STATEMENTS, stale)


def _contests(browser: FlaskClient, ready: ReadyPage, size: Size, practices: int, rounds: int) -> list[Contest]:
    return [_contest(browser, ready, name, size, practices, rounds) for name in PAGES]


def _contest(browser: FlaskClient, ready: ReadyPage, name: str, size: Size, practices: int, rounds: int) -> Contest:
    page = Page(PAGES[name])
    ours, floor = _in_turn(browser, page, ready.keep(browser, page), size, rounds)
    said = f"{name}, {size.clients:,} clients in one of {practices} practices, {size.times} times"
    most = _MOST_OF_COHORT if name == _COHORT else MOST
    return Contest(said, "the same template with everything ready, from a view that asks nothing", ours, floor, most)


def _beside_written(browser: FlaskClient, ready: ReadyPage, name: str, size: Size, rounds: int) -> Contest:
    """For information: that parts of the page are kept makes this floor lower, and the page itself no slower."""
    page = Page(PAGES[name])
    ours, floor = _in_turn(browser, page, ready.keep(browser, page, is_written=True), size, rounds)
    said = "the same, with what the page keeps written already"
    return Contest(f"{name}, beside what of its template is not kept", said, ours, floor, None)


def _in_turn(browser: FlaskClient, page: Page, floor: Page, size: Size, rounds: int) -> Rounds:
    ours, bare = (partial(open_often, browser, each, size.times) for each in (page, floor))
    return in_turn(ours, bare, rounds)


def _among_many(alone: Contest, among: Contest, size: Size) -> Limit:
    """How many times as long the page takes among many practices; by their floors, since the machine may differ."""
    times = (among.our_median / among.floor_median) / (alone.our_median / alone.floor_median)
    return Limit(f"{among.name.rpartition(',')[0]}, against being alone", "x", times, MOST_AMONG_MANY)


def _over_http(made: Scratch, owner: Somebody, rounds: int, seconds: float) -> list[Figure]:
    pages = {name: signed_in(made, owner, path) for name, path in _PLAIN.items()}
    with server(made) as running:
        found = beside_bare(running.port, pages, rounds, seconds)
    return [
        figure
        for name, paces in found.items()
        for figure in pace_figures(f"{name}, signed in", paces, None, GOAL_OF_BARE)
    ]
