"""How a client's running month stands, why, and the one next action."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import takewhile
from zoneinfo import ZoneInfo

from coachhub.habits.rules.cycle import CycleResult, Stage
from coachhub.habits.rules.months import left_from, running_day

CHOOSE_BY_DAY = 11
INVITE_BY_DAY = 18
AGREE_WHEN_DAYS_LEFT = 7


class Status(StrEnum):
    """The status of a client."""

    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"


class Reason(StrEnum):
    """Why the status is what it is: how far the month came when on track, what is late when not."""

    JUST_BEGUN = "just_begun"
    COMMITTED = "committed"
    CHOSEN = "chosen"
    INVITED = "invited"
    AGREED = "agreed"
    MET = "met"
    MOVED = "moved"
    PAUSED = "paused"
    NOTHING_CHOSEN = "nothing_chosen"
    NOT_INVITED = "not_invited"
    NOTHING_AGREED = "nothing_agreed"
    MISSED_AND_NOTHING_CHOSEN = "missed_and_nothing_chosen"
    TWO_MONTHS_MISSED = "two_months_missed"


class NextStep(StrEnum):
    """The client's one next action. After missed months it is an easier one, never blame."""

    PLAN = "plan"
    CHOOSE = "choose"
    CHOOSE_SOMEBODY_EASY = "choose_somebody_easy"
    WRITE = "write"
    AGREE = "agree"
    OFFER_SHORT_CALL = "offer_short_call"
    MEET = "meet"
    REPEAT = "repeat"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status with its reason, the one next action, and the numbers that the wording needs.

    `day` of the month and `days_left` (today counted) are the client's local ones; `missed_in_a_row` are the
    missed months directly before this one.
    """

    status: Status
    reason: Reason
    next_step: NextStep
    day: int
    days_left: int
    missed_in_a_row: int


_IN_TIME = {
    Stage.NONE: (Reason.JUST_BEGUN, NextStep.PLAN),
    Stage.COMMITTED: (Reason.COMMITTED, NextStep.CHOOSE),
    Stage.CHOSEN: (Reason.CHOSEN, NextStep.WRITE),
    Stage.INVITED: (Reason.INVITED, NextStep.AGREE),
    Stage.AGREED: (Reason.AGREED, NextStep.MEET),
    Stage.MET: (Reason.MET, NextStep.REPEAT),
}

_EASIER = {
    Stage.NONE: NextStep.CHOOSE_SOMEBODY_EASY,
    Stage.COMMITTED: NextStep.CHOOSE_SOMEBODY_EASY,
    Stage.CHOSEN: NextStep.WRITE,
    Stage.INVITED: NextStep.OFFER_SHORT_CALL,
    Stage.AGREED: NextStep.MEET,
}


def status_of(
    stage: Stage,
    now: datetime,
    zone: ZoneInfo,
    previous_results: Sequence[CycleResult] = (),
    *,
    is_paused: bool = False,
    moved_out: bool = False,
) -> Verdict:
    """The status of the month running in `zone` at `now`: as `status_on` the day that it is there."""
    day = running_day(now, zone)
    return status_on(stage, day, previous_results, is_paused=is_paused, moved_out=moved_out)


def status_on(
    stage: Stage,
    today: date,
    previous_results: Sequence[CycleResult] = (),
    *,
    is_paused: bool = False,
    moved_out: bool = False,
) -> Verdict:
    """The status of a month on one of its days, by the client's calendar.

    `previous_results` are the months directly before it, newest first, none left out. Off track outweighs at
    risk; a month paused, met, or left by a moved meetup is on track whatever came before it.
    """
    day, left = today.day, left_from(today)
    missed = sum(1 for _ in takewhile(lambda result: result is CycleResult.MISSED, previous_results))
    verdict = (
        _kept(stage, is_paused=is_paused, moved_out=moved_out)
        or _off_track(stage, day, missed)
        or _at_risk(stage, day, left)
        or (Status.ON_TRACK, *_IN_TIME[stage])
    )
    return Verdict(*verdict, day=day, days_left=left, missed_in_a_row=missed)


_Judged = tuple[Status, Reason, NextStep] | None


def _kept(stage: Stage, *, is_paused: bool, moved_out: bool) -> _Judged:
    """A moved meetup with a new date is a success: the month it left stays on track."""
    if is_paused:
        return Status.ON_TRACK, Reason.PAUSED, NextStep.WAIT
    if stage is Stage.MET:
        return Status.ON_TRACK, Reason.MET, NextStep.REPEAT
    return (Status.ON_TRACK, Reason.MOVED, NextStep.MEET) if moved_out else None


def _off_track(stage: Stage, day: int, missed: int) -> _Judged:
    """Two months in a row missed, or the month before missed and nothing chosen on day 11."""
    if missed >= 2:
        return Status.OFF_TRACK, Reason.TWO_MONTHS_MISSED, _EASIER[stage]
    if missed and day >= CHOOSE_BY_DAY and not stage.reached(Stage.CHOSEN):
        return Status.OFF_TRACK, Reason.MISSED_AND_NOTHING_CHOSEN, NextStep.CHOOSE_SOMEBODY_EASY
    return None


def _at_risk(stage: Stage, day: int, left: int) -> _Judged:
    """Nothing chosen on day 11, not invited on day 18, nothing agreed in the month's last seven days.

    The reason is the step the month is stuck at. The month ends at midnight after its last day, so seven days
    before is the start of day 22 to 25, from which on seven days or fewer are left, today counted.
    """
    if day >= CHOOSE_BY_DAY and not stage.reached(Stage.CHOSEN):
        return Status.AT_RISK, Reason.NOTHING_CHOSEN, NextStep.CHOOSE
    if day >= INVITE_BY_DAY and not stage.reached(Stage.INVITED):
        return Status.AT_RISK, Reason.NOT_INVITED, NextStep.WRITE
    if left <= AGREE_WHEN_DAYS_LEFT and not stage.reached(Stage.AGREED):
        return Status.AT_RISK, Reason.NOTHING_AGREED, NextStep.OFFER_SHORT_CALL
    return None
