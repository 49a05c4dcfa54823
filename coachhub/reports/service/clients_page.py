"""One page of the list of clients: filtered, searched, sorted."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coachhub.reports.rules import Standing
from coachhub.reports.service.listing import Listed, everybody

A_PAGE = 50


@dataclass(frozen=True)
class ClientsQuery:
    """What the address of the list asks for. `sort` is a heading, with a minus in front for the other way."""

    status: Standing | None = None
    coach_id: UUID | None = None
    words: str = ""
    sort: str = "name"
    page: int = 1

    @property
    def heading(self) -> str:
        """The heading that is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the largest comes first."""
        return self.sort.startswith("-")


@dataclass(frozen=True)
class ClientsPage:
    """Fifty rows at most. `counts` says how many stand where, with the coach and the words but no status."""

    rows: tuple[Listed, ...]
    found: int
    has_more: bool
    counts: Mapping[Standing, int]
    is_empty_practice: bool


def _last_met(listed: Listed) -> float:
    met = listed.progress.last_held_at if listed.progress else None
    return met.timestamp() if met else 0.0


SORTS: Mapping[str, Callable[[Listed], Any]] = {
    "name": lambda listed: plain(listed.name),
    "status": lambda listed: listed.standing.order,
    "stage": lambda listed: listed.progress.stage.order if listed.progress else -1,
    "strength": lambda listed: listed.progress.strength if listed.progress else -1,
    "met": _last_met,
}
LARGEST_FIRST = frozenset({"stage", "strength", "met"})


def clients_page(query: ClientsQuery) -> ClientsPage:
    """The clients that the query asks for; archived ones only where it asks for them by status."""
    everyone = everybody()
    matching = [listed for listed in everyone if _matches(listed, query)]
    counts = Counter(listed.standing for listed in matching)
    found = [listed for listed in matching if _has_status(listed, query.status)]
    found.sort(key=SORTS["name"])
    found.sort(key=SORTS.get(query.heading, SORTS["name"]), reverse=query.is_descending)
    start = (query.page - 1) * A_PAGE
    rows = tuple(found[start : start + A_PAGE])
    return ClientsPage(rows, len(found), start + A_PAGE < len(found), counts, not everyone)


def _matches(listed: Listed, query: ClientsQuery) -> bool:
    if query.coach_id is not None and listed.coach_id != query.coach_id:
        return False
    return all(word in plain(f"{listed.name} {listed.email}") for word in plain(query.words).split())


def _has_status(listed: Listed, status: Standing | None) -> bool:
    return listed.standing is status if status else listed.standing is not Standing.ARCHIVED


def plain(text: str) -> str:
    """Text for finding and sorting: small letters, no accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
