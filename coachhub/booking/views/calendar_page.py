"""What a page of the calendar shows, with each thing in its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import url_for

from coachhub.accounts.service.members import coaches
from coachhub.booking.rules.calendar_days import Lane, Minutes, hours_shown, lanes_of, minutes_on
from coachhub.booking.service.blocking import BlockRow, blocks_between
from coachhub.booking.service.reading import BookingRow, bookings_between
from coachhub.booking.service.working import OtherDay, Working, other_days_between, working_times
from coachhub.booking.wording.calendar import block_words, booking_words, other_day_words
from coachhub.platform import clock
from coachhub.platform.identity import signed_in_as
from coachhub.platform.local_time import local_day, start_of_day

_A_DAY = timedelta(days=1)
_ALONE = Lane(0, 1)


@dataclass(frozen=True)
class Thing:
    """A booking or a blocked time, as it stands in a calendar. `kind` is a booking's status, or `block`."""

    kind: str
    url: str
    starts_at: datetime
    ends_at: datetime
    title: str
    words: str


@dataclass(frozen=True)
class Placed:
    """A thing on one day, or a range of work: from and until which minute of the day, and in which lane."""

    minutes: Minutes
    thing: Thing | None = None
    lane: Lane = _ALONE

    @property
    def classes(self) -> str:
        """Where it lies, as classes of the style sheet: hours and quarters, and its lane."""
        (begin, end), lane = self.minutes, self.lane
        where = f"fh-{begin // 60} fq-{begin % 60 // 15} th-{end // 60} tq-{end % 60 // 15}"
        return where if lane.of == 1 else f"{where} lane-{lane.number} lanes-{lane.of}"


@dataclass(frozen=True)
class DayShown:
    """One day of the calendar. `notes`: what is not as every week."""

    day: date
    is_today: bool
    things: list[Placed]
    work: list[Placed]
    notes: list[str]
    now: Placed | None = None


@dataclass(frozen=True)
class CalendarPage:
    """The days, and the hours that are shown of each."""

    days: list[DayShown]
    hours: range = field(default_factory=lambda: range(24))


def calendar_page(days: Sequence[date], coach_id: UUID | None) -> CalendarPage:
    """The calendar of a coach (None: of all) on these days, by the clock of whoever looks. At most eight statements."""
    zone = signed_in_as().zone
    start, end = start_of_day(days[0], zone), start_of_day(days[-1] + _A_DAY, zone)
    names = {} if coach_id else {coach.user_id: coach.name for coach in coaches()}
    things = _things(coach_id, start, end, names)
    work = working_times(coach_id, start, end) if coach_id else ()
    notes = other_days_between(coach_id, days[0], days[-1])
    shown = [_day(day, things, work, _notes(notes, day, names), zone) for day in days]
    spans = [placed.minutes for day in shown for placed in (*day.things, *day.work)]
    return CalendarPage(shown, hours_shown(spans))


def _things(coach_id: UUID | None, start: datetime, end: datetime, names: dict[UUID, str]) -> list[Thing]:
    found = [_of_booking(each, names) for each in bookings_between(coach_id, start, end)]
    found += [_of_block(each, names) for each in blocks_between(coach_id, start, end)]
    return sorted(found, key=lambda thing: (thing.starts_at, thing.ends_at, thing.url))


def _of_booking(booking: BookingRow, names: dict[UUID, str]) -> Thing:
    kind = booking.status.value
    url = url_for("booking.coach_booking", booking_id=booking.id)
    words = booking_words(booking, names.get(booking.coach_id, ""))
    return Thing(kind, url, booking.starts_at, booking.ends_at, booking.name, words)


def _of_block(block: BlockRow, names: dict[UUID, str]) -> Thing:
    title, words = block_words(block.note, names.get(block.coach_id, ""))
    return Thing("block", url_for("booking.block", block_id=block.id), block.starts_at, block.ends_at, title, words)


def _notes(other_days: Sequence[OtherDay], day: date, names: dict[UUID, str]) -> list[str]:
    here = [each for each in other_days if each.first_day <= day <= each.last_day]
    return list(dict.fromkeys(other_day_words(each.is_away, each.note, names.get(each.coach_id, "")) for each in here))


def _day(day: date, things: Sequence[Thing], work: Sequence[Working], notes: list[str], zone: ZoneInfo) -> DayShown:
    here = [(minutes_on(day, thing.starts_at, thing.ends_at, zone), thing) for thing in things]
    there = [(minutes, thing) for minutes, thing in here if minutes is not None]
    lanes = lanes_of([minutes for minutes, _ in there])
    worked = [minutes_on(day, each.starts_at, each.ends_at, zone) for each in work]
    is_today = day == local_day(clock.now(), zone)
    return DayShown(
        day=day,
        is_today=is_today,
        things=[Placed(minutes, thing, lane) for (minutes, thing), lane in zip(there, lanes, strict=True)],
        work=[Placed(minutes) for minutes in worked if minutes is not None],
        notes=notes,
        now=_now(day, zone) if is_today else None,
    )


def _now(day: date, zone: ZoneInfo) -> Placed | None:
    minutes = minutes_on(day, clock.now(), clock.now() + timedelta(minutes=15), zone)
    return Placed(minutes) if minutes else None
