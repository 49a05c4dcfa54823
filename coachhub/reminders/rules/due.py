"""When a reminder is due, in the recipient's own time, and when it may go out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from coachhub.habits.rules import Month
from coachhub.platform.local_time import both_instants, local_day, local_instant

MORNING, EARLY = time(9), time(7)
NIGHT_BEGINS, NIGHT_ENDS = time(20), time(8)
SATURDAY = 5
GRACE = timedelta(days=3)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` (quiet) to `end` (no longer) by the reader's clock, over midnight or not; equal means none."""

    start: time = NIGHT_BEGINS
    end: time = NIGHT_ENDS


_NIGHT = QuietHours()


def first_working_day(month_first: date) -> date:
    """The first Monday to Friday on or after `month_first`; holidays are not known here."""
    day = month_first
    while day.weekday() >= SATURDAY:
        day += _A_DAY
    return day


def new_month_due(month: Month, zone: ZoneInfo) -> datetime:
    """When "a new month" is due (UTC): its first working day, 09:00 local."""
    return local_instant(first_working_day(month.first_day()), MORNING, zone)


def after_meetup_due(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """When "how was it?" is due (UTC): 09:00 of the local day after the one on which the meetup begins."""
    return local_instant(local_day(starts_at, zone) + _A_DAY, MORNING, zone)


def promise_due(day: date, zone: ZoneInfo) -> datetime:
    """When a promise comes back (UTC): 09:00 of the local day it was given for."""
    return local_instant(day, MORNING, zone)


def monday_due(instant: datetime, zone: ZoneInfo) -> datetime:
    """When the coach's week is due (UTC): 07:00 of the Monday of the local week in which `instant` lies."""
    today = local_day(instant, zone)
    return local_instant(today - today.weekday() * _A_DAY, EARLY, zone)


def cannot_wait(happens_at: datetime | None, now: datetime) -> bool:
    """Whether what is still ahead comes within a day, so that its news may come at night."""
    return happens_at is not None and now < happens_at <= now + _A_DAY


def in_quiet_hours(instant: datetime, zone: ZoneInfo, quiet: QuietHours = _NIGHT) -> bool:
    """Whether the local clock stands in the quiet hours."""
    shown = instant.astimezone(zone).time()
    if quiet.start <= quiet.end:
        return quiet.start <= shown < quiet.end
    return shown >= quiet.start or shown < quiet.end


def after_quiet_hours(instant: datetime, zone: ZoneInfo, quiet: QuietHours = _NIGHT) -> datetime:
    """The instant itself (in UTC) outside the quiet hours, else the next end of them on the local clock.

    An end skipped by a clock change moves forward; where it comes twice and the first is over, it is the second.
    """
    if not in_quiet_hours(instant, zone, quiet):
        return instant.astimezone(UTC)
    today = local_day(instant, zone)
    ends = [at for day in (today, today + _A_DAY) for at in both_instants(day, quiet.end, zone)]
    return min(at for at in ends if at > instant)


def is_stale(due_at: datetime, now: datetime, grace: timedelta = GRACE) -> bool:
    """Whether a reminder is too late to be kind: more than `grace` past its due instant."""
    return now - due_at > grace


def wait_before_trying_again(attempts: int, spread: float) -> timedelta:
    """How long to let a provider rest that did not take a mail: a minute, doubling with each try up to an hour.

    `spread` (0 to 1) adds up to a quarter, so that what failed together does not come back together.
    """
    wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts - 1, 10)))
    return wait * (1 + spread / 4)
