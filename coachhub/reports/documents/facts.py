"""What a report says, as facts: all that its document needs, read at one instant."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from coachhub.coaching.service.actions import ActionRow
from coachhub.coaching.service.notes import NoteRow
from coachhub.coaching.service.reading import CoachingSessionRow
from coachhub.habits.service.progress import MonthProgress
from coachhub.network.rules import Network
from coachhub.platform.pictures import Picture


@dataclass(frozen=True, slots=True)
class Whose:
    """The practice that a document comes from, and the client whom it is about.

    `zone` is the client's: their months, and the clock that times are told by. `client_locale` is the client's own,
    once they have signed in.
    """

    practice_name: str
    accent: str | None
    logo: Picture | None
    practice_locale: str
    half_life_days: int
    client_id: UUID
    client_name: str
    client_locale: str | None
    user_id: UUID | None
    zone: ZoneInfo
    coach_name: str

    @property
    def reader_locale(self) -> str:
        """The language of the document: the client's, once they have signed in, else the practice's."""
        return self.client_locale or self.practice_locale


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A coaching session. `months` are the client's up to that of the session, and `network` is as of that day.

    `network` is None where the client has not signed in yet. `before` are actions agreed earlier and still open.
    """

    whose: Whose
    made_at: datetime
    session: CoachingSessionRow
    notes: tuple[NoteRow, ...]
    agreed: tuple[ActionRow, ...]
    before: tuple[ActionRow, ...]
    months: tuple[MonthProgress, ...]
    network: Network | None
    next: CoachingSessionRow | None


@dataclass(frozen=True, slots=True)
class Coached:
    """The coaching sessions that took place in a period."""

    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class ProgressFacts:
    """Some months. `first` and `last` are days of the client's calendar: the period, up to today at most.

    `months` are all of the client's up to `last`. `done` are the actions done in the period, of `agreed` that were to
    be done. `names_nobody`: for a sponsor; then there is no action to be read, and nothing of employers.
    """

    whose: Whose
    made_at: datetime
    first: date
    last: date
    last_month: date
    months: tuple[MonthProgress, ...]
    network: Network | None
    coached: Coached
    done: tuple[ActionRow, ...]
    done_count: int
    agreed: int
    names_nobody: bool

    @property
    def period(self) -> tuple[MonthProgress, ...]:
        """The client's months that lie in the period."""
        return tuple(each for each in self.months if each.month.first_day() >= self.first)


ReportFacts = SessionFacts | ProgressFacts
