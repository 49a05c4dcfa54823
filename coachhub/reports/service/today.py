"""Who needs the coach today, and what happened lately, read from the standings by one statement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from coachhub.habits.rules import NextStep, Reason, Stage, Status, Verdict
from coachhub.payments.rules.plans import Kept
from coachhub.platform import clock
from coachhub.platform.along import Along, taken_along
from coachhub.platform.local_time import local_day
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


_READ = text(
    "select day_in_lines(:practice_id, :now_is, cast(:made as json), :user_id, :coach_id, :since, :needy_at_most, "
    ":lately_at_most)"
)
_ALONG = (
    "day_in_lines(s.practice_id, %(now_is)s, null, s.user_id, {}, %(since)s, %(needy_at_most)s, %(lately_at_most)s)"
)
_OWN_ALONG, _ASKED_ALONG = _ALONG.format("s.user_id"), _ALONG.format("%(coach_id)s")


def today_along(coach_id: UUID | None, *, is_own: bool) -> Along:
    """What `today` asks, for whoever asks for it: for their own day, or for one coach's, or for the practice's."""
    now = clock.now()
    return Along(_OWN_ALONG if is_own else _ASKED_ALONG, {**_asked(coach_id, now), "now_is": now})


def today(coach_id: UUID | None, user_id: UUID, zone: ZoneInfo, *, email_verified: bool) -> Today:
    """The day of one coach, or of the whole practice; `user_id` is who looks, in their `zone`.

    Who works alone sees everybody. One statement, where every standing is good, unless it was read along.
    """
    now = clock.now()
    asked = {"user_id": user_id, **_asked(coach_id, now)}
    along = taken_along(_OWN_ALONG if coach_id == user_id else _ASKED_ALONG)
    lately, team, is_all, sessions, promised, plan, counts, run = read_fresh(_READ, asked, now, along, opened)
    needy_count, counted, met, not_chosen, has_clients, has_habit, has_started = counts
    day = local_day(now, zone)
    return Today(
        run=run,
        needy_count=needy_count,
        met=met,
        counted=counted,
        lately=_lately(lately or (), now),
        steps=_steps(has_clients, email_verified, has_habit, has_started),
        is_empty_practice=not has_clients,
        not_chosen=not_chosen,
        whose=None if is_all else coach_id,
        team=team_of(team),
        has_sessions=any(_is_of(day, zone, at) for at in sessions),
        has_promises=promised is not None and date.fromisoformat(promised) <= day,
        plan=_plan(*plan) if plan else Kept(),
    )


def needy_rows(run: str) -> list[Needy]:
    """Those of a run who need the coach."""
    return [Needy(*values) for values in rows_in(run)]


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


def _lately(rows: Sequence[tuple[str, str, str, list[str | None]]], now: datetime) -> tuple[Lately, ...]:
    """The newest steps: each of them was taken by one of those whose own newest step is among the newest."""
    found = [
        Lately(UUID(client_id), name, zone, stage, at)
        for client_id, name, zone, steps in rows
        for stage, at in _taken(steps)
        if now - LATELY < at <= now
    ]
    return tuple(sorted(found, key=lambda lately: lately.at, reverse=True)[:LATELY_AT_MOST])


def _taken(steps: Sequence[str | None]) -> Iterator[tuple[Stage, datetime]]:
    for stage, written in zip(STEPS, steps, strict=True):
        if written is not None:
            yield stage, datetime.fromisoformat(written)


def _steps(*are_done: bool) -> tuple[tuple[Step, bool], ...]:
    """In the order of the steps."""
    return tuple(zip(Step, are_done, strict=True))
