"""The coach's Monday, 07:00 by their own clock: the week, and which clients need them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Date, and_, cast, exists, select
from sqlalchemy.dialects.postgresql import Insert

from coachhub.accounts.models import Membership, Practice, User
from coachhub.clients.models import Client, ClientStatus
from coachhub.coaching.service.reading import CoachingSessionRow, sessions_between
from coachhub.habits.rules import Stage, Status
from coachhub.habits.service.progress import Progress, progress_of
from coachhub.habits.wording import reason_words, status_words
from coachhub.platform.db import db
from coachhub.platform.language import moment_words
from coachhub.platform.links import address_of
from coachhub.platform.local_time import start_of_day
from coachhub.platform.tenancy import current_practice
from coachhub.reminders.kinds.days import DUE_DAYS, days_due, plan_days
from coachhub.reminders.kinds.kind import (
    DAY,
    HERE,
    About,
    Claim,
    Kind,
    Letter,
    Pointless,
    Reading,
    Recipient,
    Script,
    Texts,
    adding,
    is_claimed,
)
from coachhub.reminders.kinds.staff import STAFF, is_off_for_staff
from coachhub.reminders.kinds.zones import zone_named, zones_of_staff
from coachhub.reminders.models import Message
from coachhub.reminders.rules import COACH_NIGHT, Items, Part, monday_due

MOST_NAMES = 10
_A_WEEK = timedelta(days=7)
_URGENT_FIRST = (Status.OFF_TRACK, Status.AT_RISK)


@dataclass(frozen=True)
class Seen:
    """An active client of a coach, with how their month stands; None without a habit this month."""

    name: str
    progress: Progress | None

    @property
    def status(self) -> Status | None:
        """Where the month stands; None without a habit."""
        return self.progress.verdict.status if self.progress else None

    @property
    def needs_coach(self) -> bool:
        """Whether the coach should look: a client is late, or has nothing to do."""
        return self.status is None or self.status in _URGENT_FIRST

    @property
    def urgency(self) -> tuple[int, int, str]:
        """Smallest first: off track, at risk, no habit; among equals whoever has missed more months."""
        if self.progress is None or self.status not in _URGENT_FIRST:
            return len(_URGENT_FIRST), 0, self.name
        return _URGENT_FIRST.index(self.status), -self.progress.verdict.missed_in_a_row, self.name

    def reason(self) -> str:
        """Why, in one line."""
        return reason_words(self.progress.verdict) if self.progress else str(_("Has no habit this month."))


@dataclass(frozen=True)
class CoachWeekFacts:
    """The coach's active clients, how many have an invitation and have not started, and the sessions of the week."""

    clients: Sequence[Seen]
    invited: int
    sessions: Sequence[CoachingSessionRow] = ()

    def fields(self) -> dict[str, Part]:
        """Each part of the week by its name: what there is nothing to say of is empty."""
        needy = sorted((each for each in self.clients if each.needs_coach), key=lambda each: each.urgency)
        return {
            "needs": _needs_words(len(needy)),
            "counts": _counts_words(needy),
            "clients": Items(tuple((each.name, each.reason()) for each in needy[:MOST_NAMES])),
            "others": _others_words(len(needy) - MOST_NAMES),
            "met": _met_words(self.clients),
            "invited": _invited_words(self.invited),
            "sessions": Items(tuple((moment_words(each.starts_at), each.client_name) for each in self.sessions)),
        }


def _needs_words(needy: int) -> str:
    if not needy:
        return str(_("everybody is on track"))
    return str(ngettext("%(num)s client needs you", "%(num)s clients need you", needy))


def _counts_words(needy: Sequence[Seen]) -> str:
    by_status = [(status_words(status), sum(each.status is status for each in needy)) for status in _URGENT_FIRST]
    counts = [*by_status, (_("No habit"), sum(each.status is None for each in needy))]
    return ", ".join(f"{words}: {n}" for words, n in counts if n)


def _others_words(others: int) -> str:
    return str(ngettext("And %(num)s more.", "And %(num)s more.", others)) if others > 0 else ""


def _met_words(clients: Sequence[Seen]) -> str:
    counted = [each.progress for each in clients if each.progress is not None and not each.progress.is_paused]
    met = sum(progress.stage is Stage.MET for progress in counted)
    if not counted:
        return ""
    return str(
        ngettext(
            "%(met)s of %(num)s has met somebody this month.",
            "%(met)s of %(num)s have met somebody this month.",
            len(counted),
            met=met,
        )
    )


def _invited_words(invited: int) -> str:
    if not invited:
        return ""
    return str(
        ngettext(
            "%(num)s has an invitation and has not started.",
            "%(num)s have an invitation and have not started.",
            invited,
        )
    )


def _texts() -> Texts:
    needy = (_("This week {needs}."), _("Most urgent first:"), "{clients}", "{others}", "{counts}")
    lines = (*needy, _("Your sessions:"), "{sessions}", "{met}\n{invited}")
    return Texts(_("Your week: {needs}"), "\n\n".join(lines), _("Open Today"))


