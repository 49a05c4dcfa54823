"""Asking for reports: about which months, of whose clients."""

from typing import Self
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField

from coachhub.accounts.service.members import Coach
from coachhub.habits.rules import Month
from coachhub.reports.models import ReportKind
from coachhub.reports.rules.papers import fault_of
from coachhub.reports.service.shelf.subjects import Subject
from coachhub.reports.wording.papers import fault_words, kind_words, month_choices

_ABOUT_MONTHS = (ReportKind.PROGRESS, ReportKind.SPONSOR)
NONE, ALL = "", "all"


class MonthsForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """A report on some months; the month that ended last, unless somebody says otherwise."""

    kind = SelectField(_l("Which report"))
    first = SelectField(_l("From"))
    last = SelectField(_l("Until"))
    sends = BooleanField(_l("Send it to the client as soon as it is ready"))

    def offer(self, running: Month, *, is_sent: bool | None = None) -> Self:
        """Fill in the choices; `is_sent`: whether the months were typed, where the request does not say so."""
        self.kind.choices = [(kind.value, kind_words(kind)) for kind in _ABOUT_MONTHS]
        for field in (self.first, self.last):
            field.choices = month_choices(running)
            if not (self.is_submitted() if is_sent is None else is_sent):
                field.data = str(running.previous())
        return self

    def is_good(self, running: Month) -> bool:
        """Whether a report can be about these months; says beside the field why not."""
        if not self.validate():
            return False
        subject = self.subject()
        fault = fault_of(subject.first, subject.last, running) if subject.first and subject.last else None
        if fault is not None:
            self.last.errors = [*self.last.errors, fault_words(fault)]
        return fault is None

    def subject(self) -> Subject:
        """What was chosen."""
        return Subject.months(ReportKind(self.kind.data), Month.parse(self.first.data), Month.parse(self.last.data))


class BatchForm(MonthsForm):
    """The same for all clients of a coach."""

    coach_id = SelectField(_l("Whose clients"))

    def offer_coaches(self, team: list[Coach], person_id: UUID) -> Self:
        """Fill in the choice of coaches, the person first chosen; a practice of one coach is not asked."""
        named = [(str(coach.user_id), coach.name or coach.email) for coach in team]
        self.coach_id.choices = [*named, (ALL, _l("All coaches"))]
        if not self.is_submitted() or len(team) == 1:
            self.coach_id.data = str(person_id)
        return self

    @property
    def coach(self) -> UUID | None:
        """Whose clients; None for everybody's."""
        return None if self.coach_id.data == ALL else UUID(self.coach_id.data)


class WishForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """Which report is made of each month by itself; none unless somebody wants one."""

    kind = SelectField(_l("After each month"))

    def offer(self, wish: ReportKind | None) -> Self:
        """Fill in the choices, and what is wished for now."""
        offered = [(kind.value, kind_words(kind)) for kind in _ABOUT_MONTHS]
        self.kind.choices = [(NONE, _l("No report by itself")), *offered]
        if not self.is_submitted():
            self.kind.data = wish.value if wish else NONE
        return self

    def wish(self) -> ReportKind | None:
        """What was chosen."""
        return ReportKind(self.kind.data) if self.kind.data else None
