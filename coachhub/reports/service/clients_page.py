"""One page of the list of clients: filtered, searched, sorted by the database, from the standings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from coachhub.platform import clock
from coachhub.platform.along import Along, taken_along
from coachhub.platform.db import db, telling
from coachhub.platform.readings import Reader, Readings, guessed_reader
from coachhub.platform.tenancy import current_practice
from coachhub.reports.rules import Standing, plain
from coachhub.reports.service.runs import opened, rows_in
from coachhub.reports.service.standings import read_fresh, refresh_standings

A_PAGE = 50
_VERSION = telling("select lookup.clients_stamp(:practice, :at)", "version")


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


class ClientRow(NamedTuple):
    """A client in the list. Without a habit `stage` is empty and `strength` -1; `year` has a letter a month."""

    id: str
    name: str
    standing: str
    stage: str
    strength: int
    year: str
    met_at: str | None
    time_zone: str
    session_at: str | None


class CoachRow(NamedTuple):
    """Somebody who works in the practice."""

    user_id: UUID
    name: str


class SavedRow(NamedTuple):
    """A filter that the coach has kept under a name."""

    id: str
    name: str
    query: str


class Tally(NamedTuple):
    """Of those who stand somewhere: how many are there, are found by the filter, have chosen nobody, need the coach."""

    here: int
    found: int
    not_chosen: int
    in_need: int


_NOBODY = Tally(0, 0, 0, 0)


@dataclass(frozen=True)
class ClientsPage:
    """Fifty rows at most, in one run. `counts` says how many stand where, with the coach and the words but no other
    filter.

    `not_chosen` is how many of these have chosen nobody yet, `in_need` how many need the coach. `habits` can be given
    to clients: each with its id and its name. `version` is what `clients_version` said before it was read.
    """

    run: str
    found: int
    has_more: bool
    counts: tuple[tuple[Standing, int], ...]
    not_chosen: int
    in_need: int
    is_empty_practice: bool
    team: tuple[CoachRow, ...]
    saved: tuple[SavedRow, ...]
    habits: tuple[tuple[str, str], ...]
    version: str | None

    @property
    def rows(self) -> list[ClientRow]:
        """The run, taken apart."""
        return client_rows(self.run)


class _Found(NamedTuple):
    """What `clients_since` has found, in its places."""

    stamp: str | None
    version: str | None
    counted: Sequence[Sequence[Any]] | None
    is_empty_practice: bool | None
    team: Sequence[Sequence[str]] | None
    saved: Sequence[Sequence[str]] | None
    habits: Sequence[Sequence[str]] | None
    run: str

    @property
    def is_as_known(self) -> bool:
        """Whether it has told of the reader's filters alone: all else is as it was under the stamp that was named."""
        return self.is_empty_practice is None


SORTS = ("name", "status", "stage", "strength", "met", "session")
LARGEST_FIRST = frozenset({"stage", "strength", "met"})

_PAGES: Readings[ClientsPage] = Readings(most=64)
"""Of each practice by what is asked for, without anybody's own filters; about ten kilobytes each."""
_READ = text(
    "select clients_since(null, :practice_id, :now_is, cast(:made as json), :user_id, :coach_id, "
    "cast(:like as text[]), :status, :not_chosen, :in_need, :heading, :way, :most, :skipped)"
)
_LISTED_ALONG = (
    "clients_since(%(known)s, s.practice_id, %(now_is)s, null, s.user_id, %(coach_id)s, cast(%(like)s as text[]), "
    "%(status)s, %(not_chosen)s, %(in_need)s, %(heading)s, %(way)s, %(most)s, %(skipped)s)"
)
_VERSION_ALONG = "lookup.clients_stamp(s.practice_id, %(at)s)"
_EVERYBODY = text(
    "select client_id from standings where practice_id = :practice_id and standing <> '' "
    "and (cast(:coach_id as uuid) is null or coach_id = :coach_id) and words like all (cast(:like as text[])) "
    "and case when cast(:status as text) is null then standing <> 'archived' else standing = :status end "
    "and (has_not_chosen or not :not_chosen) and (need is not null or not :in_need) order by words, client_id"
)


def version_along() -> Along:
    """What `clients_version` asks, for whoever asks for the list."""
    return Along(_VERSION_ALONG, {"at": clock.now()})


