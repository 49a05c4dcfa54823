"""When a reminder is due, in the recipient's own time, and when it may go out."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.habits.rules import Month
from coachhub.platform.local_time import both_instants, local_day, local_instant

MORNING, EARLY = time(9), time(7)
NIGHT_BEGINS, NIGHT_ENDS = time(20), time(8)
SATURDAY = 5
CHOOSE_ON_DAY, WRITE_ON_DAY, LAST_DAYS, FOLLOW_UP_DAYS = 8, 15, 5, 3
GRACE = timedelta(days=3)
LATEST_FOR_A_PLAN = timedelta(hours=4)
AT_ONCE, SPREAD_DAYS = 20, 5
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` (quiet) to `end` (no longer) by the reader's clock, over midnight or not; equal means none."""

    start: time = NIGHT_BEGINS
    end: time = NIGHT_ENDS


_NIGHT = QuietHours()
COACH_NIGHT = QuietHours(NIGHT_BEGINS, EARLY)
"""A coach's week is for seven o'clock, an hour before the night of others ends."""


def first_working_day(month_first: date) -> date:
    """The first Monday to Friday on or after `month_first`; holidays are not known here."""
    day = month_first
    while day.weekday() >= SATURDAY:
        day += _A_DAY
    return day


def shift_of(client_id: UUID, given_at_once: int, *, is_first_month: bool) -> int:
    """By how many days (0 to 4) a client's day-bound reminders of a month are spread.

    Where the habit was given to 20 clients or more in one step, those of its first month, by the client's id: so
    that not everybody is written to, and answers, on one morning.
    """
    return client_id.bytes[15] % SPREAD_DAYS if is_first_month and given_at_once >= AT_ONCE else 0


def new_month_due(month: Month, zone: ZoneInfo, shift: int = 0) -> datetime:
    """When "a new month" is due (UTC): its first working day, 09:00 local; a shift counts further working days."""
    day = first_working_day(month.first_day())
    for _ in range(shift):
        day = first_working_day(day + _A_DAY)
    return local_instant(day, MORNING, zone)


def choose_friend_due(month: Month, zone: ZoneInfo, shift: int = 0) -> datetime:
    """When "who would you enjoy seeing?" is due (UTC): day 8, 09:00 local."""
    return _morning_of(month, CHOOSE_ON_DAY + shift, zone)


def write_message_due(month: Month, zone: ZoneInfo, shift: int = 0) -> datetime:
    """When "send it?" is due (UTC): day 15, 09:00 local."""
    return _morning_of(month, WRITE_ON_DAY + shift, zone)


def month_ends_due(month: Month, zone: ZoneInfo, shift: int = 0) -> datetime:
    """When "a short call counts" is due (UTC): 09:00 of the local day on which five days of the month are left, today
    counted, as `days_left` counts them. A shift makes it earlier: later there would be no time for the call.
    """
    return _morning_of(month, month.last_day().day - (LAST_DAYS - 1) - shift, zone)


def _morning_of(month: Month, day: int, zone: ZoneInfo) -> datetime:
    return local_instant(month.first_day().replace(day=day), MORNING, zone)


def follow_up_due(sent_on: date, zone: ZoneInfo) -> datetime:
    """When a second line is due (UTC): 09:00 of the third local day after the one on which the first was sent."""
    return local_instant(sent_on + FOLLOW_UP_DAYS * _A_DAY, MORNING, zone)


def before_meetup_due(day: date, zone: ZoneInfo) -> datetime:
    """When "tomorrow" is due (UTC): 09:00 of the local day before that of the meetup."""
    return local_instant(day - _A_DAY, MORNING, zone)


def is_past_its_moment(plan_at: datetime, now: datetime) -> bool:
    """Whether "it is time" would not be true any more: more than four hours after the time that the client chose.

    A plan for six in the morning is told of when the night ends at eight; one for nine in the evening is not told of
    the next day, when its hour has gone by.
    """
    return now - plan_at > LATEST_FOR_A_PLAN


def after_meetup_due(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """When "how was it?" is due (UTC): 09:00 of the local day after the one on which the meetup begins."""
    return local_instant(local_day(starts_at, zone) + _A_DAY, MORNING, zone)


def promise_due(day: date, zone: ZoneInfo) -> datetime:
    """When a promise comes back (UTC): 09:00 of the local day it was given for."""
    return local_instant(day, MORNING, zone)


def action_due(day: date, zone: ZoneInfo) -> datetime:
    """When an action is reminded of (UTC): 09:00 of the local day until which it was agreed."""
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
