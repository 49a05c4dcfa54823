"""What a client ticks about reminders."""

from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField


class MyRemindersForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """One tick a kind of reminder; the fields are named after the kinds."""

    new_month = BooleanField(
        _("A new month"), description=_("On its first working day at nine: your plan, and people to think of.")
    )
    after_meetup = BooleanField(_("After a meetup"), description=_("The morning after: how was it?"))

    promise_due = BooleanField(
        _("What you promised"), description=_("On the morning of its day: send the book, make the call.")
    )
    session_day = BooleanField(
        _("The day before a coaching session"), description=_("24 hours before: when, where, what about.")
    )
    session_hour = BooleanField(
        _("The hour before a coaching session"),
        description=_("60 minutes before, with the place or link; early and late in the day, too."),
    )

    def fill(self, off: frozenset[str]) -> Self:
        """Tick what is not switched off."""
        for field in self._kinds():
            field.data = field.name not in off
        return self

    def wanted(self) -> frozenset[str]:
        """The kinds that are ticked."""
        return frozenset(field.name for field in self._kinds() if field.data)

    def _kinds(self) -> tuple[BooleanField, ...]:
        return (self.new_month, self.after_meetup, self.promise_due, self.session_day, self.session_hour)
