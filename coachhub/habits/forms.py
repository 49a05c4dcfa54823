"""Forms of habits: the coach's habit with its templates, and the steps of the client's month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
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

from coachhub.habits.models import MOST_MEETUPS
from coachhub.habits.rules import Month
from coachhub.habits.service.habits import HabitEntry, HabitRow
from coachhub.network.rules import MOST_TIMES
from coachhub.network.service.drafts import FIELDS, Proposal, Purpose, TemplateText, Tone
from coachhub.network.service.filling import has_open_brace, unknown_fields
from coachhub.network.service.owner import Owner
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.local_time import local_instant
from coachhub.platform.texts import one_line

MONTHS_AHEAD = 12


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


@dataclass(frozen=True)
class KnownFields:
    """Refuses a template with a field that nobody fills in such a message, or with a brace left open."""

    purpose: Purpose = Purpose.INVITE

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text = field.data or ""
        unknown = unknown_fields(text, self.purpose)
        if unknown:
            known = _braced(FIELDS[self.purpose])
            raise ValidationError(
                _(
                    "In this message nobody fills %(fields)s. You can use %(known)s.",
                    fields=_braced(unknown),
                    known=known,
                )
            )
        if has_open_brace(text):
            raise ValidationError(_("A brace is left open: write fields as {name}."))


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


def _note_subject(purpose: Purpose) -> StringField:
    return StringField(_l("Subject"), validators=[AtMost(200), KnownFields(purpose)])


def _note_body(purpose: Purpose) -> TextAreaField:
    return TextAreaField(
        _l("Message"),
        validators=[AtMost(5000), KnownFields(purpose)],
        description=_l("Left empty, it is our own words again."),
    )


@dataclass(frozen=True)
class TemplateFields:
    """The two fields of one template: an invitation's tone, or a short message's purpose."""

    tone: Tone
    subject: Field
    body: Field
    purpose: Purpose = Purpose.INVITE

    @property
    def text(self) -> TemplateText:
        """What stands in them now, tidied."""
        return TemplateText(one_line(self.subject.data or ""), (self.body.data or "").strip())

    @property
    def has_errors(self) -> bool:
        """Whether one of them has to be looked at again."""
        return bool(self.subject.errors or self.body.errors)


class HabitForm(FlaskForm):  # type: ignore[misc]
    """A habit: its name, five steps, how often and how long, an invitation in three tones, and three short messages."""

    name = StringField(_l("Name"), validators=[DataRequired(_l("Give the habit a name.")), AtMost(80)])
    step_1 = _step(_l("First step"))
    step_2 = _step(_l("Second step"))
    step_3 = _step(_l("Third step"))
    step_4 = _step(_l("Fourth step"))
    step_5 = _step(_l("Fifth step"))
    meetups_a_month = IntegerField(
        _l("Meetups a month"), validators=[NumberRange(1, MOST_MEETUPS, _l("Between 1 and 8 meetups a month."))]
    )
    minutes_a_meetup = IntegerField(
        _l("Minutes a meetup"), validators=[NumberRange(15, 480, _l("Between 15 minutes and 8 hours."))]
    )
    warm_subject, warm_body = _subject(), _body()
    light_subject, light_body = _subject(), _body()
    plain_subject, plain_body = _subject(), _body()
    follow_up_subject, follow_up_body = _note_subject(Purpose.FOLLOW_UP), _note_body(Purpose.FOLLOW_UP)
    thanks_subject, thanks_body = _note_subject(Purpose.THANKS), _note_body(Purpose.THANKS)
    warm_up_subject, warm_up_body = _note_subject(Purpose.WARM_UP), _note_body(Purpose.WARM_UP)

    @property
    def steps(self) -> list[Field]:
        """The five fields of the steps, in order."""
        return [self[f"step_{number}"] for number in range(1, 6)]

    @property
    def templates(self) -> list[TemplateFields]:
        """The fields of the invitation, a tone each."""
        return [TemplateFields(tone, self[f"{tone}_subject"], self[f"{tone}_body"]) for tone in Tone]

    @property
    def notes(self) -> list[TemplateFields]:
        """The fields of the short messages, a purpose each."""
        return [
            TemplateFields(Tone.LIGHT, self[f"{purpose}_subject"], self[f"{purpose}_body"], purpose)
            for purpose in Purpose
            if purpose is not Purpose.INVITE
        ]

    def fill_from(
        self, habit: HabitRow, templates: Mapping[Tone, TemplateText], notes: Mapping[Purpose, TemplateText]
    ) -> None:
        """Show a habit as it is."""
        self.name.data = habit.name
        self.meetups_a_month.data, self.minutes_a_meetup.data = habit.meetups_a_month, habit.minutes_a_meetup
        for field, words in zip(self.steps, habit.steps, strict=True):
            field.data = words
        for fields in self.templates:
            text = templates.get(fields.tone, TemplateText("", ""))
            fields.subject.data, fields.body.data = text.subject, text.body
        for fields in self.notes:
            fields.subject.data, fields.body.data = notes[fields.purpose].subject, notes[fields.purpose].body

    def entry(self) -> HabitEntry:
        """What was written, tidied."""
        return HabitEntry(
            name=self.name.data.strip(),
            steps=tuple(field.data.strip() for field in self.steps),
            meetups_a_month=self.meetups_a_month.data,
            minutes_a_meetup=self.minutes_a_meetup.data,
            templates={fields.tone: fields.text for fields in self.templates},
            notes={fields.purpose: fields.text for fields in self.notes if fields.text.body},
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
    """The message to a friend, as the client wants it. `offered` are the times that stand in it."""

    tone = HiddenField(validators=[AnyOf(list(Tone))], default=Tone.WARM)
    offered = HiddenField()
    subject = StringField(_l("Subject"), [AtMost(200)])
    body = TextAreaField(_l("Message"), [DataRequired(_l("The message is empty.")), AtMost(5000)])

    @property
    def text(self) -> TemplateText:
        """The words."""
        return TemplateText(self.subject.data or "", self.body.data)


def moments_in(text: str | None) -> list[datetime] | None:
    """The UTC instants that a hidden field holds, as `moments_to` wrote them; None where it holds anything else."""
    if text is None:
        return None
    try:
        found = [datetime.fromisoformat(each) for each in text.split()]
    except ValueError:
        return None
    if len(found) > MOST_TIMES or any(each.tzinfo is None for each in found):
        return None
    return [each.astimezone(UTC) for each in found]


def moments_to(moments: Iterable[datetime]) -> str:
    """Instants as a hidden field holds them."""
    return " ".join(each.isoformat() for each in moments)


class TimesForm(FlaskForm):  # type: ignore[misc]
    """What a message offers: up to three times, a place, and what to talk about. The client's own local time."""

    ask = StringField(
        _l("What would you like to talk about?"),
        [AtMost(200)],
        description=_l("One line, as it would follow “I would like to ask you about …”."),
    )
    first = DateTimeLocalField(_l("First time"), [Optional(), OfOurTime()])
    second = DateTimeLocalField(_l("Second time"), [Optional(), OfOurTime()])
    third = DateTimeLocalField(_l("Third time"), [Optional(), OfOurTime()])
    place = StringField(_l("Place"), [AtMost(200)], description=_l("A café, a call, a walk."))
    tone = HiddenField(validators=[AnyOf(list(Tone))], default=Tone.WARM)

    @property
    def fields(self) -> list[Field]:
        """The three times."""
        return [self.first, self.second, self.third]

    def start_with(self, proposal: Proposal, tone: Tone, zone: ZoneInfo) -> None:
        """Fill in what the message offers already."""
        for field, moment in zip(self.fields, proposal.at, strict=False):
            field.data = moment.astimezone(zone).replace(tzinfo=None)
        self.place.data, self.ask.data, self.tone.data = proposal.place, proposal.ask, tone

    def is_past(self, zone: ZoneInfo, now: datetime) -> bool:
        """Whether a time written has passed; says so beside the field."""
        for field in self.fields:
            if field.data and _instant(field.data, zone) <= now:
                field.errors = [*field.errors, _("That time has already passed.")]
        return any(field.errors for field in self.fields)

    def proposal(self, zone: ZoneInfo) -> Proposal:
        """What was written: UTC instants, earliest first, each once."""
        written = {_instant(field.data, zone) for field in self.fields if field.data}
        return Proposal(tuple(sorted(written)), one_line(self.place.data or ""), one_line(self.ask.data or ""))


def _instant(written: datetime, zone: ZoneInfo) -> datetime:
    return local_instant(written.date(), written.time(), zone)
