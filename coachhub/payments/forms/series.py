"""How often, and how many sessions in one go; read from the address, since looking changes nothing."""

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange

from coachhub.booking.rules.series import Rhythm

MOST_AT_ONCE = 26
_USUAL = 4


class RhythmForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """`left`: how many sessions there are. What makes no sense is read as what does."""

    rhythm = SelectField(
        _l("How often"),
        choices=[
            SelectChoice(Rhythm.WEEKLY.value, _l("Every week")),
            SelectChoice(Rhythm.FORTNIGHTLY.value, _l("Every two weeks")),
            SelectChoice(Rhythm.MONTHLY.value, _l("Every month, on the same weekday")),
        ],
        default=Rhythm.WEEKLY.value,
    )
    sessions = IntegerField(_l("How many sessions"), [NumberRange(1)])

    def __init__(self, left: int) -> None:
        super().__init__(request.values)
        self.most = min(left, MOST_AT_ONCE)
        self.rhythm.data = self.how_often.value
        self.sessions.data = self.how_many

    @property
    def how_often(self) -> Rhythm:
        """Every week where nothing else is said."""
        known = {each.value: each for each in Rhythm}
        return known.get(str(self.rhythm.data), Rhythm.WEEKLY)

    @property
    def how_many(self) -> int:
        """Between one and as many as are left."""
        return max(1, min(self.sessions.data or _USUAL, self.most))
