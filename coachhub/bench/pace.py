"""Pages over HTTP beside the bare Flask page of the same server: paired rounds, all pages in turn."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from statistics import median

from coachhub.bench.figures import Limit
from coachhub.bench.load import CONNECTIONS, Drive, Page, drive
from coachhub.bench.served import BARE
from coachhub.bench.web_server import WORKERS

Fresh = Callable[[], object]
HOW = f"{WORKERS} workers, {CONNECTIONS} connections"
ROUND = 1.0
"""Seconds that a round of a page takes."""
_BARE_PAGE = Page(f"{BARE}/")
_FEWEST = CONNECTIONS
_WARM_A_SECOND = 50
"""Pages that warm a server up, for each second of a round: on new connections, several times, for both its workers."""
_WARM_TIMES = 2


@dataclass(frozen=True)
class Paces:
    """A page and the bare one, a round each."""

    ours: Sequence[Drive]
    bare: Sequence[Drive]

    @property
    def pace(self) -> float:
        """Pages a second."""
        return median(each.pace for each in self.ours)

    @property
    def bare_pace(self) -> float:
        """Bare pages a second."""
        return median(each.pace for each in self.bare)

    @property
    def of_bare(self) -> float:
        """The page's pace against the bare one's: a busy moment hits both sides of its pair."""
        return median(ours.pace / bare.pace for ours, bare in zip(self.ours, self.bare, strict=True))

    @property
    def median(self) -> float:
        """Milliseconds."""
        return median(each.median for each in self.ours)

    @property
    def p99(self) -> float:
        """Milliseconds."""
        return median(each.p99 for each in self.ours)

    @property
    def tail(self) -> float:
        """How many times a round's median its p99 is."""
        return median(each.p99 / each.median for each in self.ours)

    @property
    def times_bare(self) -> float:
        """How many times the bare page's median the page's own is."""
        return median(ours.median / bare.median for ours, bare in zip(self.ours, self.bare, strict=True))

    @property
    def work_of_asking(self) -> float:
        """The part of one core that asking for bare pages took: more than asking for any other."""
        return median(each.work / each.seconds for each in self.bare)


def beside_bare(
    port: int, pages: Mapping[str, Page], rounds: int, seconds: float, fresh: Fresh = nullcontext
) -> dict[str, Paces]:
    """Each page beside the bare one, so often; a round of either takes about so many seconds, after `fresh`."""
    counts = {name: count_for(port, page, seconds, fresh) for name, page in pages.items()}
    bare_count = count_for(port, _BARE_PAGE, seconds)
    kept: dict[str, tuple[list[Drive], list[Drive]]] = {name: ([], []) for name in pages}
    for number in range(rounds):
        for name, page in pages.items():
            ours, bare = kept[name]
            sides = ((ours, page, counts[name]), (bare, _BARE_PAGE, bare_count))
            for into, asked, count in sides if number % 2 else reversed(sides):
                fresh()
                into.append(drive(port, asked, count))
    return {name: Paces(*sides) for name, sides in kept.items()}


def count_for(port: int, page: Page, seconds: float, fresh: Fresh = nullcontext) -> int:
    """How many pages take about so many seconds, by the last of a few drives that also warm the server up."""
    fresh()
    for _ in range(_WARM_TIMES):
        last = drive(port, page, _FEWEST + round(seconds * _WARM_A_SECOND))
    found = max(_FEWEST, round(last.pace * seconds))
    return found if page.most is None else min(found, page.most)


def pace_figures(name: str, found: Paces, least: float | None, goal: float | None) -> list[Limit]:
    """A page's pace against the bare page, and what it is a second."""
    said = f"{name} over HTTP, {HOW}"
    return [
        Limit(f"{said}, against the bare Flask page", "x", found.of_bare, goal=goal, least=least),
        Limit(said, "a second", found.pace),
    ]
