"""What a friend writes on their page, and the client who answers what the friend has offered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, Field, IntegerField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from coachhub.accounts.forms import ZoneField
from coachhub.platform.days import OfOurTime
from coachhub.platform.lengths import AtMost
from coachhub.platform.local_time import local_instant

LONGEST_NOTE = 300


def _time(label: str) -> DateTimeLocalField:
    return DateTimeLocalField(label, [Optional(), OfOurTime()])


class ThreeTimesForm(FlaskForm):  # type: ignore[misc]
    """Up to three times that are still ahead; one is enough. `version` is that of the page that was seen."""

    first = _time(_("First time"))
    second = _time(_("Second time"))
    third = _time(_("Third time"))
    version = IntegerField(widget=HiddenInput(), default=0)

    @property
    def fields(self) -> list[Field]:
        """The three times."""
        return [self.first, self.second, self.third]

    def start_with(self, times: Sequence[datetime], version: int, zone: ZoneInfo) -> None:
        """Fill in a first guess, shown in a zone."""
        for field, at in zip(self.fields, times, strict=False):
            field.data = at.astimezone(zone).replace(tzinfo=None)
        self.version.data = version

    def instants(self, zone: ZoneInfo) -> list[datetime]:
        """The times as UTC instants, the earliest first, each once."""
        written = {field.data for field in self.fields if field.data}
        return sorted({local_instant(each.date(), each.time(), zone) for each in written})

    def is_without_time(self, zone: ZoneInfo, now: datetime, agreed: datetime | None = None) -> bool:
        """Whether no time is named, or one that has passed or stands already; says so beside the field."""
        for field in self.fields:
            at = local_instant(field.data.date(), field.data.time(), zone) if field.data else None
            if at is not None and at <= now:
                field.errors = [*field.errors, _("That time has already passed.")]
            elif at is not None and at == agreed:
                field.errors = [*field.errors, _("That is the time that stands already.")]
        if not any(field.data for field in self.fields):
            self.first.errors = [*self.first.errors, _("Name one time at least.")]
        return any(field.errors for field in self.fields)


class _Unsigned:
    """Without a token of ours: whoever can send it has the secret address, and the friend's browser keeps nothing."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False


class OtherTimesForm(_Unsigned, ThreeTimesForm):
    """The times that a friend offers instead, in a zone of their choice."""

    zone = ZoneField(_("Time zone"))
    note = TextAreaField(_("A word with it"), [AtMost(LONGEST_NOTE)])

    def __init__(self, zone: ZoneInfo, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.zone.data = self.zone.data or zone.key

    def written_zone(self) -> ZoneInfo:
        """The zone in which the times are meant; only after `validate`."""
        return ZoneInfo(self.zone.data)


class NoteForm(_Unsigned, FlaskForm):  # type: ignore[misc]
    """A kind no, with a word if one likes."""

    note = TextAreaField(_("A word with it"), [AtMost(LONGEST_NOTE)])
    version = IntegerField(widget=HiddenInput(), default=0)
