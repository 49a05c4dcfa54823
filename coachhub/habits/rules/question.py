"""The client's page asks one thing at a time: which one."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coachhub.habits.rules.months import Month
from coachhub.platform.local_time import local_day, local_instant


class Question(StrEnum):
    """What the client's page asks or says. Those after `done` come only when the client asks for them."""

    NO_HABIT = "no_habit"
    RESTS = "rests"
    FRIENDS = "friends"
    PLAN = "plan"
    CHOOSE = "choose"
    WRITE = "write"
    ANSWER = "answer"
    AGREE = "agree"
    MEET = "meet"
    LOG = "log"
    OFFER = "offer"
    DONE = "done"
    SOMEBODY = "somebody"
    FOLLOW_UP = "follow_up"
    MOVE = "move"
    MET = "met"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a client's month stands.

    `has_choice`: a friend is chosen and not met yet. `is_sent`, `said_yes`, `is_followed_up`: of the message to that
    friend.
    `is_under_way`: somebody was chosen or written to this month. `is_first`: nothing was ever sent, nobody ever
    met. `has_offer`: a friend has offered other times and waits.
    """

    has_habit: bool = True
    is_paused: bool = False
    is_done: bool = False
    has_friends: bool = False
    has_plan: bool = False
    has_choice: bool = False
    is_sent: bool = False
    said_yes: bool = False
    is_followed_up: bool = False
    is_ahead: bool = False
    is_unlogged: bool = False
    is_under_way: bool = False
    is_first: bool = False
    has_offer: bool = False


def question_of(now: Situation) -> Question:
    """The one question of the moment: what has happened comes before what is agreed, that before what is next; and
    before everything somebody who waits for one tap.

    In the very first month the plan is not asked for, nor once somebody was chosen: a message on its way is worth
    more than a plan.
    """
    in_order = (
        (now.has_offer, Question.OFFER),
        (now.is_unlogged, Question.LOG),
        (not now.has_habit, Question.NO_HABIT),
        (now.is_paused, Question.RESTS),
        (now.is_done, Question.DONE),
        (now.is_ahead, Question.MEET),
        (now.has_choice and now.is_sent and now.said_yes, Question.AGREE),
        (now.has_choice and now.is_sent, Question.ANSWER),
        (now.has_choice, Question.WRITE),
        (not now.has_friends, Question.FRIENDS),
        (not (now.has_plan or now.is_under_way or now.is_first), Question.PLAN),
    )
    return next((question for is_so, question in in_order if is_so), Question.CHOOSE)


def may_ask(question: Question, now: Situation) -> bool:
    """Whether the client may turn to this question by choice: to change a step, skip one, or do it out of order."""
    if not now.has_habit:
        return False
    needed = {
        Question.FRIENDS: True,
        Question.PLAN: True,
        Question.CHOOSE: now.has_friends,
        Question.SOMEBODY: now.has_friends,
        Question.MET: now.has_friends,
        Question.WRITE: now.has_choice and not now.is_sent,
        Question.AGREE: now.has_choice,
        Question.FOLLOW_UP: now.has_choice and now.is_sent and not now.is_followed_up,
        Question.MOVE: now.is_ahead or now.is_unlogged,
    }
    return needed.get(question, False)


_GOOD_MOMENTS = ((3, time(12, 30)), (4, time(8, 30)), (6, time(17, 0)))
_WITHIN_THE_HOUR = timedelta(hours=1)


def good_moments(now: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Up to three moments for a plan, as UTC instants, the next first: what is left of the month decides.

    Thursday noon, Friday morning, Sunday afternoon; near the month's end tomorrow and today stand in.
    """
    today, month = local_day(now, zone), Month.local(now, zone)
    days = [(today + timedelta(days=(weekday - today.weekday()) % 7), at) for weekday, at in _GOOD_MOMENTS]
    near = [(today + timedelta(days=1), time(12, 30)), (today, time(18, 0)), (today + timedelta(days=1), time(8, 30))]
    wanted = [_soon(day, at, now, zone) for day, at in days]
    found = [moment for moment in wanted if _fits(moment, now, month, zone)]
    for moment in (local_instant(day, at, zone) for day, at in near):
        if len(found) < len(_GOOD_MOMENTS) and _fits(moment, now, month, zone) and moment not in found:
            found.append(moment)
    return tuple(sorted(found))


def _soon(day: date, at: time, now: datetime, zone: ZoneInfo) -> datetime:
    """This week's moment, or next week's where it is too near."""
    moment = local_instant(day, at, zone)
    return moment if moment > now + _WITHIN_THE_HOUR else local_instant(day + timedelta(days=7), at, zone)


def _fits(moment: datetime, now: datetime, month: Month, zone: ZoneInfo) -> bool:
    return moment > now + _WITHIN_THE_HOUR and Month.local(moment, zone) == month
