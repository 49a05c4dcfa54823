"""Whom to see next, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from coachhub.network.rules.friendship import Silence, Warmth, silence, since, warmth, warmth_state, whole_months

DECLINED_LATELY = timedelta(days=60)
LONG_SILENCE_MONTHS = 12


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
    quiet_since = since(friend.last_contact, friend.known_until)
    if quiet_since is None:
        return Why.UNKNOWN_SILENCE
    if friend.last_contact is None:
        return Why.NEVER_MET_SINCE
    if whole_months(quiet_since, today) >= LONG_SILENCE_MONTHS:
        return Why.LONG_SILENCE
    value = warmth(friend.last_contact, friend.known_until, today)
    return Why.WARM if warmth_state(value) is Warmth.AWAKE else Why.GOING_QUIET
