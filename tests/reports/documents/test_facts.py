"""What a worker reads for a report: of the right client, up to the right day, and for a sponsor without a name."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from coachhub.coaching.models import Action, CoachingSession, SessionNote
from coachhub.habits.rules import Month
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import as_practice
from coachhub.reports.documents import ReportRow, facts_of
from coachhub.reports.documents.facts import ProgressFacts, SessionFacts
from coachhub.reports.models import ReportKind
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import LONG_AGO, Person, a_friend
from tests.reminders.rows import a_cycle, a_habit_for, keep

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
A_WEEK = timedelta(days=7)


class Archive:
    """Ana's sessions with Ben, and what a worker reads of them."""

    def __init__(self, cast: Cast, worker: Flask) -> None:
        self.cast, self._worker = cast, worker

    def session(self, at: datetime, status: str = "held", minutes: int = 60, **said: Any) -> UUID:
        session_id, who = uuid4(), {"client_id": self.cast.ben.client_id, "coach_id": self.cast.ana.user_id}
        when = {"starts_at": at, "created_at": LONG_AGO, "changed_at": at, "news_at": at}
        keep(
            self.cast.app,
            self.cast.ana,
            CoachingSession(id=session_id, status=status, minutes=minutes, **who, **when, **said),
        )
        return session_id

    def action(self, text: str, session_id: UUID | None, at: datetime, done_at: datetime | None = None) -> None:
        who = {"client_id": self.cast.ben.client_id, "coach_id": self.cast.ana.user_id, "owner": "client"}
        done = {"done_at": done_at, "done_by": "client" if done_at else None}
        row = Action(session_id=session_id, text=text, created_by=self.cast.ana.user_id, **who, **done)
        row.created_at = row.changed_at = at
        keep(self.cast.app, self.cast.ana, row)

    def note(self, session_id: UUID, level: str, text: str) -> None:
        who = {"client_id": self.cast.ben.client_id, "author_id": self.cast.ana.user_id}
        row = SessionNote(session_id=session_id, level=level, text=text, version=1, **who)
        row.created_at = row.changed_at = NOW
        keep(self.cast.app, self.cast.ana, row)

    def of_session(self, session_id: UUID) -> SessionFacts:
        facts = self._read(ReportKind.SESSION, session_id, None, None)
        assert isinstance(facts, SessionFacts)
        return facts

    def of_months(self, first: date, last: date, kind: ReportKind = ReportKind.PROGRESS) -> ProgressFacts:
        facts = self._read(kind, None, first, last)
        assert isinstance(facts, ProgressFacts)
        return facts

    def _read(
        self,
        kind: ReportKind,
        session_id: UUID | None,
        first: date | None,
        last: date | None,
        whose: Person | None = None,
    ) -> object:
        client_id = self.cast.ben.client_id
        assert client_id is not None
        with self._worker.app_context(), as_practice((whose or self.cast.ana).practice_id):
            return facts_of(ReportRow(uuid4(), kind, client_id, session_id, first, last, 1, NOW))


@pytest.fixture
def archive(cast: Cast, worker_app: Flask) -> Archive:
    """Ben's habit since January: January and February done, once and twice."""
    assignment_id = a_habit_for(cast.app, cast.ben)
    a_cycle(cast.app, cast.ben, assignment_id, JANUARY, held=1, minutes=50)
    a_cycle(cast.app, cast.ben, assignment_id, FEBRUARY, held=2, minutes=130)
    return Archive(cast, worker_app)


def test_it_reads_what_was_shared_and_agreed_in_a_session(archive: Archive) -> None:
    before, session = archive.session(NOW - 4 * A_WEEK), archive.session(NOW - A_WEEK, topic="The new team")
    for level in ("me", "coaches", "client"):
        archive.note(session, level, f"for {level}")
    archive.action("left open", before, NOW - 4 * A_WEEK)
    archive.action("done long since", before, NOW - 4 * A_WEEK, NOW - 3 * A_WEEK)
    archive.action("agreed now", session, NOW - A_WEEK)
    found = archive.of_session(session)
    assert (found.session.topic, [note.text for note in found.notes]) == ("The new team", ["for client"])
    assert [each.text for each in found.agreed] == ["agreed now"]
    assert [each.text for each in found.before] == ["left open"]


def test_it_reads_a_session_as_of_its_day(archive: Archive) -> None:
    session = archive.session(NOW - 5 * A_WEEK)
    archive.session(NOW - 2 * A_WEEK, status="missed")
    archive.session(NOW - A_WEEK, status="cancelled")
    following = archive.session(NOW + A_WEEK, status="scheduled")
    found = archive.of_session(session)
    assert [each.month for each in found.months] == [Month(2026, 1)]
    assert found.network is not None
    assert found.network.months[-1].day == date(2026, 1, 29)
    assert found.next is not None
    assert found.next.id == following


def test_it_counts_what_lies_in_the_period(archive: Archive) -> None:
    for at, status in ((NOW - 5 * A_WEEK, "held"), (NOW - 2 * A_WEEK, "held"), (NOW - A_WEEK, "missed")):
        archive.session(at, status, minutes=90)
    archive.action("done in February", None, NOW - 5 * A_WEEK, datetime.combine(FEBRUARY, NOW.timetz()))
    archive.action("agreed in February", None, NOW - 2 * A_WEEK)
    found = archive.of_months(FEBRUARY, FEBRUARY)
    assert (found.coached.sessions, found.coached.minutes) == (1, 90)
    assert ([each.text for each in found.done], found.done_count, found.agreed) == (["done in February"], 1, 2)
    assert [(each.month, each.held, each.minutes) for each in found.period] == [(Month(2026, 2), 2, 130)]
    assert len(found.months) == 2


def test_it_reads_a_running_month_up_to_today(archive: Archive) -> None:
    found = archive.of_months(JANUARY, MARCH)
    assert (found.last, found.last_month) == (NOW.date(), MARCH)
    assert [each.month.month for each in found.period] == [1, 2, 3]


def test_it_reads_the_network_as_it_was(archive: Archive) -> None:
    a_friend(archive.cast.app, archive.cast.ben, "Eli", date(2026, 2, 20), known_from=date(2026, 2, 10))
    then, now = archive.of_months(JANUARY, JANUARY).network, archive.of_months(MARCH, MARCH).network
    assert then is not None
    assert now is not None
    assert (then.friends, now.friends) == (2, 2)  # both were added long ago
    assert then.strength < now.strength


def test_it_reads_no_name_and_no_word_for_a_sponsor(archive: Archive) -> None:
    archive.action("ask Dan", None, NOW - A_WEEK, NOW - A_WEEK)
    found = archive.of_months(JANUARY, MARCH, ReportKind.SPONSOR)
    assert (found.whose.client_name, found.done, found.done_count, found.names_nobody) == ("", (), 1, True)
    assert "Dan" not in repr(found)
    assert "Ben" not in repr(found)


def test_it_finds_nobody_in_another_practice(archive: Archive) -> None:
    with pytest.raises(NotFound):
        archive._read(ReportKind.PROGRESS, None, JANUARY, MARCH, archive.cast.cleo)
    with pytest.raises(NotFound):
        archive.of_session(uuid4())
