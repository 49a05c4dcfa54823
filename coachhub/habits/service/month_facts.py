"""All that the client's month is made of, read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.habits.rules import Month, running_day
from coachhub.habits.service.progress import Progress, progress_told
from coachhub.habits.service.steps import PlanRow
from coachhub.network.rules import ANSWERED_LATELY, HALF_LIFE_DAYS
from coachhub.network.service.friend_rows import FriendRow, friend_told
from coachhub.network.service.meetup_rows import MeetupRow, meetup_told
from coachhub.network.service.message_facts import Proposal
from coachhub.network.service.owner import Owner
from coachhub.network.service.promises import MOST_SHOWN, Promise, promise_told
from coachhub.platform import clock
from coachhub.platform.along import Along, taken_along
from coachhub.platform.db import db, telling
from coachhub.platform.errors import NotFound
from coachhub.platform.local_time import local_day
from coachhub.platform.tenancy import current_practice
from coachhub.platform.told import instant_told, instants_told

WAITING = timedelta(days=45)
FRESH = timedelta(days=7)
WORTH_THANKING = timedelta(days=10)
# A function of the database, because a session plans what it reads once: see migrations 0058, 0068, 0076 and 0082.
_AGES = ", ".join(f"interval '{age.days} days'" for age in (WAITING, FRESH, ANSWERED_LATELY, WORTH_THANKING))
_READ = telling(f"select month_seen(:practice, :client, :now, :is_asked, {_AGES})", "told")
_ALONG = f"month_seen(s.practice_id, s.client_id, %(now)s, %(is_asked)s, {_AGES})"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """The message to the chosen friend that is on its way."""

    id: UUID
    friend_id: UUID
    sent_at: datetime
    answer: str | None
    proposal: Proposal
    followed_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """The running month of the owner's zone.

    `is_owner_whole`: how fast their friendships cool was read, too; otherwise `owner` has what is usual. `friend` is
    who is chosen and not met yet, with the message `sent` since; else who has not answered an earlier message. `meetup`
    is the next one ahead, or the one that waits for a word about how it was. `words` are the coach's five steps.
    `has_offer` and `has_heard`: a friend offers other times, or has said yes or no lately. `agreed_on` is what is open
    of what they agreed on with their coach, as the database tells it: coaching reads it.
    """

    owner: Owner
    is_owner_whole: bool
    month: Month
    progress: Progress | None
    words: tuple[str, ...]
    plan: PlanRow | None
    friend: FriendRow | None
    sent: SentMessage | None
    meetup: MeetupRow | None
    has_friends: bool
    was_active: bool
    has_offer: bool
    has_heard: bool
    to_thank: tuple[UUID, str] | None
    promises: tuple[Promise, ...]
    agreed_on: Sequence[Any]


def month_along(*, is_asked: bool) -> Along:
    """What `month_facts` asks, for the client who asks for their month."""
    return Along(_ALONG, {"now": clock.now(), "is_asked": is_asked})


def month_facts(client_id: UUID | None, now: datetime, *, is_asked: bool = True) -> MonthFacts:
    """Of a client of the running practice; it may have been read along.

    `is_asked`: the client turns to a question of their choice. Where they do not and a meetup is agreed, nothing of
    `friend` and `sent` is shown, and neither is read; nor how fast friendships cool, where it is still ahead. Raises
    NotFound: no record, or nobody accepted.
    """
    told = _told(client_id, now, is_asked=is_asked) if client_id else None
    if client_id is None or told is None:
        raise NotFound
    return _facts(client_id, now, *told)


def _told(client_id: UUID, now: datetime, *, is_asked: bool) -> Any:
    told = taken_along(_ALONG)
    if told is not None:
        return told
    asked = {"practice": current_practice(), "client": client_id, "now": now, "is_asked": is_asked}
    return db.session.execute(_READ, asked).scalar_one()


def _facts(
    client_id: UUID,
    now: datetime,
    whose: Any,
    runs: str | None,
    meetup: Any,
    choices: Any,
    waiting: Any,
    plans: Any,
    *others: Any,
) -> MonthFacts:
    user_id, zone, half_life_days, rests_since = whose
    owner = Owner(client_id, UUID(user_id), ZoneInfo(zone), half_life_days or HALF_LIFE_DAYS)
    today, running = local_day(now, owner.zone), running_day(now, owner.zone)
    month = Month.of(running)
    rests_from = Month.local(_instant(rests_since), owner.zone) if rests_since else None
    progress, words = progress_told(client_id, runs, running, rests_from)
    friend, sent = _whom(_of_month(choices, month), waiting)
    has_friends, was_active, has_offer, has_heard, logs, names, agreed_on = others
    names = names or {}
    logged = [each for each in logs or () if each[1] in names]
    return MonthFacts(
        owner,
        half_life_days is not None,
        month,
        progress,
        words,
        _plan(_of_month(plans, month)),
        friend_told(friend, owner, today) if friend else None,
        sent,
        meetup_told([*meetup[:2], names.get(meetup[1], ""), *meetup[3:]]) if meetup else None,
        has_friends,
        was_active,
        has_offer,
        has_heard,
        _to_thank(logged, names),
        _promised(logged, names, today),
        agreed_on or (),
    )


def _plan(rows: list[Any]) -> PlanRow | None:
    """The one made last; there are two in a month in which one habit followed another."""
    if not rows:
        return None
    _, at, doing, place, _ = max(rows, key=lambda row: _instant(row[-1]))
    return PlanRow(_instant(at), doing, place)


def _to_thank(logged: Sequence[Any], names: Mapping[str, str]) -> tuple[UUID, str] | None:
    """The last meetup that was written down lately, and with whom; nobody where they were thanked."""
    last = max((each for each in logged if each[3]), key=_held, default=None)
    return None if last is None or last[4] else (UUID(last[0]), names[last[1]])


def _held(logged: Sequence[Any]) -> datetime:
    return _instant(logged[2])


def _promised(logged: Sequence[Any], names: Mapping[str, str], today: date) -> tuple[Promise, ...]:
    open_ones = sorted((each for each in logged if each[5]), key=_next_first)[:MOST_SHOWN]
    return tuple(
        promise_told(meetup_id, names[friend_id], words, on, today)
        for meetup_id, friend_id, *_, words, on, _id in open_ones
    )


def _next_first(logged: Sequence[Any]) -> tuple[bool, str, float, str]:
    """As `open_promises` sorts: those with a day first, the next one first; of the others the newest."""
    *_, on, log_id = logged
    return on is None, on or "", -_held(logged).timestamp(), log_id


def _instant(written: str) -> datetime:
    return datetime.fromisoformat(written)


def _of_month(rows: Sequence[Any] | None, month: Month) -> list[Any]:
    first_day = month.first_day().isoformat()
    return [row for row in rows or () if row[0] == first_day]


def _whom(choices: list[Any], waiting: Any) -> tuple[Any, SentMessage | None]:
    """Whom this month is about, and the message that is on its way to them."""
    chosen = next((choice for choice in choices if choice[3] is None), None)
    if chosen is not None:
        *_, has_met, sent, friend = chosen
        return (None, None) if has_met else (friend, _sent(sent))
    if waiting is None:
        return None, None
    message, has_met, friend = waiting
    sent = _sent(message)
    return (friend, sent) if sent and sent.answer in (None, "yes") and not has_met else (None, None)


def _sent(told: Any) -> SentMessage | None:
    if told is None or told[2] is None:
        return None
    message_id, friend_id, sent_at, answer, times, place, ask, followed_up_at = told
    proposal = Proposal(instants_told(times), place, ask)
    ids = UUID(message_id), UUID(friend_id)
    return SentMessage(*ids, _instant(sent_at), answer, proposal, instant_told(followed_up_at))
