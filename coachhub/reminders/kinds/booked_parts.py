"""What mails say of a booking: what it is, what it costs, by which rule it is moved and called off, and where."""

from dataclasses import dataclass
from datetime import datetime

from coachhub.booking.models import Side
from coachhub.booking.rules.cancellation import may_cancel, may_move
from coachhub.booking.service.reading import BookingRow, answers_of
from coachhub.booking.service.visitor_links import booking_address
from coachhub.coaching.wording import cost_words, rule_words


@dataclass(frozen=True)
class BookedFacts:
    """A booking. `may_move`, `may_cancel`: whether the rule still lets whoever booked do it.

    `answers` are what they were asked, each with what they said.
    """

    booking: BookingRow
    answers: tuple[tuple[str, str], ...]
    may_move: bool
    may_cancel: bool

    @property
    def address(self) -> str:
        """The page of whoever booked."""
        return booking_address(self.booking.id)

    @property
    def cost(self) -> str:
        """What it cost, in words; empty where money is a matter between coach and client."""
        return cost_words(self.booking)

    @property
    def terms(self) -> str:
        """The rule, in sentences."""
        return rule_words(self.booking)

    @property
    def reason(self) -> str:
        """Why it was called off, where somebody said so."""
        return self.booking.cancel_reason

    @property
    def is_off_by_client(self) -> bool:
        """Whether it was the client who called it off."""
        return self.booking.cancelled_by is Side.CLIENT


def booked_facts(found: BookingRow, now: datetime) -> BookedFacts:
    """What there is to say of a booking now."""
    return BookedFacts(found, answers_of(found.id), may_move(found, now), may_cancel(found, now))
