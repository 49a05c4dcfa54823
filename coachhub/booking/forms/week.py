"""The form of a coach's week: several ranges a day, a spare one always at hand; and what any ranges of a day share."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, IntegerField
from wtforms.validators import NumberRange, Optional

from coachhub.accounts.forms import ZoneField
from coachhub.booking.forms.fields import ClockField
from coachhub.booking.rules.day_ranges import END_OF_DAY, DayRange, overlap_in
from coachhub.booking.service.availability import Week, WeekEntry
from coachhub.booking.service.profiles import CoachProfileRow
from coachhub.booking.wording.hours import range_words

MOST_RANGES = 6


class RangeFields(Form):  # type: ignore[misc]  # WTForms ships no types
    """From when until when; 00:00 as an end is midnight."""

    begin = ClockField(_l("from"))
    end = ClockField(_l("until"))

    @property
    def written(self) -> DayRange | None:
        """The range as typed, right or not; None where one of the two is missing or is no time."""
        if self.begin.minute is None or self.end.minute is None:
            return None
        return DayRange(self.begin.minute, self.end.minute or END_OF_DAY)

    def validate(self, *more: Any, **named: Any) -> bool:
        """Both or none, and the end after the beginning."""
        if not super().validate(*more, **named):
            return False
        if (self.begin.minute is None) is not (self.end.minute is None):
            missing = self.begin if self.begin.minute is None else self.end
            missing.errors = [_("From when until when? Write both, or leave both empty.")]
        elif self.written is not None and not self.written.is_right:
            self.end.errors = [_("It must end after it begins. Hours past midnight belong to the next day.")]
        return not (self.begin.errors or self.end.errors)


class DayFields(Form):  # type: ignore[misc]
    """The ranges of one day, which must not overlap."""

    ranges = FieldList(FormField(RangeFields), max_entries=MOST_RANGES)

    @property
    def written(self) -> tuple[DayRange, ...]:
        """What was typed."""
        return written_in(self.ranges)

    def validate(self, *more: Any, **named: Any) -> bool:
        """Every range by itself, then all of them."""
        return super().validate(*more, **named) and do_not_overlap(self.ranges)


def _day() -> FormField:
    return FormField(DayFields)


class WeekForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Zone, seven days and a daily limit."""

    time_zone = ZoneField(_l("These hours are by the clock of"))
    day_0, day_1, day_2, day_3 = _day(), _day(), _day(), _day()
    day_4, day_5, day_6 = _day(), _day(), _day()
    daily_limit = IntegerField(
        _l("Most bookings a day"),
        [Optional(), NumberRange(1, 100, _l("Between 1 and 100, or nothing for no limit."))],
    )

    @property
    def days(self) -> list[DayFields]:
        """The seven, Monday first."""
        return [self[f"day_{weekday}"].form for weekday in range(7)]

    def start_with(self, profile: CoachProfileRow, week: Week) -> Self:
        """Show what is kept."""
        self.time_zone.data, self.daily_limit.data = profile.time_zone, profile.daily_limit
        self.show(week)
        return self

    def show(self, week: Week) -> None:
        """These hours, and a spare range a day."""
        for day, ranges in zip(self.days, week, strict=True):
            show_ranges(day.ranges, ranges, spare=1)

    def spread_monday(self) -> None:
        """Monday's hours from Monday to Friday; Saturday and Sunday as they were typed."""
        days = [day.written for day in self.days]
        self.show(tuple([days[0]] * 5 + days[5:]))

    def entry(self) -> WeekEntry:
        """What was written."""
        return WeekEntry(self.time_zone.data, self.daily_limit.data, tuple(day.written for day in self.days))


def written_in(ranges: Iterable[Any]) -> tuple[DayRange, ...]:
    """The ranges that are filled in."""
    found = (each.form.written for each in ranges)
    return tuple(each for each in found if each is not None)


def show_ranges(fields: Any, ranges: Sequence[DayRange], spare: int) -> None:
    """Fill a list of range fields, with so many empty ones behind."""
    while fields.entries:
        fields.pop_entry()
    for each in ranges[:MOST_RANGES]:
        entry = fields.append_entry()
        entry.form.begin.start_with(each.from_minute)
        entry.form.end.start_with(each.until_minute)
    for _spare in range(min(spare, MOST_RANGES - len(fields.entries))):
        fields.append_entry()


def do_not_overlap(ranges: Any) -> bool:
    """Whether the ranges of a day have no minute in common; says so beside the later one."""
    clash = overlap_in(written_in(ranges))
    if clash is None:
        return True
    later = next(each.form for each in reversed(ranges.entries) if each.form.written in clash)
    one, other = (range_words(each) for each in clash)
    return complain(ranges, later, _("%(one)s and %(other)s overlap.", one=one, other=other))


def complain(ranges: Any, fields: RangeFields, text: str) -> bool:
    """Say beside one of the ranges what is wrong, and have the list of them know it. Always False."""
    fields.begin.errors = [text]
    ranges.errors = [each.errors for each in ranges]
    return False
