"""Ana asks for reports, and a worker makes them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import Flask

from coachhub.coaching.models import CoachingSession
from coachhub.habits.rules import Month
from coachhub.reports.models import ReportKind
from coachhub.reports.service.shelf.asking import ask_for_progress_report, ask_for_session_report
from coachhub.reports.service.shelf.batches import ask_for_batch
from coachhub.reports.service.shelf.making import make_reports
from coachhub.reports.service.shelf.reading import ShelvedReport, report_of
from coachhub.reports.service.shelf.sharing import send_report
from coachhub.reports.service.shelf.subjects import Subject
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person
from tests.habits.facts import acting
from tests.reminders.rows import keep

FEBRUARY = Month(2026, 2)


def progress(first: Month = FEBRUARY, last: Month = FEBRUARY, kind: ReportKind = ReportKind.PROGRESS) -> Subject:
    """A report on February, unless told otherwise."""
    return Subject.months(kind, first, last)


@dataclass(frozen=True)
class Desk:
    """What Ana does with Ben's reports."""

    cast: Cast
    worker: Flask

    def ask(self, subject: Subject | None = None, client: Person | None = None, *, sends: bool = False) -> UUID:
        """Ask for Ben's report on February; its id."""
        with acting(self.cast, self.cast.ana):
            return ask_for_progress_report(self._id(client), subject or progress(), sends=sends)

    def held(self, at: datetime = NOW - timedelta(hours=2)) -> UUID:
        """A session with Ben that took place two hours ago; its id."""
        session_id, ana = uuid4(), self.cast.ana
        when = {"starts_at": at, "created_at": at, "changed_at": at, "news_at": at}
        who = {"client_id": self.cast.ben.client_id, "coach_id": ana.user_id}
        keep(self.cast.app, ana, CoachingSession(id=session_id, minutes=60, status="held", **who, **when))
        return session_id

    def ask_about(self, session_id: UUID) -> UUID:
        """Ask for the report on a session with Ben; its id."""
        with acting(self.cast, self.cast.ana):
            return ask_for_session_report(self._id(None), session_id)

    def ask_for_all(self, *, sends: bool = False) -> UUID:
        """Ask for February of all of Ana's clients; the batch's id."""
        with acting(self.cast, self.cast.ana):
            return ask_for_batch(self.cast.ana.user_id, progress(), sends=sends)

    def make(self) -> int:
        """A worker makes what waits in Ana's practice; returns how many."""
        with self.worker.app_context():
            return make_reports(self.cast.ana.practice_id, 0)

    def ready(self, client: Person | None = None, subject: Subject | None = None) -> UUID:
        """Ben's report on February, made; its id."""
        report_id = self.ask(subject, client)
        self.make()
        return report_id

    def sent(self) -> UUID:
        """The same, sent to him; its id."""
        report_id = self.ready()
        with acting(self.cast, self.cast.ana):
            send_report(self._id(None), report_id)
        return report_id

    def look(self, report_id: UUID, client: Person | None = None) -> ShelvedReport:
        """How a report stands."""
        with acting(self.cast, self.cast.ana):
            return report_of(self._id(client), report_id)

    def _id(self, client: Person | None) -> UUID:
        client_id = (client or self.cast.ben).client_id
        assert client_id is not None
        return client_id
