"""The strength of a network month by month, recomputed from facts: no guess of an earlier day is kept.

Strength is the sum of warmth x liking / 5 over friends, on any day with the facts of that day alone: what was written
down later about an earlier day counts from that earlier day on, what happened later does not. Diverse and moderately
weak ties move careers (Rajkumar et al. 2022), so it is shown beside how many employers and kinds of tie it spans.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from coachhub.network.rules.friendship import (
    HALF_LIFE_DAYS,
    MOST_LIKED,
    UNKNOWN_WARMTH,
    Kind,
    Warmth,
    warmth_after,
    warmth_state,
)

MONTHS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one friend, without a name. Days are the client's local ones.

    `employer` stands for the company, None where it is not known; `contacts` are the days of real contacts and of
    meetups held, in order.
    """

    liking: int
    kind: Kind
    employer: int | None
    known_from: date | None
    known_until: date | None
    added_on: date
    contacts: tuple[date, ...] = ()

    def first_known(self) -> date:
        """The first day of which anything is known, at the latest when they were added: they count from it on."""
        days = (self.known_from, self.known_until, *self.contacts[:1], self.added_on)
        return min(day for day in days if day is not None)


@dataclass(frozen=True, slots=True)
class Strength:
    """The strength on a day; the day is the last of its month, or today."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class Network:
    """How a network stands on a day: strength by month, friends by state, employers and kinds of tie."""

    friends: int
    months: tuple[Strength, ...]
    by_warmth: tuple[tuple[Warmth, int], ...]
    employers: int
    by_kind: tuple[tuple[Kind, int], ...]

    @property
    def strength(self) -> float:
        """The strength today."""
        return self.months[-1].value

    @property
    def change(self) -> float:
        """What the last twelve months have changed."""
        return self.strength - self.months[-13].value if len(self.months) > 12 else 0.0


def network_on(
    friends: Sequence[Facts], today: date, half_life_days: int = HALF_LIFE_DAYS, months: int = MONTHS_SHOWN
) -> Network:
    """How the network stands today, and how strong it was at the end of each of the last months, this one counted.

    `today` may be an earlier day: then it is as it was, without those of whom nothing was known yet.
    """
    days = ends_of_months(today, months)
    friends = [friend for friend in friends if friend.first_known() <= today]
    states = [warmth_state(warmth_on(friend, today, half_life_days) or 0.0) for friend in friends]
    kinds = [friend.kind for friend in friends]
    return Network(
        friends=len(friends),
        months=tuple(map(Strength, days, strengths(friends, days, half_life_days))),
        by_warmth=tuple((state, states.count(state)) for state in Warmth),
        employers=len({friend.employer for friend in friends if friend.employer is not None}),
        by_kind=tuple((kind, kinds.count(kind)) for kind in Kind if kind in kinds),
    )


def strengths(friends: Iterable[Facts], days: Sequence[date], half_life_days: int = HALF_LIFE_DAYS) -> list[float]:
    """On each of the days, the sum of warmth x liking / 5 over the friends known then, with the facts of that day.

    The days are in order, so each friend is walked through once.
    """
    sums, numbers = [0.0] * len(days), [day.toordinal() for day in days]
    for friend in friends:
        share = friend.liking / MOST_LIKED
        for at, value in _walked(friend, numbers, half_life_days):
            sums[at] += value * share
    return sums


def _walked(friend: Facts, numbers: Sequence[int], half_life_days: int) -> Iterator[tuple[int, float]]:
    """The warmth at each day (as an ordinal, by place) from the first on which anything is known of the friend."""
    contacts = [day.toordinal() for day in friend.contacts]
    first, quiet_since = friend.first_known().toordinal(), friend.known_until.toordinal() if friend.known_until else 0
    passed = 0
    for at in range(bisect_left(numbers, first), len(numbers)):
        number = numbers[at]
        while passed < len(contacts) and contacts[passed] <= number:
            quiet_since, passed = max(quiet_since, contacts[passed]), passed + 1
        yield at, warmth_after(number - quiet_since, half_life_days) if quiet_since else UNKNOWN_WARMTH


def warmth_on(friend: Facts, day: date, half_life_days: int = HALF_LIFE_DAYS) -> float | None:
    """The warmth on a day by what had happened by then; None before anything is known of the friend.

    Of contacts, the last until that day counts. Until the end of the time together they met at work, so the
    friendship was awake.
    """
    return next((value for _, value in _walked(friend, [day.toordinal()], half_life_days)), None)


def ends_of_months(today: date, count: int = MONTHS_SHOWN) -> list[date]:
    """The last day of each of the months before, oldest first, and today for the running one."""
    days, first = [today], today.replace(day=1)
    while len(days) < count:
        days.append(first - timedelta(days=1))
        first = days[-1].replace(day=1)
    return days[::-1]
