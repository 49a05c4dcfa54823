"""The rules of a client's network: warmth, silence, who next, and links that open the client's own programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID

HALF_LIFE_DAYS = 270
AWAKE_FROM, DROWSY_FROM, HIBERNATING_FROM = 0.63, 0.40, 0.10
UNKNOWN_WARMTH = 0.25  # two half-lives: well inside hibernating
MOST_LIKED = 5
DECLINED_LATELY = timedelta(days=60)
LONG_SILENCE_MONTHS = 12


class Kind(StrEnum):
    """What a friend was to the client at work."""

    COLLEAGUE = "colleague"
    MANAGER = "manager"
    REPORT = "report"
    MENTOR = "mentor"
    EXECUTIVE = "executive"
    CUSTOMER = "customer"
    CLASSMATE = "classmate"


class Warmth(StrEnum):
    """What time has done to a friendship since the last real contact."""

    AWAKE = "awake"
    DROWSY = "drowsy"
    HIBERNATING = "hibernating"
    FADING = "fading"


class SilenceUnit(StrEnum):
    """The unit in which a person would say how long ago it was."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Silence:
    """How long there was no contact, in whole units: 0 days is today."""

    unit: SilenceUnit
    count: int


class Why(StrEnum):
    """Why a friend is suggested, in one line."""

    NEVER_MET_SINCE = "never_met_since"
    LONG_SILENCE = "long_silence"
    GOING_QUIET = "going_quiet"
    WARM = "warm"
    UNKNOWN_SILENCE = "unknown_silence"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the ranking knows of a friend. `liking` is 1 to 5; dates are the client's local ones."""

    id: UUID
    liking: int
    last_contact: date | None = None
    known_until: date | None = None
    not_now_until: date | None = None
    never_suggest: bool = False
    has_open_invitation: bool = False
    declined_on: date | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A friend to see next, with the reason; `silence` is None when nobody knows."""

    friend_id: UUID
    why: Why
    silence: Silence | None


def warmth(
    last_contact: date | None, known_until: date | None, today: date, half_life_days: int = HALF_LIFE_DAYS
) -> float:
    """2^(-d/H) with d the days since the last real contact, at most 1; unknown counts as hibernating.

    Never met since added: counted from the end of the time they worked together. A contact noted before that
    end does not make the friendship colder than the end does.
    """
    since = _since(last_contact, known_until)
    if since is None:
        return UNKNOWN_WARMTH
    return float(2 ** (-max(0, (today - since).days) / half_life_days))


def _since(last_contact: date | None, known_until: date | None) -> date | None:
    return max((day for day in (last_contact, known_until) if day is not None), default=None)


def warmth_state(value: float) -> Warmth:
    """Awake from 0.63 (about half a year), drowsy from 0.40 (a year), hibernating from 0.10, below that
    fading.
    """
    if value >= AWAKE_FROM:
        return Warmth.AWAKE
    if value >= DROWSY_FROM:
        return Warmth.DROWSY
    return Warmth.HIBERNATING if value >= HIBERNATING_FROM else Warmth.FADING


def network_strength(friends: Iterable[tuple[float, int]]) -> float:
    """The sum of warmth x liking / 5 over (warmth, liking) of each friend."""
    return sum(value * liking / MOST_LIKED for value, liking in friends)


def silence(last_contact: date | None, known_until: date | None, today: date) -> Silence | None:
    """How long there was no contact, rounded down; None when nobody knows. A date still to come is today.

    Days up to two weeks, weeks up to two months, months up to two years, then years.
    """
    since = _since(last_contact, known_until)
    if since is None:
        return None
    days = max(0, (today - since).days)
    months = _whole_months(since, today)
    if days < 14:
        return Silence(SilenceUnit.DAYS, days)
    if months < 2:
        return Silence(SilenceUnit.WEEKS, days // 7)
    if months < 24:
        return Silence(SilenceUnit.MONTHS, months)
    return Silence(SilenceUnit.YEARS, months // 12)


def _whole_months(since: date, today: date) -> int:
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)


def may_be_suggested(friend: Candidate, today: date) -> bool:
    """Whether a friend comes into question: left out are never, not now, an open invitation, declined in the
    last 60 days.

    "Not now until" a day means that the friend is back on that day.
    """
    is_later = friend.not_now_until is not None and today < friend.not_now_until
    has_declined = friend.declined_on is not None and today < friend.declined_on + DECLINED_LATELY
    return not (friend.never_suggest or friend.has_open_invitation or is_later or has_declined)


def order_to_suggest(friends: Sequence[Candidate], today: date) -> list[Suggestion]:
    """Whom to see next: those left out by `may_be_suggested` are not in it; same input, same order.

    The longer the silence and the more the client likes their company, the earlier: ranked by liking x (1 -
    warmth), then by liking, then by id.
    """
    asked = [friend for friend in friends if may_be_suggested(friend, today)]
    asked.sort(key=lambda friend: (-_worth_waking(friend, today), -friend.liking, friend.id))
    return [
        Suggestion(friend.id, why_suggested(friend, today), silence(friend.last_contact, friend.known_until, today))
        for friend in asked
    ]


def _worth_waking(friend: Candidate, today: date) -> float:
    return friend.liking * (1 - warmth(friend.last_contact, friend.known_until, today))


def why_suggested(friend: Candidate, today: date) -> Why:
    """The one reason that is true of a friend and says most.

    Not met since they worked together; else silent for a year or more; else no longer awake, so about to be
    lost; else still warm. Unknown when neither a contact nor the end of the time together is known.
    """
    since = _since(friend.last_contact, friend.known_until)
    if since is None:
        return Why.UNKNOWN_SILENCE
    if friend.last_contact is None:
        return Why.NEVER_MET_SINCE
    if _whole_months(since, today) >= LONG_SILENCE_MONTHS:
        return Why.LONG_SILENCE
    value = warmth(friend.last_contact, friend.known_until, today)
    return Why.WARM if warmth_state(value) is Warmth.AWAKE else Why.GOING_QUIET


def mailto_link(email: str, subject: str, body: str) -> str:
    """A link that opens the client's own mail program with the message in it (RFC 6068: %20, CRLF line ends).

    Without an address the program asks for one; so do the messages below without a number.
    """
    mailbox, at, host = email.rpartition("@")
    address = f"{_encoded(mailbox)}{at}{_encoded(host)}"
    return f"mailto:{address}?subject={_encoded(' '.join(subject.split()))}&body={_encoded(_crlf(body))}"


def sms_link(phone: str, body: str) -> str:
    """A link that opens the client's own messages with the text in it."""
    # The empty field after "?" is deliberate: iPhones want "&body", everything else "?body"; both take this.
    return f"sms:{'+' if phone.strip().startswith('+') else ''}{_digits(phone)}?&body={_encoded(body)}"


def whatsapp_link(phone_e164: str, body: str) -> str:
    """A link that opens WhatsApp with the text in it; the number is international, its digits only."""
    return f"https://wa.me/{_digits(phone_e164)}?text={_encoded(body)}"


def _encoded(text: str) -> str:
    return quote(text, safe="")


def _crlf(text: str) -> str:
    return "\r\n".join(text.splitlines())


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character in "0123456789")
