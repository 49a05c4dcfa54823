"""Whom to see next: what speaks for each friend as a sum of named parts, and three different candidates with reasons.

The weights are constants, published on screen. Easy contacts come to mind by themselves, dormant ones are worth more
(Walter, Levin & Murnighan 2015): so an easy one, a stretch and one long asleep stand side by side.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from operator import itemgetter
from uuid import UUID

from coachhub.network.rules.friendship import (
    HALF_LIFE_DAYS,
    MOST_LIKED,
    Kind,
    Silence,
    Warmth,
    lost_next,
    silence,
    since,
    warmth,
    warmth_state,
    whole_months,
)

DECLINED_LATELY = timedelta(days=60)
LONG_SILENCE_MONTHS = 12
SOON = timedelta(days=90)
LIKED, LONG_KNOWN_YEARS = 4, 8
MEETUPS_REMEMBERED = 3

LIKING_POINTS = 10
SILENCE_POINTS = 20
FADES_SOON_POINTS, SLEEPS_SOON_POINTS = 20, 10
YEAR_POINTS, MOST_YEARS = 2, 10
NEW_FRIEND_POINTS, NEW_COMPANY_POINTS = 10, 5
REACHABLE_POINTS, SAME_ZONE_POINTS = 10, 5


class Why(StrEnum):
    """Why a friend is suggested, in one line."""

    NEVER_MET_SINCE = "never_met_since"
    LONG_SILENCE = "long_silence"
    SLIPPING = "slipping"
    GOING_QUIET = "going_quiet"
    WARM = "warm"
    UNKNOWN_SILENCE = "unknown_silence"
    MENTOR = "mentor"
    EXECUTIVE = "executive"
    MANAGER = "manager"
    RESPECTED = "respected"


class Role(StrEnum):
    """What a suggestion is among the three; `also` fills a place for which there is nobody."""

    EASY = "easy"
    STRETCH = "stretch"
    ASLEEP = "asleep"
    ALSO = "also"


class Part(StrEnum):
    """What speaks for a friend."""

    LIKING = "liking"
    LOSS = "loss"
    HISTORY = "history"
    VARIETY = "variety"
    PRACTICAL = "practical"


Parts = tuple[tuple[Part, int], ...]


@dataclass(slots=True)
class Candidate:
    """What the ranking knows of a friend. `liking` is 1 to 5; dates are the client's local ones.

    Not frozen, as thousands are made for one page: guarding each field takes longer than ranking them.

    `has_open_invitation`: asked and not answered for good, or a meetup ahead. `met_lately` and `company_lately`: the
    friend, or somebody of the same company, was met in the last three meetups. `was_let_go`: the client chose
    somebody else instead this month.
    """

    id: UUID
    liking: int
    kind: Kind = Kind.COLLEAGUE
    last_contact: date | None = None
    known_from: date | None = None
    known_until: date | None = None
    not_now_until: date | None = None
    never_suggest: bool = False
    has_open_invitation: bool = False
    declined_on: date | None = None
    met_lately: bool = False
    company_lately: bool = False
    is_reachable: bool = False
    is_in_same_zone: bool = False
    was_let_go: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A friend to see next, with the reason and what speaks for them; `silence` is None when nobody knows."""

    friend_id: UUID
    role: Role
    why: Why
    silence: Silence | None
    parts: Parts

    @property
    def points(self) -> int:
        """The sum of the parts."""
        return sum(points for _, points in self.parts)


def may_be_suggested(friend: Candidate, today: date) -> bool:
    """Whether a friend comes into question: left out are never, not now, an open invitation, declined in the
    last 60 days.

    "Not now until" a day means that the friend is back on that day.
    """
    is_later = friend.not_now_until is not None and today < friend.not_now_until
    has_declined = friend.declined_on is not None and today < friend.declined_on + DECLINED_LATELY
    return not (friend.never_suggest or friend.has_open_invitation or is_later or has_declined)


def parts_of(friend: Candidate, today: date, half_life_days: int = HALF_LIFE_DAYS) -> Parts:
    """What speaks for a friend, in points.

    Liking: 10 for each step above "a little" (0 to 40). Loss: 20 x (1 - warmth) for the silence, and 20 more where
    the friendship begins to fade within 90 days, 10 where it falls asleep within 90 days. History: 2 for each year
    known, up to ten years. Variety: 10 where the friend was in none of the last three meetups, 5 where nobody of the
    company was. Practical: 10 for an address or a number, 5 for living in the client's time zone.
    """
    return tuple(zip(Part, _points(friend, today, half_life_days), strict=True))


def _points(friend: Candidate, today: date, half_life_days: int) -> tuple[int, ...]:
    """As `parts_of`, in the order of `Part`: of thousands only three are shown with their parts."""
    return (
        LIKING_POINTS * (friend.liking - 1),
        _loss(friend, today, half_life_days),
        YEAR_POINTS * min(years_known(friend, today), MOST_YEARS),
        NEW_FRIEND_POINTS * (not friend.met_lately) + NEW_COMPANY_POINTS * (not friend.company_lately),
        REACHABLE_POINTS * friend.is_reachable + SAME_ZONE_POINTS * friend.is_in_same_zone,
    )


def _loss(friend: Candidate, today: date, half_life_days: int) -> int:
    value = warmth(friend.last_contact, friend.known_until, today, half_life_days)
    soon = _falls_soon(friend, today, half_life_days)
    return round(SILENCE_POINTS * (1 - value)) + (_SOON_POINTS[soon] if soon else 0)


