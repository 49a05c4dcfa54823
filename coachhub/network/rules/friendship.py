"""Warmth: what time does to a friendship, and what a network of them comes to."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from math import floor, log2

HALF_LIFE_DAYS = 270
AWAKE_FROM, DROWSY_FROM, HIBERNATING_FROM = 0.63, 0.40, 0.10
UNKNOWN_WARMTH = 0.25  # two half-lives: well inside hibernating
MOST_LIKED = 5


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


def warmth(
    last_contact: date | None, known_until: date | None, today: date, half_life_days: int = HALF_LIFE_DAYS
) -> float:
    """2^(-d/H) with d the days since the last real contact, at most 1; unknown counts as hibernating.

    Never met since added: counted from the end of the time they worked together. A contact noted before that
    end does not make the friendship colder than the end does.
    """
    quiet_since = since(last_contact, known_until)
    if quiet_since is None:
        return UNKNOWN_WARMTH
    return warmth_after((today - quiet_since).days, half_life_days)


@lru_cache(maxsize=50_000)
def warmth_after(days: int, half_life_days: int = HALF_LIFE_DAYS) -> float:
    """2^(-d/H) after so many days of silence; 1 where the last contact is today or still to come."""
    return float(2 ** (-max(0, days) / half_life_days))


def since(last_contact: date | None, known_until: date | None) -> date | None:
    """The local day from which the silence counts: the later of both; None when nobody knows."""
    if last_contact is None or known_until is None:
        return last_contact or known_until
    return max(last_contact, known_until)


def warmth_state(value: float) -> Warmth:
    """Awake from 0.63 (about half a year), drowsy from 0.40 (a year), hibernating from 0.10, below that
    fading.
    """
    if value >= AWAKE_FROM:
        return Warmth.AWAKE
    if value >= DROWSY_FROM:
        return Warmth.DROWSY
    return Warmth.HIBERNATING if value >= HIBERNATING_FROM else Warmth.FADING


_LOSSES = ((Warmth.HIBERNATING, DROWSY_FROM), (Warmth.FADING, HIBERNATING_FROM))


@dataclass(frozen=True, slots=True)
class Fall:
    """The first local day on which a friendship that stays silent stands in a colder state."""

    state: Warmth
    on: date


@lru_cache(maxsize=100)
def days_within(bound: float, half_life_days: int = HALF_LIFE_DAYS) -> int:
    """The whole days of silence after which warmth still reaches a bound: 2^(-d/H) >= b for d <= H x -log2(b)."""
    return floor(half_life_days * -log2(bound))


def lost_next(quiet_since: date | None, today: date, half_life_days: int = HALF_LIFE_DAYS) -> Fall | None:
    """The next fall into hibernating or fading after a day; None where none is left, or nobody knows.

    It is the day after the last one on which the warmth still reaches the bound.
    """
    if quiet_since is None:
        return None
    silent = (today - quiet_since).days
    for state, bound in _LOSSES:
        first_below = days_within(bound, half_life_days) + 1
        if silent < first_below:
            return Fall(state, quiet_since + timedelta(days=first_below))
    return None


def silence(last_contact: date | None, known_until: date | None, today: date) -> Silence | None:
    """How long there was no contact, rounded down; None when nobody knows. A date still to come is today.

    Days up to two weeks, weeks up to two months, months up to two years, then years.
    """
    quiet_since = since(last_contact, known_until)
    if quiet_since is None:
        return None
    days = max(0, (today - quiet_since).days)
    months = whole_months(quiet_since, today)
    if days < 14:
        return Silence(SilenceUnit.DAYS, days)
    if months < 2:
        return Silence(SilenceUnit.WEEKS, days // 7)
    if months < 24:
        return Silence(SilenceUnit.MONTHS, months)
    return Silence(SilenceUnit.YEARS, months // 12)


def whole_months(since: date, today: date) -> int:
    """How many whole calendar months lie between two days."""
    return (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day)