def list_along(query: ClientsQuery) -> Along:
    """What `clients_page` asks, for whoever asks for the list: only whether it is the same, where it is kept here."""
    guessed = guessed_reader()
    known = _PAGES.stamp(guessed.practice_id, query) if guessed else None
    return Along(_LISTED_ALONG, {**_asked_of_page(query), "now_is": clock.now(), "known": known})


def clients_version() -> str | None:
    """All that the practice's list is made of, whatever it is filtered by, as one word that changes with it.

    None where somebody's standing has to be made anew. It may have been read along.
    """
    known: str | None = taken_along(_VERSION_ALONG)
    if known is not None:
        return known
    asked = {"practice": current_practice(), "at": clock.now()}
    version: str | None = db.session.execute(_VERSION, asked).scalar_one()
    return version


def clients_page(query: ClientsQuery, reader: Reader) -> ClientsPage:
    """The clients that the query asks for; archived ones only where it asks for them by status.

    `reader` is who looks: their own filters come along. One statement, where every standing is good, unless it was
    read along.
    """
    asked = {"user_id": reader.user_id, **_asked_of_page(query)}
    along = taken_along(_LISTED_ALONG)
    page, found = _PAGES.read(along, partial(_ask, asked), partial(_page, query), reader.practice_id, query)
    return replace(page, saved=tuple(SavedRow(*values) for values in found.saved or ()))


def ids_found(query: ClientsQuery) -> list[UUID]:
    """Every client that the query asks for, on all of its pages, by name."""
    refresh_standings(clock.now())
    return list(db.session.scalars(_EVERYBODY, {"practice_id": current_practice(), **_asked(query)}))


def _ask(asked: Mapping[str, Any], along: Any) -> _Found:
    return _Found(*read_fresh(_READ, asked, clock.now(), along, opened))


def _page(query: ClientsQuery, told: _Found) -> ClientsPage:
    """Without anybody's own filters."""
    tallies = {Standing(standing): Tally(*counts) for standing, *counts in told.counted or ()}
    found = sum(tally.found for standing, tally in tallies.items() if _is_asked_for(standing, query))
    return ClientsPage(
        run=told.run,
        found=found,
        has_more=query.page * A_PAGE < found,
        counts=tuple((standing, tallies.get(standing, _NOBODY).here) for standing in Standing),
        not_chosen=sum(tally.not_chosen for tally in tallies.values()),
        in_need=sum(tally.in_need for standing, tally in tallies.items() if standing is not Standing.ARCHIVED),
        is_empty_practice=bool(told.is_empty_practice),
        team=team_of(told.team),
        saved=(),
        habits=tuple((habit_id, name) for habit_id, name in told.habits or ()),
        version=told.version,
    )


def client_rows(run: str) -> list[ClientRow]:
    """The clients of a run."""
    return [ClientRow(*values) for values in rows_in(run)]


def _is_asked_for(standing: Standing, query: ClientsQuery) -> bool:
    """Those in the archive are found only where they are asked for by name."""
    return standing is (query.status or standing) and (standing is not Standing.ARCHIVED or query.status is standing)


def team_of(rows: Sequence[Sequence[str]] | None) -> tuple[CoachRow, ...]:
    """Those who work in the practice, as a statement has found them."""
    return tuple(CoachRow(UUID(user_id), name) for user_id, name in rows or ())


def _asked(query: ClientsQuery) -> dict[str, Any]:
    return {
        "coach_id": query.coach_id,
        "like": _as_array([f"%{_literally(word)}%" for word in plain(query.words).split()]),
        "status": query.status.value if query.status else None,
        "not_chosen": query.not_chosen,
        "in_need": query.in_need,
    }


def _asked_of_page(query: ClientsQuery) -> dict[str, Any]:
    return _asked(query) | {
        "heading": query.heading,
        "way": -1 if query.is_descending else 1,
        "most": A_PAGE,
        "skipped": (query.page - 1) * A_PAGE,
    }


def _as_array(words: Sequence[str]) -> str:
    """As PostgreSQL writes it. The driver takes as long to find out how an element is written as to send the rest."""
    quoted = (word.replace("\\", r"\\").replace('"', r"\"") for word in words)
    return "{" + ",".join([f'"{word}"' for word in quoted]) + "}"


def _literally(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