_SOON_POINTS = {Warmth.FADING: FADES_SOON_POINTS, Warmth.HIBERNATING: SLEEPS_SOON_POINTS}


def _falls_soon(friend: Candidate, today: date, half_life_days: int) -> Warmth | None:
    fall = lost_next(since(friend.last_contact, friend.known_until), today, half_life_days)
    return fall.state if fall is not None and fall.on <= today + SOON else None


def years_known(friend: Candidate, today: date) -> int:
    """The whole years since the first day from which a friend is known; 0 when nobody knows."""
    days = [day for day in (friend.known_from, friend.known_until, friend.last_contact) if day is not None]
    return max(0, whole_months(min(days, default=today), today)) // 12


def order_to_suggest(
    friends: Sequence[Candidate], today: date, half_life_days: int = HALF_LIFE_DAYS
) -> list[Suggestion]:
    """Whom to see next, best first: those left out by `may_be_suggested` are not in it; same input, same order.

    Ranked by the sum of `parts_of`; equal sums by liking, then by id. Somebody let go this month comes after all
    others.
    """
    ranked = _ranked(friends, today, half_life_days)
    return [_suggested(friend, Role.ALSO, today, half_life_days) for friend in ranked]


def three_to_suggest(
    friends: Sequence[Candidate], today: date, half_life_days: int = HALF_LIFE_DAYS
) -> list[Suggestion]:
    """Three different friends, or as many as there are: an easy one, a stretch, one long asleep; in this order.

    Each is the best ranked of those who fit and are not taken yet; an easy one who can be written to goes before one
    who cannot. A place for which nobody fits goes to the next best, as `also`. Nobody let go this month takes a place
    that somebody else could have.
    """
    ranked = _ranked(friends, today, half_life_days)
    places: list[tuple[Candidate, Role]] = []
    for role in _PLACES:
        found = _best(role, ranked, [friend.id for friend, _ in places], today, half_life_days)
        if found is not None:
            places.append((found, role))
    taken = {friend.id for friend, _ in places}
    others = ((friend, Role.ALSO) for friend in ranked if friend.id not in taken)
    places += islice(others, len(_PLACES) - len(places))
    return [_suggested(friend, role, today, half_life_days) for friend, role in places]


def _best(
    role: Role, ranked: Sequence[Candidate], taken: Sequence[UUID], today: date, half_life_days: int
) -> Candidate | None:
    open_to = (friend for friend in ranked if not friend.was_let_go and friend.id not in taken)
    fitting = (friend for friend in open_to if _fits(role, friend, today, half_life_days))
    if role is not Role.EASY:
        return next(fitting, None)
    first = next(fitting, None)
    return (
        first if first is None or first.is_reachable else next((each for each in fitting if each.is_reachable), first)
    )


def _fits(role: Role, friend: Candidate, today: date, half_life_days: int) -> bool:
    """Easy: awake or drowsy, and liked. A stretch: a mentor, an executive or a manager of once; or liked most and
    known for eight years. Long asleep: hibernating or fading.
    """
    if role is Role.STRETCH:
        is_respected = friend.liking == MOST_LIKED and years_known(friend, today) >= LONG_KNOWN_YEARS
        return friend.kind in _UPWARDS or is_respected
    state = _state(friend, today, half_life_days)
    if role is Role.EASY:
        return friend.liking >= LIKED and state in (Warmth.AWAKE, Warmth.DROWSY)
    return state in (Warmth.HIBERNATING, Warmth.FADING)


def _ranked(friends: Iterable[Candidate], today: date, half_life_days: int) -> list[Candidate]:
    asked = [
        (friend.was_let_go, -sum(_points(friend, today, half_life_days)), -friend.liking, friend.id.int, friend)
        for friend in friends
        if may_be_suggested(friend, today)
    ]
    asked.sort(key=itemgetter(0, 1, 2, 3))
    return [friend for *_, friend in asked]


def _state(friend: Candidate, today: date, half_life_days: int) -> Warmth:
    return warmth_state(warmth(friend.last_contact, friend.known_until, today, half_life_days))


_UPWARDS = {Kind.MENTOR: Why.MENTOR, Kind.EXECUTIVE: Why.EXECUTIVE, Kind.MANAGER: Why.MANAGER}
_PLACES = (Role.EASY, Role.STRETCH, Role.ASLEEP)


def _suggested(friend: Candidate, role: Role, today: date, half_life_days: int) -> Suggestion:
    why = why_suggested(friend, today, half_life_days)
    if role is Role.STRETCH:
        why = _UPWARDS.get(friend.kind, Why.RESPECTED)
    parts = parts_of(friend, today, half_life_days)
    return Suggestion(friend.id, role, why, silence(friend.last_contact, friend.known_until, today), parts)


def why_suggested(friend: Candidate, today: date, half_life_days: int = HALF_LIFE_DAYS) -> Why:
    """The one reason that is true of a friend and says most.

    Not met since they worked together; else silent for a year or more; else about to fall asleep or fade within 90
    days; else no longer awake; else still warm. Unknown when neither a contact nor the end of the time together is
    known.
    """
    quiet_since = since(friend.last_contact, friend.known_until)
    if quiet_since is None:
        return Why.UNKNOWN_SILENCE
    if friend.last_contact is None and quiet_since < today:
        return Why.NEVER_MET_SINCE
    if whole_months(quiet_since, today) >= LONG_SILENCE_MONTHS:
        return Why.LONG_SILENCE
    if _falls_soon(friend, today, half_life_days):
        return Why.SLIPPING
    return Why.WARM if _state(friend, today, half_life_days) is Warmth.AWAKE else Why.GOING_QUIET
