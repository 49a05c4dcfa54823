"""When a client is free for a coffee: a weekly grid of ticks."""

from collections.abc import Iterable, Iterator
from datetime import time

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice, SelectFieldBase
from wtforms.validators import AnyOf, Optional
from wtforms.widgets import CheckboxInput

from coachhub.network.service.free_hours import Slot

TIMES = (time(8, 0), time(10, 0), time(12, 30), time(15, 0), time(17, 30), time(19, 30))
PRESETS: dict[str, tuple[Slot, ...]] = {
    "lunch": tuple((day, time(12, 30)) for day in range(5)),
    "early": tuple((day, time(8, 0)) for day in range(5)),
    "evening": tuple((day, time(17, 30)) for day in range(5)),
    "weekend": tuple((day, at) for day in (5, 6) for at in (time(10, 0), time(15, 0))),
}
"""Hours that many people have, for one tap."""


def _written(slot: Slot) -> str:
    return f"{slot[0]}-{slot[1]:%H:%M}"


_SLOTS = {_written((day, at)): (day, at) for day in range(7) for at in TIMES}


class FreeHoursForm(FlaskForm):  # type: ignore[misc]
    """The whole grid, or the grid with one of the presets added."""

    hours = SelectMultipleField(
        _("Hours"), choices=[SelectChoice(slot, slot[2:]) for slot in _SLOTS], option_widget=CheckboxInput()
    )
    preset = StringField(validators=[Optional(), AnyOf(list(PRESETS))])
    presets = tuple(PRESETS)

    def start_with(self, slots: Iterable[Slot]) -> None:
        """Tick what is kept; hours that the grid does not show are left out."""
        self.hours.data = [_written(slot) for slot in slots if _written(slot) in _SLOTS]

    def of_day(self, day: int) -> Iterator[SelectFieldBase._Option]:
        """The ticks of a weekday, Monday being 0."""
        return (option for option in self.hours if option.data.startswith(f"{day}-"))

    def slots(self) -> list[Slot]:
        """What is wanted, from Monday on."""
        ticked = {_SLOTS[written] for written in self.hours.data or ()}
        return sorted(ticked | set(PRESETS.get(self.preset.data or "", ())))
