"""What every mail about a coaching session reads and says: to the client it comes from the coach who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from coachhub.accounts.models import User
from coachhub.booking.models import Booking
from coachhub.booking.service.visitor_links import booking_address
from coachhub.clients.models import ClientStatus
from coachhub.coaching.models import CoachingSession
from coachhub.coaching.service.topics import topic_address
from coachhub.coaching.wording import minutes_words
from coachhub.platform.language import date_words, moment_words, time_words
from coachhub.platform.links import address_of
from coachhub.reminders.kinds.kind import DAY, Claim, Letter, is_claimed
from coachhub.reminders.kinds.parties import PARTIES, join_parties, letter_to_client
from coachhub.reminders.models import Message, MessageState
from coachhub.reminders.rules import Part, Quote

LOST_AFTER = timedelta(days=7)
"""How long a change is looked for that nobody was told of: longer than any outage."""
holder = aliased(User, name="holder")
"""Who holds the session; it may be another coach than the client's."""


@dataclass(frozen=True)
class SessionFacts:
    """When and for how long, where, what about, and with whom.

    `address` is where whoever booked it moves it and calls it off; empty where their coach planned it. `topic` is what
    the client would like to talk about; until they have said so, `ask` is the page on which they can.
    """

    coach: str
    starts_at: datetime
    minutes: int
    place: str
    agenda: str
    address: str = ""
    topic: str = ""
    ask: str = ""

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
            "topic": Quote(self.topic),
            "ask": self.ask,
            "change": _("move it or cancel it here: %(address)s", address=self.address)
            if self.address
            else _("answer this mail"),
        }


def sample_session() -> dict[str, Part]:
    """A made-up session, for a preview."""
    at = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
    agenda = _("How the first hours went, and whom to write to next")
    facts = SessionFacts("Robin Example", at, 60, "https://meet.example/robin", agenda)
    asked: dict[str, Part] = {
        "topic": Quote(_("Whether to look for another job")),
        "ask": "https://coachhub.example/topic/robin",
    }
    return facts.fields() | asked


def claimed_sessions(claims: Sequence[Claim], *more: Any) -> Select[*tuple[Any, ...]]:
    """The sessions that messages are about, with `more` columns; `planned_for` is what the message was planned for."""
    query = (
        select(
            Message.id,
            Message.fields[DAY].astext.label("planned_for"),
            CoachingSession.id.label("coaching_session_id"),
            CoachingSession.client_id,
            CoachingSession.booking_id,
            CoachingSession.starts_at,
            CoachingSession.minutes,
            CoachingSession.place,
            CoachingSession.agenda,
            CoachingSession.topic,
            CoachingSession.status.label("session_status"),
            holder.name.label("holder_name"),
            holder.email.label("holder_email"),
            Booking.offering_id,
            Booking.locale.label("booking_locale"),
            *more,
            *PARTIES,
        )
        .select_from(Message)
        .join(
            CoachingSession,
            and_(CoachingSession.practice_id == Message.practice_id, CoachingSession.id == Message.subject_id),
        )
        .join(holder, holder.id == CoachingSession.coach_id)
        .outerjoin(
            Booking, and_(Booking.practice_id == CoachingSession.practice_id, Booking.id == CoachingSession.booking_id)
        )
    )
    query = join_parties(query, CoachingSession.client_id, CoachingSession.practice_id)
    return query.where(*is_claimed(claims))


def was_told(kind: str, now: datetime) -> ColumnElement[bool]:
    """Whether the reader of this kind has heard of the session; one of long ago they know."""
    told = aliased(Message, name="told")
    of_it = exists().where(
        told.practice_id == CoachingSession.practice_id,
        told.subject_id == CoachingSession.id,
        told.kind == kind,
        told.state.in_((MessageState.SENT, MessageState.DELIVERED, MessageState.UNKNOWN)),
    )
    return or_(of_it, CoachingSession.created_at <= now - LOST_AFTER)


def facts_of(row: Any) -> SessionFacts:
    """What a row of claimed_sessions says. What a coach planned by hand is moved by asking them."""
    address = booking_address(row.booking_id) if row.offering_id else ""
    ask = "" if row.topic else topic_address(row.coaching_session_id)
    return SessionFacts(row.holder_name, row.starts_at, row.minutes, row.place, row.agenda, address, row.topic, ask)


def letter_about_session(row: Any, facts: object) -> Letter:
    """A letter from whoever holds the session; its button leads to the client's page of it.

    Who has not started has no pages of their own: they have the one of their booking, in the language in which they
    booked.
    """
    letter = letter_to_client(row, page_of(row), facts)
    if row.login_email is None and row.booking_locale is not None:
        letter = letter._replace(to=letter.to._replace(locale=row.booking_locale))
    return letter._replace(coach_name=row.holder_name, reply_to=row.holder_email)


def page_of(row: Any) -> str:
    """Where the client sees the session; empty where there is no such page yet."""
    if row.status != ClientStatus.INVITED:
        return address_of(f"/sessions/{row.coaching_session_id}")
    return booking_address(row.booking_id) if row.booking_id else ""
