"""Who needs the coach today, and what happened lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from coachhub.habits.rules import Stage
from coachhub.platform import clock
from coachhub.reports.rules import Need, Standing, Step, does_month_count, is_mail_a_need, need_of
from coachhub.reports.service.listing import Listed, everybody

LATELY = timedelta(days=7)
LATELY_AT_MOST = 6


@dataclass(frozen=True)
class Needy:
    """A client who needs the coach, and why."""

    client: Listed
    need: Need


@dataclass(frozen=True)
class Lately:
    """A step that a client took in the last seven days."""

    client: Listed
    stage: Stage
    at: datetime


@dataclass(frozen=True)
class Today:
    """The coach's day. `met` of `counted` clients, those whose month counts, have met somebody this month.

    `not_chosen` have chosen nobody yet. `steps` are the first four things of a new practice with whether they are done.
    """

    needy: tuple[Needy, ...]
    met: int
    counted: int
    lately: tuple[Lately, ...]
    steps: tuple[tuple[Step, bool], ...]
    is_empty_practice: bool
    not_chosen: int


def today(coach_id: UUID | None, *, email_verified: bool) -> Today:
    """The day of one coach, or of the whole practice."""
    now = clock.now()
    everyone = everybody()
    mine = [listed for listed in everyone if coach_id in (None, listed.coach_id)]
    counted = [listed for listed in mine if does_month_count(listed.standing)]
    return Today(
        needy=_needy(mine, now),
        met=sum(1 for listed in counted if listed.progress and listed.progress.stage is Stage.MET),
        counted=len(counted),
        lately=_lately(mine, now),
        steps=_steps(everyone, email_verified),
        is_empty_practice=not everyone,
        not_chosen=sum(1 for listed in mine if listed.has_not_chosen),
    )


def _needy(mine: Sequence[Listed], now: datetime) -> tuple[Needy, ...]:
    """Most urgent first; among equals, whoever missed more months, then the weaker habit."""
    found = [Needy(listed, need) for listed in mine if (need := _need(listed, now)) is not None]
    return tuple(sorted(found, key=_urgency))


def _need(listed: Listed, now: datetime) -> Need | None:
    stopped = listed.stopped
    if stopped and is_mail_a_need(listed.standing, stopped.cause, stopped.since, now):
        return Need.MAIL_STOPPED
    return need_of(listed.standing, listed.invited_at, now)


def _urgency(needy: Needy) -> tuple[int, int, int, str]:
    progress = needy.client.progress
    missed = progress.verdict.missed_in_a_row if progress else 0
    return needy.need.order, -missed, progress.strength if progress else 0, needy.client.name


def _lately(mine: Sequence[Listed], now: datetime) -> tuple[Lately, ...]:
    found = [
        Lately(listed, stage, at)
        for listed in mine
        if listed.progress
        for stage, at in _steps_taken(listed)
        if at is not None and now - LATELY < at <= now
    ]
    return tuple(sorted(found, key=lambda lately: lately.at, reverse=True)[:LATELY_AT_MOST])


def _steps_taken(listed: Listed) -> list[tuple[Stage, datetime | None]]:
    if listed.progress is None:
        return []
    steps = listed.progress.steps
    return [
        (Stage.COMMITTED, steps.committed_at),
        (Stage.CHOSEN, steps.chosen_at),
        (Stage.INVITED, steps.invited_at),
        (Stage.AGREED, steps.agreed_at),
        (Stage.MET, listed.progress.last_held_at if steps.held else None),
    ]


def _steps(everyone: Sequence[Listed], email_verified: bool) -> tuple[tuple[Step, bool], ...]:
    return (
        (Step.INVITE, bool(everyone)),
        (Step.CONFIRM, email_verified),
        (Step.ASSIGN, any(listed.progress for listed in everyone)),
        (Step.START, any(listed.standing is not Standing.INVITED for listed in everyone)),
    )
