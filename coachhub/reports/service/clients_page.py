"""One page of the list of clients: filtered, searched, sorted by the database, from the standings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from coachhub.platform import clock
from coachhub.platform.db import db, telling
from coachhub.platform.tenancy import current_practice
from coachhub.reports.rules import Standing, plain
from coachhub.reports.service.standings import refresh_standings

A_PAGE = 50
_VERSION = telling("select clients_version(:practice, :reader, :at)", "version")


@dataclass(frozen=True)
class ClientsQuery:
    """What the address of the list asks for.

    `not_chosen`: who has chosen nobody yet this month; `in_need`: who needs the coach. `sort` is a heading, with a
    minus in front for the other way.
    """

    status: Standing | None = None
    coach_id: UUID | None = None
    words: str = ""
    not_chosen: bool = False
    in_need: bool = False
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


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client in the list. Without a habit `stage` is empty and `strength` -1; `year` has a digit 0..3 a month."""

    id: str
    name: str
    standing: str
    stage: str
    strength: int
    year: str
    met_at: str | None
    time_zone: str
    session_at: str | None


@dataclass(frozen=True, slots=True)
class CoachRow:
    """Somebody who works in the practice."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A filter that the coach has kept under a name."""

    id: UUID
    name: str
    query: str


@dataclass(frozen=True)
class ClientsPage:
    """Fifty rows at most. `counts` says how many stand where, with the coach and the words but no other filter.

    `not_chosen` is how many of these have chosen nobody yet, `in_need` how many need the coach.
    """

    rows: Sequence[ClientRow]
    found: int
    has_more: bool
    counts: Mapping[Standing, int]
    not_chosen: int
    in_need: int
    is_empty_practice: bool
    team: Sequence[CoachRow]
    saved: Sequence[SavedRow]


SORTS = ("name", "status", "stage", "strength", "met", "session")
LARGEST_FIRST = frozenset({"stage", "strength", "met"})

_LISTED = text(
    "select clients_listed(:practice_id, :user_id, :coach_id, cast(:like as text[]), :status, :not_chosen, :in_need, "
    ":heading, :way, :most, :skipped)"
)
_EVERYBODY = text(
    "select client_id from standings where practice_id = :practice_id and standing <> '' "
    "and (cast(:coach_id as uuid) is null or coach_id = :coach_id) and words like all (cast(:like as text[])) "
    "and case when cast(:status as text) is null then standing <> 'archived' else standing = :status end "
    "and (has_not_chosen or not :not_chosen) and (need is not null or not :in_need) order by words, client_id"
)


def clients_version(reader: UUID) -> str | None:
    """All that the list is made of for this reader, whatever it is filtered by, as one word that changes with it.

    None where somebody's standing has to be made anew.
    """
    asked = {"practice": current_practice(), "reader": reader, "at": clock.now()}
    version: str | None = db.session.execute(_VERSION, asked).scalar_one()
    return version


def clients_page(query: ClientsQuery, user_id: UUID) -> ClientsPage:
    """The clients that the query asks for; archived ones only where it asks for them by status.

    `user_id` is who looks: their own filters come along. Two statements, where every standing is good.
    """
    refresh_standings(clock.now())
    skipped = (query.page - 1) * A_PAGE
    asked = {"user_id": user_id, "heading": query.heading, "way": -1 if query.is_descending else 1}
    found = db.session.scalar(_LISTED, _asked(query) | asked | {"most": A_PAGE, "skipped": skipped})
    return _page(skipped, *found)


def ids_found(query: ClientsQuery) -> list[UUID]:
    """Every client that the query asks for, on all of its pages, by name."""
    refresh_standings(clock.now())
    return list(db.session.scalars(_EVERYBODY, _asked(query)))


def _page(
    skipped: int,
    rows: Sequence[Sequence[Any]] | None,
    counts: Mapping[str, int] | None,
    found: int,
    not_chosen: int,
    in_need: int,
    is_empty_practice: bool,
    team: Sequence[Sequence[str]] | None,
    saved: Sequence[Sequence[str]] | None,
) -> ClientsPage:
    return ClientsPage(
        rows=[ClientRow(*values) for values in rows or ()],
        found=found,
        has_more=skipped + A_PAGE < found,
        counts={standing: (counts or {}).get(standing, 0) for standing in Standing},
        not_chosen=not_chosen,
        in_need=in_need,
        is_empty_practice=is_empty_practice,
        team=team_of(team),
        saved=[SavedRow(UUID(saved_id), name, asked) for saved_id, name, asked in saved or ()],
    )


def team_of(rows: Sequence[Sequence[str]] | None) -> list[CoachRow]:
    """Those who work in the practice, as a statement has found them."""
    return [CoachRow(UUID(user_id), name) for user_id, name in rows or ()]


def _asked(query: ClientsQuery) -> dict[str, Any]:
    return {
        "practice_id": current_practice(),
        "coach_id": query.coach_id,
        "like": [f"%{_literally(word)}%" for word in plain(query.words).split()],
        "status": query.status.value if query.status else None,
        "not_chosen": query.not_chosen,
        "in_need": query.in_need,
    }


def _literally(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
