"""Reading what a report says, in the one transaction that the caller has opened: as a worker or as who works there."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text

from coachhub.coaching.models import CoachingSessionStatus
from coachhub.coaching.service.actions import ActionRow, actions_between, actions_of_session, open_actions
from coachhub.coaching.service.notes import shared_notes
from coachhub.coaching.service.reading import CoachingSessionRow, coaching_session_of, sessions_since
from coachhub.habits.rules import Month
from coachhub.habits.service.progress import MonthProgress, months_of
from coachhub.network.rules import Network, network_on
from coachhub.network.service.owner import Owner
from coachhub.network.service.strength import friends_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import local_day, start_of_day
from coachhub.platform.pictures import Picture
from coachhub.platform.tenancy import current_practice
from coachhub.reports.documents.contract import ReportRow
from coachhub.reports.documents.facts import Coached, ProgressFacts, ReportFacts, SessionFacts, Whose
from coachhub.reports.models import ReportKind

A_YEAR = 12
_A_MINUTE = timedelta(minutes=1)
_A_DAY = timedelta(days=1)
# Texts, because a worker asks them for each of many reports: to build a statement takes as long as to answer it.
_WHOSE = text(
    "select p.name as practice_name, p.accent, p.locale as practice_locale, p.half_life_days, c.id as client_id, "
    "c.name as client_name, c.user_id, c.time_zone, l.locale as client_locale, u.name as coach_name, "
    "g.image, g.media_type, g.width, g.height from practices p join clients c on c.practice_id = p.id "
    "join users u on u.id = c.coach_id left join users l on l.id = c.user_id "
    "left join practice_logos g on g.practice_id = p.id where p.id = :practice and c.id = :client"
)
_COACHED = text(
    "select count(*), coalesce(sum(minutes), 0) from coaching_sessions where practice_id = :practice "
    "and client_id = :client and status = 'held' and starts_at >= :begin and starts_at < :end"
)


def facts_of(report: ReportRow) -> ReportFacts:
    """Read what the report says, as the practice of the transaction. Raises NotFound: its client or session is gone."""
    whose = _whose(report.client_id)
    if report.kind is ReportKind.SESSION and report.session_id is not None:
        return _of_session(whose, report.session_id)
    if report.first_month is None or report.last_month is None:
        raise NotFound
    return _of_period(whose, report.first_month, report.last_month, names_nobody=report.kind is ReportKind.SPONSOR)


def _whose(client_id: UUID) -> Whose:
    """Practice, logo, client and coach in one statement."""
    row = db.session.execute(_WHOSE, {"practice": current_practice(), "client": client_id}).one_or_none()
    if row is None:
        raise NotFound
    return _read(dict(row._mapping))


def _read(row: dict[str, Any]) -> Whose:
    logo = [row.pop(name) for name in ("image", "media_type", "width", "height")]
    return Whose(zone=ZoneInfo(row.pop("time_zone")), logo=Picture(*logo) if logo[0] else None, **row)


def _of_session(whose: Whose, session_id: UUID) -> SessionFacts:
    """What happened later than the session is no part of it, except whether an action is done by now."""
    now, session = clock.now(), coaching_session_of(whose.client_id, session_id)
    day = min(local_day(session.starts_at, whose.zone), local_day(now, whose.zone))
    return SessionFacts(
        whose=whose,
        made_at=now,
        session=session,
        notes=shared_notes(session_id),
        agreed=actions_of_session(session_id),
        before=_still_open(whose.client_id, session),
        months=_months_until(whose, day, now),
        network=_network(whose, day, A_YEAR + 1),
        next=_following(session),
    )


def _still_open(client_id: UUID, session: CoachingSessionRow) -> tuple[ActionRow, ...]:
    """What was agreed before the session and is still open."""
    found = open_actions([client_id]).get(client_id, ())
    return tuple(each for each in found if each.session_id != session.id and each.created_at < session.starts_at)


def _following(session: CoachingSessionRow) -> CoachingSessionRow | None:
    """The next one of the same client that was not called off."""
    later = sessions_since(session.starts_at + _A_MINUTE, client_id=session.client_id)
    return next((each for each in later if each.status is not CoachingSessionStatus.MISSED), None)


def _of_period(whose: Whose, first_month: date, last_month: date, *, names_nobody: bool) -> ProgressFacts:
    now = clock.now()
    last = max(first_month, min(Month.of(last_month).last_day(), local_day(now, whose.zone)))
    begin, end = start_of_day(first_month, whose.zone), start_of_day(last + _A_DAY, whose.zone)
    whose = replace(whose, client_name="", client_locale=None) if names_nobody else whose
    actions = actions_between(whose.client_id, begin, end)
    done = tuple(each for each in actions if each.done_at is not None and begin <= each.done_at < end)
    length = (last.year - first_month.year) * A_YEAR + last.month - first_month.month + 1
    return ProgressFacts(
        whose=whose,
        made_at=now,
        first=first_month,
        last=last,
        last_month=last_month,
        months=_months_until(whose, last, now),
        network=_network(whose, last, max(length, A_YEAR) + 1),
        coached=_coached(whose.client_id, begin, end),
        done=() if names_nobody else tuple(sorted(done, key=lambda each: (each.done_at or now, each.id))),
        done_count=len(done),
        agreed=len(actions),
        names_nobody=names_nobody,
    )


def _coached(client_id: UUID, begin: datetime, end: datetime) -> Coached:
    asked = {"practice": current_practice(), "client": client_id, "begin": begin, "end": end}
    return Coached(*db.session.execute(_COACHED, asked).one())


def _months_until(whose: Whose, day: date, now: datetime) -> tuple[MonthProgress, ...]:
    """The client's months up to that of a day, oldest first."""
    return tuple(each for each in months_of(whose.client_id, now) if each.month <= Month.of(day))


def _network(whose: Whose, day: date, months: int) -> Network | None:
    """As it was on a day, with the months before; None where nobody has accepted the invitation."""
    if whose.user_id is None:
        return None
    owner = Owner(whose.client_id, whose.user_id, whose.zone, whose.half_life_days)
    return network_on(friends_of([owner])[owner.client_id], day, whose.half_life_days, months)
