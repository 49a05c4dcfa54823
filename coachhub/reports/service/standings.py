"""The only writer of standings: what the rules say of each client, laid down where lists can filter and sort by it.

A row is good until time alone may change it; triggers end that when a fact changes. So whoever reads first makes the
few rows that are no longer good anew, and the sweep does so for those whom nobody looks at. The row's lock is what
keeps it right: a change that is not committed yet holds it, or comes after us and marks it once more.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import TextClause, select, text

from coachhub.habits.rules import Stage
from coachhub.habits.service.progress import Progress
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice, as_visitor, current_practice
from coachhub.reports.models import ClientStanding
from coachhub.reports.rules import (
    ASK_AGAIN_AFTER,
    COMPLAINT_IS_NEWS,
    Need,
    Standing,
    does_month_count,
    good_until,
    is_booster_due,
    is_mail_a_need,
    need_of,
    speaks_this_month,
    words_of,
)
from coachhub.reports.rules.years import year_letter
from coachhub.reports.service.listing import Listed, listed_among
from coachhub.reports.service.unfinished import Unfinished

A_YEAR = 12
STEPS = (Stage.COMMITTED, Stage.CHOSEN, Stage.INVITED, Stage.AGREED, Stage.MET)
"""Whose instants `steps` holds, in this order."""
BOOKED = "booked"
"""The cause of a need: they have booked a session, and nobody has invited them to the habit."""
_AT_ONCE = 500
_KEEP = text("select keep_standings(:practice_id, cast(:made as json))")
_STALE_ANYWHERE = text("select lookup.practices_with_stale_standings(:at)")


@dataclass(frozen=True, slots=True)
class Why:
    """Why a client needs the coach: the need with its cause, since when, and which row of another table it is about."""

    need: Need
    cause: str = ""
    since: datetime | None = None
    about: UUID | None = None


def refresh_standings(now: datetime) -> int:
    """Make every standing of the practice anew that is good no longer. Returns how many; none costs one statement."""
    return _refresh(_stale(now), now)


def read_fresh(
    statement: TextClause,
    asked: Mapping[str, Any],
    now: datetime,
    along: Any = None,
    opened: Callable[[Any], list[Any]] = list,
) -> list[Any]:
    """What a statement finds among the standings of the practice, each of them good.

    It is told `now_is`, and answers with whose standing is good no longer, locked, and nothing else; or with none of
    these, and then with what it has found. It is asked again with `made`, the standings made anew, and keeps these.
    One statement where all are good, four where some are not. None where it was read `along` with who asks, and all
    were good: what was locked then is locked no longer, so whoever is stale is asked for again. `opened` takes an
    answer apart that is no list yet.
    """
    if along is not None:
        stale, *found = opened(along)
        if not stale:
            return found
    known = {**asked, "practice_id": current_practice(), "now_is": now}
    stale, *found = opened(db.session.scalar(statement, {**known, "made": None}))
    if stale:
        made = _made([UUID(client_id) for client_id in stale], now)
        _none, *found = opened(db.session.scalar(statement, {**known, "made": made}))
    return found


def refresh_practice(practice_id: UUID) -> None:
    """The same for a worker: some hundreds a transaction, leaving alone what somebody else is at."""
    made = _AT_ONCE
    while made == _AT_ONCE:
        with as_practice(practice_id):
            now = clock.now()
            made = _refresh(_stale(now, _AT_ONCE), now)


def ring_where_standings_are_stale() -> None:
    """Ring for each practice with a standing that is good no longer."""
    with as_visitor():
        for practice_id in db.session.scalars(_STALE_ANYWHERE, {"at": clock.now()}):
            enqueue("workers.jobs.refresh_standings", practice_id)


def _stale(now: datetime, most: int | None = None) -> list[UUID]:
    """Whose standing is good no longer, locked, in one order."""
    here = (ClientStanding.practice_id == current_practice(), ClientStanding.fresh_until <= now)
    stale = select(ClientStanding.client_id).where(*here).order_by(ClientStanding.client_id)
    if most is not None:
        return list(db.session.scalars(stale.limit(most).with_for_update(skip_locked=True)))
    return list(db.session.scalars(stale.with_for_update()))


def _refresh(client_ids: list[UUID], now: datetime) -> int:
    if client_ids:
        db.session.execute(_KEEP, {"practice_id": current_practice(), "made": _made(client_ids, now)})
    return len(client_ids)


def _made(client_ids: list[UUID], now: datetime) -> str:
    """Their standings made anew, as the database takes them."""
    return json.dumps([_row_of(listed, now) for listed in listed_among(client_ids, now)], default=str)


def _row_of(listed: Listed, now: datetime) -> dict[str, Any]:
    return {
        "client_id": listed.id,
        "fresh_until": good_until(now, ZoneInfo(listed.time_zone), _turns(listed)),
        "coach_id": listed.coach_id,
        "name": listed.name,
        "words": words_of(listed.name, listed.email),
        "address": listed.address,
        "time_zone": listed.time_zone,
        "standing": listed.standing,
        "standing_order": listed.standing.order,
        "has_not_chosen": listed.has_not_chosen,
        "session_at": listed.session_at,
        **_need_columns(why_needed(listed, now)),
        **_progress_columns(listed, now),
    }


def _turns(listed: Listed) -> Iterable[datetime | None]:
    """The instants, some of them past, at which time alone changes what is said of a client, beside their midnight."""
    yield listed.session_at
    yield listed.invited_at + ASK_AGAIN_AFTER if listed.invited_at else None
    yield listed.stopped.since + COMPLAINT_IS_NEWS if listed.stopped else None
    yield listed.trouble.until if listed.trouble else None
    yield listed.unfinished.until if listed.unfinished else None
    if listed.progress is not None:
        yield from _steps(listed.progress)


def why_needed(listed: Listed, now: datetime) -> Why | None:
    """Why this client needs the coach now; the most urgent reason, where there are several."""
    return min(_reasons(listed, now), key=lambda why: why.need.order, default=None)


def _reasons(listed: Listed, now: datetime) -> Iterator[Why]:
    stopped, trouble, report = listed.stopped, listed.trouble, listed.unfinished
    if stopped and is_mail_a_need(listed.standing, stopped.cause, stopped.since, now):
        yield Why(Need.MAIL_STOPPED, stopped.cause, stopped.since)
    if trouble and listed.standing is not Standing.ARCHIVED:
        yield Why(Need.PAYMENT, trouble.trouble, trouble.since, trouble.purchase_id)
    if report and listed.standing is not Standing.ARCHIVED:
        need = Need.REPORT_FAILED if report.what is Unfinished.FAILED else Need.REPORT_WAITING
        yield Why(need, report.what, report.since, report.report_id)
    need_of_month = need_of(listed.standing, listed.invited_at, now)
    if need_of_month is Need.NOT_STARTED:
        yield Why(need_of_month, BOOKED if listed.has_booked else "", listed.invited_at)
    elif need_of_month is not None:
        yield Why(need_of_month)


def _need_columns(why: Why | None) -> dict[str, Any]:
    return {
        "need": why.need if why else None,
        "need_order": why.need.order if why else None,
        "need_cause": why.cause if why else "",
        "need_since": why.since if why else None,
        "need_about": why.about if why else None,
    }


_NO_PROGRESS: dict[str, Any] = {
    **dict.fromkeys(("status", "reason", "next_step", "stage", "year"), ""),
    **dict.fromkeys(("day", "days_left", "missed"), 0),
    **dict.fromkeys(("stage_order", "strength", "streak"), -1),
    **dict.fromkeys(("stepped_at", "met_at")),
    "is_booster_due": False,
    "steps": [],
}


def _progress_columns(listed: Listed, now: datetime) -> dict[str, Any]:
    progress = listed.progress
    if progress is None or listed.standing is Standing.ARCHIVED:
        return _NO_PROGRESS
    verdict, steps = progress.verdict, _steps(progress)
    month_begins = progress.month.starts_at(ZoneInfo(listed.time_zone))
    has_session = speaks_this_month(listed.session_at, listed.spoke_at, month_begins)
    return {
        "is_booster_due": does_month_count(listed.standing)
        and is_booster_due(verdict.status, verdict.missed_in_a_row, has_session=has_session),
        "status": verdict.status,
        "reason": verdict.reason,
        "next_step": verdict.next_step,
        "day": verdict.day,
        "days_left": verdict.days_left,
        "missed": verdict.missed_in_a_row,
        "stage": progress.stage,
        "stage_order": progress.stage.order,
        "strength": progress.strength,
        "streak": progress.streak,
        "year": _year(progress),
        "steps": steps,
        "stepped_at": max((at for at in steps if at is not None and at <= now), default=None),
        "met_at": progress.last_held_at,
    }


def _year(progress: Progress) -> str:
    months = progress.results[-A_YEAR:]
    return "".join([year_letter(month.result, month.level, has_habit=month.has_habit) for month in months])


def _steps(progress: Progress) -> tuple[datetime | None, ...]:
    """When each step of this month was first taken, in the order of the steps."""
    steps = progress.steps
    met_at = progress.last_held_at if steps.held else None
    return steps.committed_at, steps.chosen_at, steps.invited_at, steps.agreed_at, met_at
