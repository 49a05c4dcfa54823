"""What every mail about a coaching session reads and says: it comes from the coach who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from coachhub.accounts.models import User
from coachhub.coaching.models import CoachingSession
from coachhub.coaching.wording import minutes_words
from coachhub.platform.language import date_words, moment_words, time_words
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.kind import DAY, Claim, Letter, is_claimed
from coachhub.reminders.kinds.parties import PARTIES, join_parties, letter_to_client
from coachhub.reminders.models import Message
from coachhub.reminders.rules import Part, Quote

holder = aliased(User, name="holder")
"""Who holds the session; it may be another coach than the client's."""


@dataclass(frozen=True)
class SessionFacts:
    """When and for how long, where, what about, and with whom."""

    coach: str
    starts_at: datetime
    minutes: int
    place: str
    agenda: str

    @property
    def length(self) -> str:
        """How long it takes, in words."""
        return minutes_words(self.minutes)

    def fields(self) -> dict[str, Part]:
        """The time in several ways by the reader's clock; place and agenda are empty where nobody said them."""
        return {
            "coach": self.coach,
            "when": moment_words(self.starts_at),
            "day": date_words(self.starts_at),
            "time": time_words(self.starts_at),
            "minutes": self.length,
            "place": self.place,
            "agenda": Quote(self.agenda),
        }


def sample_session() -> dict[str, Part]:
    """A made-up session, for a preview."""
    at = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
    agenda = _("How the first hours went, and whom to write to next")
    return SessionFacts("Robin Example", at, 60, "https://meet.example/robin", agenda).fields()


def claimed_sessions(claims: Sequence[Claim], *more: Any) -> Select[*tuple[Any, ...]]:
    """The sessions that messages are about, with `more` columns; `planned_for` is what the message was planned for."""
    query = (
        select(
            Message.id,
            Message.fields[DAY].astext.label("planned_for"),
            CoachingSession.id.label("coaching_session_id"),
            CoachingSession.client_id,
            CoachingSession.starts_at,
            CoachingSession.minutes,
            CoachingSession.place,
            CoachingSession.agenda,
            CoachingSession.status.label("session_status"),
            holder.name.label("holder_name"),
            holder.email.label("holder_email"),
            *more,
            *PARTIES,
        )
        .select_from(Message)
        .join(
            CoachingSession,
            and_(CoachingSession.practice_id == Message.practice_id, CoachingSession.id == Message.subject_id),
        )
        .join(holder, holder.id == CoachingSession.coach_id)
    )
    query = join_parties(query, CoachingSession.client_id, CoachingSession.practice_id)
    return query.where(*is_claimed(claims))


def facts_of(row: Any) -> SessionFacts:
    """What a row of claimed_sessions says."""
    return SessionFacts(row.holder_name, row.starts_at, row.minutes, row.place, row.agenda)


def letter_about_session(row: Any, facts: object) -> Letter:
    """A letter from whoever holds the session; its button leads to the client's page of it."""
    letter = letter_to_client(row, page_of(row.coaching_session_id), facts)
    return replace(letter, coach_name=row.holder_name, reply_to=row.holder_email)


def page_of(coaching_session_id: Any) -> str:
    """The client's page of a coaching session."""
    return address_of(f"/sessions/{coaching_session_id}")