def _sample() -> dict[str, Part]:
    return {
        "needs": _needs_words(2),
        "counts": ", ".join(f"{status_words(status)}: 1" for status in _URGENT_FIRST),
        "clients": Items((("Robin Example", _("Nobody chosen by day %(day)s.", day=12)),)),
        "others": _others_words(1),
        "met": str(_("%(met)s of %(num)s have met somebody this month.", met=4, num=9)),
        "invited": _invited_words(1),
        "sessions": Items(((moment_words(datetime(2026, 3, 10, 14, tzinfo=UTC)), "Robin Example"),)),
    }


def _monday_due(day: date, zone: ZoneInfo) -> datetime | None:
    return None if day.weekday() else monday_due(start_of_day(day, zone), zone)


def plan_coach_week(now: datetime) -> int:
    """Plan it for everybody who coaches somebody in the practice and has confirmed their address.

    Nothing for the past: not for who came, or switched it on, after it was due.
    """
    return plan_days(_adding, days_due(_monday_due, now, zones_of_staff()), now)


@cache
def _adding() -> Insert:
    at = DUE_DAYS.c
    rows = (
        select()
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .join(DUE_DAYS, at.zone == User.time_zone)
        .where(
            Membership.practice_id == HERE,
            Membership.role.in_(STAFF),
            Membership.created_at < at.due,
            User.email_verified_at < at.due,
            _coaches_somebody(),
            ~is_off_for_staff(COACH_WEEK.name, at.due),
        )
    )
    return adding(COACH_WEEK, rows, About(User.id, at.due, user=User.id, day=at.day))


def _coaches_somebody() -> ColumnElement[bool]:
    theirs = (Client.practice_id == Membership.practice_id, Client.coach_id == Membership.user_id)
    return exists().where(*theirs, Client.status == ClientStatus.ACTIVE).correlate(Membership)


def _read(claims: Sequence[Claim], now: datetime) -> Mapping[UUID, Reading]:
    """All coaches of one practice are read at once, with everybody's months: a fixed number of statements."""
    is_member = (Membership.practice_id == Message.practice_id, Membership.user_id == Message.user_id)
    query = (
        select(
            Message.id,
            User.id.label("user_id"),
            cast(Message.fields[DAY].astext, Date).label("day"),
            User.email,
            User.name,
            User.locale,
            User.time_zone,
            Membership.role,
            Practice.name.label("practice_name"),
            is_off_for_staff(COACH_WEEK.name).label("is_off"),
        )
        .select_from(Message)
        .join(Membership, and_(*is_member))
        .join(User, User.id == Membership.user_id)
        .join(Practice, Practice.id == Membership.practice_id)
        .where(*is_claimed(claims))
    )
    rows = db.session.execute(query).all()
    weeks = _weeks(now)
    return {row.id: _reading(row, weeks.get(row.user_id), now) for row in rows}


def _weeks(now: datetime) -> dict[UUID, CoachWeekFacts]:
    """The facts of each coach of the practice who has an active client."""
    here = (Client.practice_id == current_practice(), Client.status.in_((ClientStatus.ACTIVE, ClientStatus.INVITED)))
    progress = progress_of(None, now)
    seen: dict[UUID, list[Seen]] = defaultdict(list)
    invited: dict[UUID, int] = defaultdict(int)
    clients = select(Client.id, Client.coach_id, Client.name, Client.status).where(*here)
    for client_id, coach_id, name, status in db.session.execute(clients):
        if status == ClientStatus.ACTIVE:
            seen[coach_id].append(Seen(name, progress.get(client_id)))
        else:
            invited[coach_id] += 1
    sessions = _sessions(now)
    return {
        coach_id: CoachWeekFacts(clients, invited[coach_id], sessions[coach_id]) for coach_id, clients in seen.items()
    }


def _sessions(now: datetime) -> dict[UUID, list[CoachingSessionRow]]:
    """What each coach of the practice has planned until the next Monday mail."""
    planned: dict[UUID, list[CoachingSessionRow]] = defaultdict(list)
    for each in sessions_between(None, now, now + _A_WEEK):
        if each.is_open:
            planned[each.coach_id].append(each)
    return planned


def _reading(row: Any, facts: CoachWeekFacts | None, now: datetime) -> Reading:
    zone = zone_named(row.time_zone)
    if row.role not in STAFF:
        return Pointless("no coach")
    if row.is_off:
        return Pointless("switched off")
    if facts is None:
        return Pointless("no clients")
    if monday_due(now, zone) != monday_due(start_of_day(row.day, zone), zone):
        return Pointless("over")
    return Letter(
        to=Recipient(row.email, row.name, row.locale, zone, COACH_NIGHT),
        coach_name=None,
        reply_to=None,
        practice_name=row.practice_name,
        leads_to=address_of("/today"),
        facts=facts,
    )


COACH_WEEK = Kind(
    "coach_week",
    is_reminder=True,
    plan=plan_coach_week,
    read=_read,
    script=Script(_texts, _sample),
    to_staff=True,
)
