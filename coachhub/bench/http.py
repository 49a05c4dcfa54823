"""`coachhub bench http`: whole pages of a real server, beside the bare Flask page of the same server."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import median

from flask.testing import FlaskClient

from coachhub.bench.bare_sql import bare_connection, send, statements_of
from coachhub.bench.figures import Contest, Count, Figure, Limit
from coachhub.bench.load import Page
from coachhub.bench.loads import Somebody, load
from coachhub.bench.pace import HOW, ROUND, Paces, beside_bare, pace_figures
from coachhub.bench.pages import open_often, page_count
from coachhub.bench.ready_pages import ReadyPage
from coachhub.bench.restless import restless
from coachhub.bench.rounds import in_turn
from coachhub.bench.row_security import cost_figures, ensure_alike
from coachhub.bench.scratch import Scratch, scratch
from coachhub.bench.sites import GOAL_UNCHANGED, LEAST_UNCHANGED, LISTS, UNCHANGED, Site, asked_now, lists, sites
from coachhub.bench.web_server import WORKERS, cold_start, server

PRACTICES, CLIENTS, MONTHS = 100, 1_000, 14
_FEW_CLIENTS = 20
_MOST_OF_TAIL = 6.0
_MOST_AMONG_MANY = 1.2
_MOST_MEMORY, _GOAL_OF_MEMORY = 170.0, 110.0
_MOST_OF_A_START = 2.0
_STARTS = 5
_TIMES_A_SECOND = 10
"""Pages beside their bare template and their bare statements, for each second of a round."""


@dataclass(frozen=True)
class Size:
    """How much is measured: the practice that is looked at is one of so many alike; a round takes so many seconds."""

    practices: int = PRACTICES
    clients: int = CLIENTS
    months: int = MONTHS
    seconds: float = ROUND

    @property
    def times(self) -> int:
        """How often a page is made in one process in a round."""
        return max(1, round(self.seconds * _TIMES_A_SECOND))


@dataclass(frozen=True)
class Measured:
    """A page, asked for over HTTP and beside its own parts."""

    site: Site
    paces: Paces
    statements: Count
    parts: Sequence[Contest]


def bench_http(rounds: int, size: Size = Size()) -> tuple[list[Measured], list[Figure]]:
    """Every page, and every figure; twenty minutes at its full size, most of which makes the practices."""
    with scratch() as made:
        ready = ReadyPage(made.web)
        browser = made.web.test_client(use_cookies=False)
        (owner,) = load(made, 1, size.clients, size.months)
        asked = sites(made, owner)
        pages = asked_now(made, asked)
        ensure_alike(made, browser, pages)
        with server(made) as running:
            alone = beside_bare(running.port, pages, rounds, size.seconds, made.forget_tries)
            (small,) = load(made, 1, _FEW_CLIENTS, size.months)
            load(made, size.practices - 1, size.clients, size.months)
            pages = asked_now(made, asked)
            among = beside_bare(running.port, pages, rounds, size.seconds, made.forget_tries)
            memory = running.memory()
            costs: list[Figure] = [*cost_figures(made, running.port, pages, rounds, size.seconds)]
            costs += _read_anew(made, running.port, pages, rounds, size.seconds)
        asked = [replace(site, page=page) for site, page in zip(asked, asked_now(made, asked).values(), strict=True)]
        measured = [_measured(made, browser, ready, site, among[site.name], rounds, size.times) for site in asked]
        figures = [figure for page in measured for figure in _figures(page)]
        figures += [_among_many(name, alone[name], among[name], size) for name in pages]
        figures += [*costs, *_whatever_the_crowd(made, browser, small, measured), *_of_the_server(made, memory, rounds)]
        if UNCHANGED not in pages:
            said = f"{UNCHANGED}: it has no ETag"
            figures.append(Limit(said, "x", 0, goal=GOAL_UNCHANGED, least=LEAST_UNCHANGED))
        return measured, [*figures, _asking(among)]


def _measured(
    made: Scratch, browser: FlaskClient, ready: ReadyPage, site: Site, paces: Paces, rounds: int, times: int
) -> Measured:
    said = f"{site.name}, statements"
    count = page_count(made, browser, said, site.page, rounds, site.most_statements, made.forget_tries)
    parts = list(_parts(made, browser, ready, site, rounds, times)) if site.is_whole else []
    return Measured(site, paces, count, parts)


def _parts(
    made: Scratch, browser: FlaskClient, ready: ReadyPage, site: Site, rounds: int, times: int
) -> Iterator[Contest]:
    """The page beside what it asks the database, and beside what it shows; in one process, without a network."""
    ours = partial(open_often, browser, site.page, times)
    statements = statements_of(made, browser, site.page)
    with bare_connection(made) as connection:
        bare = in_turn(ours, partial(send, connection, statements, times), rounds, made.forget_tries)
    yield Contest(f"{site.name} beside its SQL", "its own statements by the driver alone, fetched", *bare, None)
    shown = ready.keep(browser, site.page)
    bare = in_turn(ours, partial(open_often, browser, shown, times), rounds, made.forget_tries)
    floor = "the same template with everything ready, from a view that asks nothing"
    yield Contest(f"{site.name} beside its template", floor, *bare, None)


def _figures(page: Measured) -> Iterator[Figure]:
    name, paces = page.site.name, page.paces
    yield from pace_figures(name, paces, page.site.least, page.site.goal)
    yield Limit(f"{name}, median over HTTP", "ms", paces.median)
    yield Limit(f"{name}, p99 over HTTP", "ms", paces.p99)
    yield Limit(f"{name}, p99 against its median", "x", paces.tail, _MOST_OF_TAIL)
    yield page.statements
    yield from page.parts


def _read_anew(made: Scratch, port: int, pages: Mapping[str, Page], rounds: int, seconds: float) -> Iterator[Figure]:
    """The lists as whoever asks first after a change finds them: nothing of them that was read before is good."""
    anew = {f"{name}, read anew each time": pages[name] for name in LISTS}
    with restless(made):
        for name, paces in beside_bare(port, anew, rounds, seconds, made.forget_tries).items():
            yield from pace_figures(name, paces, least=None, goal=None)
        yield from cost_figures(made, port, anew, rounds, seconds)


def _among_many(name: str, alone: Paces, among: Paces, size: Size) -> Limit:
    """By the bare page, since the machine may have been busier then."""
    said = f"{name}, median in one of {size.practices} practices against being alone"
    return Limit(said, "x", among.times_bare / alone.times_bare, _MOST_AMONG_MANY)


def _whatever_the_crowd(
    made: Scratch, browser: FlaskClient, small: Somebody, measured: Sequence[Measured]
) -> Iterator[Limit]:
    """The statements of a list must not depend on how long it is."""
    many = {page.site.name: page.statements.value for page in measured}
    for site in lists(made, small):
        few = page_count(made, browser, site.name, site.page, 1, None).value
        said = f"{site.name}, statements more or fewer than for {_FEW_CLIENTS} clients"
        yield Limit(said, "statements", abs(many[site.name] - few), 0)


def _of_the_server(made: Scratch, memory: float, rounds: int) -> Iterator[Limit]:
    said = f"Memory of the web server with {WORKERS} workers after the load (proportional set size)"
    yield Limit(said, "MB", memory, _MOST_MEMORY, _GOAL_OF_MEMORY)
    starts = [cold_start(made) for _ in range(min(rounds, _STARTS))]
    yield Limit("A cold start of the web server, until /healthz answers", "s", median(starts), _MOST_OF_A_START)


def _asking(found: dict[str, Paces]) -> Limit:
    """The load generator's own part: it shares the cores with the server, most of all at the bare page."""
    part = median(paces.work_of_asking for paces in found.values())
    return Limit(f"The bare Flask page, {HOW}: what asking for it takes", "of one core", part)
