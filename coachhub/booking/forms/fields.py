"""Fields of a coach's set-up: spans chosen from a few, and times of day."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import SelectField, StringField
from wtforms.fields.choices import Choice
from wtforms.validators import StopValidation, ValidationError

from coachhub.booking.rules.day_ranges import END_OF_DAY
from coachhub.booking.rules.prices import is_too_little, least_charged
from coachhub.booking.rules.terms import span_of
from coachhub.booking.wording.terms import span_words
from coachhub.platform.language import money_words
from coachhub.platform.money_field import MoneyField


def minutes_label(minutes: int) -> str:
    """`None` for no minutes, else the span."""
    return span_words(span_of(minutes)) if minutes else str(_("none"))


class SpanField(SelectField):  # type: ignore[misc]  # WTForms ships no types
    """A number chosen from a few; one that is kept already stays choosable, whatever it is."""

    def __init__(
        self, label: Any, offered: Sequence[int], longest: int, words: Callable[[int], str] = minutes_label, **more: Any
    ) -> None:
        super().__init__(label, coerce=int, choices=[], validate_choice=False, **more)
        self.offered, self.longest, self.words = offered, longest, words

    def iter_choices(self) -> Any:
        """The few, and the one that is kept."""
        kept = [self.data] if isinstance(self.data, int) and self.data not in self.offered else []
        return (Choice(each, self.words(each), each == self.data, {}) for each in sorted([*self.offered, *kept]))

    def has_groups(self) -> bool:
        """They stand in one list."""
        return False

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError for a number that no such field may have."""
        if not isinstance(self.data, int) or not min(self.offered) <= self.data <= self.longest:
            raise ValidationError(_("Choose one from the list."))


def refuse_too_little(price: MoneyField) -> None:
    """Raises ValidationError for a price that nobody could pay by card."""
    if is_too_little(price.minor or 0, price.currency):
        least = money_words(least_charged(price.currency), price.currency)
        raise ValidationError(_("Cards are charged %(least)s or more: write that at least.", least=least))


class ClockField(StringField):  # type: ignore[misc]
    """A time of day, 24:00 too. After validation `minute` counts from midnight; None where nothing was typed."""

    minute: int | None = None

    def start_with(self, minute: int) -> None:
        """Show a minute of the day; the day's end is 00:00, since a browser's time field knows no 24:00."""
        hour, rest = divmod(minute % END_OF_DAY, 60)
        self.data = f"{hour:02}:{rest:02}"

    def pre_validate(self, form: Any) -> None:
        """Raises StopValidation for what is no time of day."""
        text = (self.data or "").strip()
        self.minute = minute_of(text) if text else None
        if text and self.minute is None:
            raise StopValidation(_("Write a time such as 9:30."))


def minute_of(text: str) -> int | None:
    """The minute of the day of `9:30`, `09:30`, `9.30`, `9` or `24:00`; None for anything else."""
    hour, _sign, rest = text.replace(".", ":").partition(":")
    minutes = rest.partition(":")[0] or "0"
    if not (hour.isascii() and hour.isdigit() and minutes.isascii() and minutes.isdigit()) or len(text) > 8:
        return None
    minute = int(hour) * 60 + int(minutes)
    return minute if int(minutes) < 60 and minute <= END_OF_DAY else None
