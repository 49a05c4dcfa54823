"""Forms of habits: the coach's habit with its templates, and the steps of the client's month."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, NumberRange, Optional

from coachhub.habits.rules import Month
from coachhub.habits.service.habits import HabitEntry, HabitRow
from coachhub.network.service.drafts import FIELDS, TemplateText, Tone
from coachhub.network.service.owner import Owner
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.local_time import local_instant
from coachhub.platform.texts import one_line

MONTHS_AHEAD = 12
_BRACES = re.compile(r"\{([^{}]*)\}")


def months_ahead(running: Month) -> list[Month]:
    """The months from which a habit may begin or end: the running one and the next twelve."""
    return [running.plus(n) for n in range(MONTHS_AHEAD + 1)]


def month_asked(text: str, otherwise: Month) -> Month | None:
    """The month written in a form; None for nonsense."""
    if not text:
        return otherwise
    try:
        return Month.parse(text)
    except ValueError:
        return None


class KnownFields:
    """Refuses a template with a field that nobody fills, or with a brace left open."""

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text = field.data or ""
        unknown = sorted({name for name in _BRACES.findall(text) if name.strip() not in FIELDS})
        if unknown:
            raise ValidationError(
                _(
                    "Nobody fills %(fields)s. You can use %(known)s.",
                    fields=_braced(unknown),
                    known=_braced(sorted(FIELDS)),
                )
            )
        if re.search(r"[{}]", _BRACES.sub("", text)):
            raise ValidationError(_("A brace is left open: write fields as {first_name}."))


def _braced(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)


def _step(label: str) -> StringField:
    return StringField(label, validators=[DataRequired(_l("Say this step in a few words.")), AtMost(120)])


def _subject() -> StringField:
    return StringField(
        _l("Subject"), validators=[DataRequired(_l("A message needs a subject.")), AtMost(200), KnownFields()]
    )


def _body() -> TextAreaField:
    return TextAreaField(
        _l("Message"), validators=[DataRequired(_l("Write the message.")), AtMost(5000), KnownFields()]
    )


@dataclass(frozen=True)
class TemplateFields:
    """The two fields of one tone's template."""

    tone: Tone
    subject: Field
    body: Field

    @property
    def text(self) -> TemplateText:
        """What stands in them now."""
        return TemplateText(self.subject.data or "", self.body.data or "")


class HabitForm(FlaskForm):  # type: ignore[misc]
    """A habit: its name, five steps, how often and how long, and a message in three tones."""

    name = StringField(_l("Name"), validators=[DataRequired(_l("Give the habit a name.")), AtMost(80)])
    step_1 = _step(_l("First step"))
    step_2 = _step(_l("Second step"))
    step_3 = _step(_l("Third step"))
    step_4 = _step(_l("Fourth step"))
    step_5 = _step(_l("Fifth step"))
    meetups_a_month = IntegerField(
        _l("Meetups a month"), validators=[NumberRange(1, 8, _l("Between 1 and 8 meetups a month."))]
    )
    minutes_a_meetup = IntegerField(
        _l("Minutes a meetup"), validators=[NumberRange(15, 480, _l("Between 15 minutes and 8 hours."))]
    )
    warm_subject, warm_body = _subject(), _body()
    light_subject, light_body = _subject(), _body()
    plain_subject, plain_body = _subject(), _body()

    @property
    def steps(self) -> list[Field]:
        """The five fields of the steps, in order."""
        return [self[f"step_{number}"] for number in range(1, 6)]

    @property
    def templates(self) -> list[TemplateFields]:
        """The fields of the messages, a tone each."""
        return [TemplateFields(tone, self[f"{tone}_subject"], self[f"{tone}_body"]) for tone in Tone]

    def fill_from(self, habit: HabitRow, templates: dict[Tone, TemplateText]) -> None:
        """Show a habit as it is."""
        self.name.data = habit.name
        self.meetups_a_month.data, self.minutes_a_meetup.data = habit.meetups_a_month, habit.minutes_a_meetup
        for field, words in zip(self.steps, habit.steps, strict=True):
            field.data = words
        for fields in self.templates:
            text = templates.get(fields.tone, TemplateText("", ""))
            fields.subject.data, fields.body.data = text.subject, text.body

    def entry(self) -> HabitEntry:
        """What was written, tidied."""
        return HabitEntry(
            name=self.name.data.strip(),
            steps=tuple(field.data.strip() for field in self.steps),
            meetups_a_month=self.meetups_a_month.data,
            minutes_a_meetup=self.minutes_a_meetup.data,
            templates={
                fields.tone: TemplateText(one_line(fields.text.subject), fields.text.body.strip())
                for fields in self.templates
            },
        )


class PlanForm(FlaskForm):  # type: ignore[misc]
    """When it is this day and time, I will do this, at that place. The client's own local time."""

    day = DateField(_l("Day"), [InputRequired(_l("Choose a day of this month."))])
    at = TimeField(_l("Time"), [InputRequired(_l("Choose a time, such as 12:30."))])
    doing = StringField(_l("I will"), [DataRequired(_l("Say in a few words what you will do.")), AtMost(200)])
    place = StringField(_l("Where"), [AtMost(200)], description=_l("For example: at my desk."))

    def __init__(self, owner: Owner, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.owner = owner

    def validate_day(self, field: Field) -> None:
        """Of the running month, and not past."""
        today = self.owner.today()
        if field.data is None:
            return
        if field.data < today:
            raise ValidationError(_("That day has passed. Choose today or a later day."))
        if Month.of(field.data) != Month.of(today):
            raise ValidationError(_("Choose a day of this month: next month gets a plan of its own."))

    def start_with(self, at: datetime, doing: str, place: str) -> None:
        """Fill in what is known or likely."""
        shown = at.astimezone(self.owner.zone)
        self.day.data, self.at.data = shown.date(), shown.time()
        self.doing.data, self.place.data = doing, place


class MessageForm(FlaskForm):  # type: ignore[misc]
    """The message to a friend, as the client wants it."""

    tone = HiddenField(validators=[AnyOf(list(Tone))], default=Tone.WARM)
    subject = StringField(_l("Subject"), [AtMost(200)])
    body = TextAreaField(_l("Message"), [DataRequired(_l("The message is empty.")), AtMost(5000)])


class TimesForm(FlaskForm):  # type: ignore[misc]
    """Up to three times, and a place, to put into the message. The client's own local time."""

    first = DateTimeLocalField(_l("First time"), [Optional(), OfOurTime()])
    second = DateTimeLocalField(_l("Second time"), [Optional(), OfOurTime()])
    third = DateTimeLocalField(_l("Third time"), [Optional(), OfOurTime()])
    place = StringField(_l("Place"), [AtMost(200)], description=_l("A café, a call, a walk."))
    tone = HiddenField(validators=[AnyOf(list(Tone))], default=Tone.WARM)

    @property
    def fields(self) -> list[Field]:
        """The three times."""
        return [self.first, self.second, self.third]

    def start_with(self, times: Sequence[datetime], place: str, tone: Tone, zone: ZoneInfo) -> None:
        """Fill in what the message offers already."""
        for field, moment in zip(self.fields, times, strict=False):
            field.data = moment.astimezone(zone).replace(tzinfo=None)
        self.place.data, self.tone.data = place, tone

    def times(self, zone: ZoneInfo) -> list[datetime]:
        """The times as UTC instants, earliest first."""
        written = {field.data for field in self.fields if field.data}
        return sorted(local_instant(each.date(), each.time(), zone) for each in written)
