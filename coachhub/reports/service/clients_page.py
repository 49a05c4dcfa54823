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
    """What the address of the list asks for; `not_chosen`: who has chosen nobody yet this month.

    `sort` is a heading, with a minus in front for the other way.
    """

    status: Standing | None = None
    coach_id: UUID | None = None
    words: str = ""
    not_chosen: bool = False
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
    """Fifty rows at most. `counts` says how many stand where, with the coach and the words but no status.

    `not_chosen` is how many of these have chosen nobody yet.
    """

    rows: tuple[Listed, ...]
    found: int
    has_more: bool
    counts: Mapping[Standing, int]
    not_chosen: int
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
    found = _sorted([listed for listed in matching if _stands_there(listed, query)], query)
    start = (query.page - 1) * A_PAGE
    return ClientsPage(
        rows=tuple(found[start : start + A_PAGE]),
        found=len(found),
        has_more=start + A_PAGE < len(found),
        counts=Counter(listed.standing for listed in matching),
        not_chosen=sum(1 for listed in matching if listed.has_not_chosen),
        is_empty_practice=not everyone,
    )


def all_found(query: ClientsQuery) -> list[Listed]:
    """Every client that the query asks for, on all of its pages, by name."""
    return [listed for listed in everybody() if _matches(listed, query) and _stands_there(listed, query)]


def _sorted(found: list[Listed], query: ClientsQuery) -> list[Listed]:
    by_name = sorted(found, key=SORTS["name"])
    return sorted(by_name, key=SORTS.get(query.heading, SORTS["name"]), reverse=query.is_descending)


def _matches(listed: Listed, query: ClientsQuery) -> bool:
    if query.coach_id is not None and listed.coach_id != query.coach_id:
        return False
    return all(word in plain(f"{listed.name} {listed.email}") for word in plain(query.words).split())


def _stands_there(listed: Listed, query: ClientsQuery) -> bool:
    if query.not_chosen and not listed.has_not_chosen:
        return False
    return listed.standing is query.status if query.status else listed.standing is not Standing.ARCHIVED


def plain(text: str) -> str:
    """Text for finding and sorting: small letters, no accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
