"""The two reminders of a coaching session: 24 hours and one hour before it begins.

Both are exact instants: 24 hours are hours that pass, so where the clocks change in between the clock on the wall
shows another hour. Each is worth sending only for a while: the first until the second is due, the second until the
session begins. So an outage leaves nothing that comes late.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.booking.models import Booking, PaidWith
from coachhub.clients.models import Client, ClientStatus
from coachhub.coaching.models import CoachingSession, CoachingSessionStatus
from coachhub.coaching.rules import A_DAY, AN_HOUR, hour_before
from coachhub.platform.db import db
from coachhub.reminders.kinds.kind import (
    HERE,
    UNTIL,
    About,
    Claim,
    Kind,
    Letter,
    Pointless,
    Reading,
    Script,
    Texts,
    add_messages,
    adding,
    instant,
)
from coachhub.reminders.kinds.parties import is_switched_off
from coachhub.reminders.kinds.session_parts import claimed_sessions, facts_of, letter_about_session, sample_session
from coachhub.reminders.rules import after_quiet_hours

_SAYS_ISO = 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
_LATER_THAN = instant("later_than")
_IN_PYTHON = "%Y-%m-%dT%H:%M:%SZ"
Read = Callable[[Sequence[Claim], datetime], Mapping[UUID, Reading]]


def _texts_of_day() -> Texts:
    lines = (
        _("Your coaching session with {coach} is on {when}, for {minutes}."),
        _("Where: {place}"),
        _("What it is about:"),
        "{agenda}",
        _("You would like to talk about:"),
        "{topic}",
        _("Tell {coach} in a line what you would like to talk about: {ask}"),
        _("Should it not suit you any more, {change}."),
    )
    return Texts(_("Coming up: your coaching session, {when}"), "\n\n".join(lines), _("See the session"))


def _texts_of_hour() -> Texts:
    lines = (
        _("Your coaching session with {coach} begins at {time} and takes {minutes}."),
        _("Where: {place}"),
        _("What it is about:"),
        "{agenda}",
    )
    return Texts(_("At {time}: your coaching session with {coach}"), "\n\n".join(lines), _("See the session"))


def _plan_day(now: datetime) -> int:
    return add_messages(_adding(SESSION_DAY, A_DAY), now, later_than=now + AN_HOUR, until=now + A_DAY)


def _plan_hour(now: datetime) -> int:
    return add_messages(_adding(SESSION_HOUR, AN_HOUR), now, later_than=now, until=now + AN_HOUR)


@cache
def _adding(kind: Kind, before: timedelta) -> Insert:
    """What plans it for the sessions that begin in so much time or less, and after `later_than`.

    Nothing for the past: a session planned or moved after its reminder was due gets none. The key holds the time of
    the session, so a moved one is reminded of again.
    """
    # In whole hours: an interval of a day would follow the clock changes of the connection's time zone.
    due = CoachingSession.starts_at - func.make_interval(0, 0, 0, 0, int(before / AN_HOUR))
    rows = (
        select()
        .select_from(CoachingSession)
        .join(Client, and_(Client.practice_id == CoachingSession.practice_id, Client.id == CoachingSession.client_id))
        .where(
            CoachingSession.practice_id == HERE,
            CoachingSession.status == CoachingSessionStatus.SCHEDULED,
            CoachingSession.starts_at > _LATER_THAN,
            CoachingSession.starts_at <= UNTIL,
            CoachingSession.changed_at < due,
            or_(and_(Client.status == ClientStatus.ACTIVE, Client.activated_at < due), _booked_themselves()),
            ~is_switched_off(kind.name, due),
        )
    )
    about = About(CoachingSession.id, due, user=Client.user_id, client=Client.id, day=_starts_at_as_text())
    return adding(kind, rows, about)


@cache
def _booked_themselves() -> ColumnElement[bool]:
    """Whoever chose the time waits to be reminded, also who has no account, or whose months rest."""
    its = (Booking.practice_id == CoachingSession.practice_id, Booking.id == CoachingSession.booking_id)
    by_client = exists().where(*its, Booking.paid_with != PaidWith.COACH).correlate(CoachingSession)
    return and_(Client.status != ClientStatus.ARCHIVED, by_client)


def _starts_at_as_text() -> ColumnElement[str]:
    return func.to_char(func.timezone("UTC", CoachingSession.starts_at), literal(_SAYS_ISO))


def _read_day(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    return {row.id: _day_reading(row, now) for row in _rows(SESSION_DAY.name, claims)}


def _day_reading(row: Any, now: datetime) -> Reading:
    return _why_pointless(row, hour_before(row.starts_at), now) or _with_patience(_letter(row), row.starts_at, now)


def _with_patience(letter: Letter, starts_at: datetime, now: datetime) -> Letter:
    """It waits for the end of the quiet hours, unless that is too late for it."""
    morning = after_quiet_hours(now, letter.to.zone, letter.to.quiet)
    return letter._replace(is_pressing=morning >= hour_before(starts_at))


def _read_hour(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    return {row.id: _hour_reading(row, now) for row in _rows(SESSION_HOUR.name, claims)}


def _hour_reading(row: Any, now: datetime) -> Reading:
    """It goes at any hour: who meets somebody at half past eight is up at half past seven, and looks for the link."""
    return _why_pointless(row, row.starts_at, now) or _letter(row)._replace(is_pressing=True)


def _rows(kind: str, claims: Sequence[Claim]) -> Sequence[Any]:
    more = (is_switched_off(kind).label("is_off"), _booked_themselves().label("booked_themselves"))
    return db.session.execute(claimed_sessions(claims, *more)).all()


def _letter(row: Any) -> Letter:
    return letter_about_session(row, facts_of(row))


def _why_pointless(row: Any, good_until: datetime, now: datetime) -> Pointless | None:
    if row.status != ClientStatus.ACTIVE and not row.booked_themselves:
        return Pointless(str(row.status))
    if row.is_off:
        return Pointless("switched off")
    if row.session_status != CoachingSessionStatus.SCHEDULED:
        return Pointless(str(row.session_status))
    if row.starts_at.strftime(_IN_PYTHON) != row.planned_for:
        return Pointless("moved")
    return Pointless("too late") if now >= good_until else None


SESSION_DAY = Kind(
    "session_day", is_reminder=True, plan=_plan_day, read=_read_day, script=Script(_texts_of_day, sample_session)
)
SESSION_HOUR = Kind(
    "session_hour",
    is_reminder=True,
    plan=_plan_hour,
    read=_read_hour,
    script=Script(_texts_of_hour, sample_session),
    is_alone=True,  # whoever looks for the link finds it at once, and no other reminder goes at night because of it
)
