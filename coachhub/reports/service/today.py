"""Who needs the coach today, and what happened lately, read from the standings by one statement."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from coachhub.habits.rules import NextStep, Reason, Stage, Status, Verdict
from coachhub.payments.rules.plans import Kept
from coachhub.platform import clock
from coachhub.platform.along import Along, taken_along
from coachhub.platform.local_time import local_day
from coachhub.platform.readings import Reader, Readings, guessed_reader
from coachhub.reports.rules import Need, Step
from coachhub.reports.service.clients_page import CoachRow, team_of
from coachhub.reports.service.runs import opened, rows_in
from coachhub.reports.service.standings import STEPS, Why, read_fresh

LATELY = timedelta(days=7)
LATELY_AT_MOST = 6
NEEDY_AT_MOST = 50


class Needy(NamedTuple):
    """A client who needs the coach, and why: the need's cause, since when, and which row it is about.

    `address` is where mail to them goes. All of it is as the database has it, and `why` says what it means.
    """

    id: str
    name: str
    standing: str
    need: str
    cause: str
    since: str | None
    about: str | None
    address: str
    is_booster_due: bool
    status: str
    reason: str
    next_step: str
    day: int
    days_left: int
    missed: int

    @property
    def why(self) -> Why:
        """Why they need the coach."""
        at = datetime.fromisoformat(self.since) if self.since else None
        return Why(Need(self.need), self.cause, at, UUID(self.about) if self.about else None)

    @property
    def verdict(self) -> Verdict | None:
        """How their month goes; None without a habit this month."""
        if not self.status:
            return None
        said = (Status(self.status), Reason(self.reason), NextStep(self.next_step))
        return Verdict(*said, self.day, self.days_left, self.missed)


@dataclass(frozen=True, slots=True)
class Lately:
    """A step that a client took in the last seven days."""

    client_id: UUID
    name: str
    time_zone: str
    stage: Stage
    at: datetime


@dataclass(frozen=True)
class Today:
    """The coach's day. `run`: fifty at most of the `needy_count` who need the coach. `met` of `counted` clients, those
    whose month counts, have met somebody this month; `not_chosen` have chosen nobody yet.

    `steps` are the first four things of a new practice with whether they are done. `whose`: of which coach it is, or
    of all; `team` are those who work in the practice. `plan` is what the practice has of the platform.
    """

    run: str
    needy_count: int
    met: int
    counted: int
    lately: tuple[Lately, ...]
    steps: Sequence[tuple[Step, bool]]
    is_empty_practice: bool
    not_chosen: int
    whose: UUID | None
    team: Sequence[CoachRow]
    has_sessions: bool
    has_promises: bool
    plan: Kept

    @property
    def needy(self) -> list[Needy]:
        """The run, taken apart."""
        return needy_rows(self.run)

    @property
    def needs_more(self) -> bool:
        """Whether more need the coach than are told of."""
        return self.needy_count > NEEDY_AT_MOST


@dataclass(frozen=True)
class _Settled:
    """What of a day is read under the practice's stamp: all that is made of its clients, and who works there.

    `lately` are the newest steps, from the newest on, each of which is told as long as it is news. `is_all`: it is
    everybody's. `counts` are those of Today.
    """

    lately: tuple[Lately, ...]
    team: tuple[CoachRow, ...]
    is_all: bool
    counts: tuple[Any, ...]
    run: str


class _Found(NamedTuple):
    """What `day_since` has found, in its places."""

    stamp: str | None
    lately: Sequence[tuple[str, str, str, list[str | None]]] | None
    team: Sequence[Sequence[str]] | None
    is_all: bool | None
    sessions: Sequence[str | None]
    promised: str | None
    plan: Sequence[Any] | None
    counts: Sequence[Any] | None
    run: str

    @property
    def is_as_known(self) -> bool:
        return self.counts is None


_DAYS: Readings[_Settled] = Readings(most=64)
"""Of each practice by whose day it is and who looks; about fifteen kilobytes each."""
_READ = text(
    "select day_since(null, :practice_id, :now_is, cast(:made as json), :user_id, :coach_id, :since, :needy_at_most, "
    ":lately_at_most)"
)
_ALONG = (
    "day_since(%(known)s, s.practice_id, %(now_is)s, null, s.user_id, {}, %(since)s, %(needy_at_most)s, "
    "%(lately_at_most)s)"
)
_OWN_ALONG, _ASKED_ALONG = _ALONG.format("s.user_id"), _ALONG.format("%(coach_id)s")


def today_along(coach_id: UUID | None, *, is_own: bool) -> Along:
    """What `today` asks, for whoever asks for it: for their own day, or for one coach's, or for the practice's."""
    now, guessed = clock.now(), guessed_reader()
    known = _DAYS.stamp(*guessed, guessed.user_id if is_own else coach_id) if guessed else None
    return Along(_OWN_ALONG if is_own else _ASKED_ALONG, {**_asked(coach_id, now), "now_is": now, "known": known})


def today(coach_id: UUID | None, reader: Reader, zone: ZoneInfo, *, email_verified: bool) -> Today:
    """The day of one coach, or of the whole practice, for who looks, in their `zone`.

    Who works alone sees everybody. One statement, where every standing is good, unless it was read along.
    """
    now = clock.now()
    asked = {"user_id": reader.user_id, **_asked(coach_id, now)}
    along = taken_along(_OWN_ALONG if coach_id == reader.user_id else _ASKED_ALONG)
    ask = partial(_ask, asked, now)
    settled, found = _DAYS.read(along, ask, _settled, *reader, coach_id)
    needy_count, counted, met, not_chosen, has_clients, has_habit, has_started = settled.counts
    day = local_day(now, zone)
    return Today(
        run=settled.run,
        needy_count=needy_count,
        met=met,
        counted=counted,
        lately=tuple(each for each in settled.lately if now - LATELY < each.at <= now)[:LATELY_AT_MOST],
        steps=_steps(has_clients, email_verified, has_habit, has_started),
        is_empty_practice=not has_clients,
        not_chosen=not_chosen,
        whose=None if settled.is_all else coach_id,
        team=settled.team,
        has_sessions=any(_is_of(day, zone, at) for at in found.sessions),
        has_promises=found.promised is not None and date.fromisoformat(found.promised) <= day,
        plan=_plan(*found.plan) if found.plan else Kept(),
    )


def needy_rows(run: str) -> list[Needy]:
    """Those of a run who need the coach."""
    return [Needy(*values) for values in rows_in(run)]


def _ask(asked: Mapping[str, Any], now: datetime, along: Any) -> _Found:
    return _Found(*read_fresh(_READ, asked, now, along, opened))


def _settled(found: _Found) -> _Settled:
    return _Settled(
        lately=_lately(found.lately or ()),
        team=team_of(found.team),
        is_all=bool(found.is_all),
        counts=tuple(found.counts or ()),
        run=found.run,
    )


def _is_of(day: date, zone: ZoneInfo, at: str | None) -> bool:
    """Of those that begin in a day which holds this instant one is the last before it, or the first after it."""
    return at is not None and local_day(datetime.fromisoformat(at), zone) == day


def _asked(coach_id: UUID | None, now: datetime) -> dict[str, Any]:
    return {
        "coach_id": coach_id,
        "since": now - LATELY,
        "needy_at_most": NEEDY_AT_MOST,
        "lately_at_most": LATELY_AT_MOST,
    }


def _plan(status: str, *instants: str | None) -> Kept:
    return Kept(status, *(datetime.fromisoformat(at) if at else None for at in instants))


def _lately(rows: Sequence[tuple[str, str, str, list[str | None]]]) -> tuple[Lately, ...]:
    """All steps of those who took the newest: each of the newest was taken by one of them."""
    found = [
        Lately(UUID(client_id), name, zone, stage, at)
        for client_id, name, zone, steps in rows
        for stage, at in _taken(steps)
    ]
    return tuple(sorted(found, key=lambda lately: lately.at, reverse=True))


def _taken(steps: Sequence[str | None]) -> Iterator[tuple[Stage, datetime]]:
    for stage, written in zip(STEPS, steps, strict=True):
        if written is not None:
            yield stage, datetime.fromisoformat(written)


def _steps(*are_done: bool) -> tuple[tuple[Step, bool], ...]:
    """In the order of the steps."""
    return tuple(zip(Step, are_done, strict=True))
