"""Adoption: how many have the habit some months after they began."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from coachhub.habits.rules import LOOKED_AT_AFTER, Month, has_adopted
from coachhub.habits.service.histories import History, month_of
from coachhub.reports.rules import share_of
from coachhub.reports.service.cohort.group import Group, histories_of

MONTHS_SHOWN = 24
A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Adopted:
    """Of so many clients who began at least `after` months ago, how many had a strength over 50 then."""

    after: int
    clients: int
    adopted: int

    @property
    def share(self) -> int | None:
        """The same in percent; None without clients."""
        return share_of(self.adopted, self.clients)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who began in the same quarter (its first month): how many, and how many had the habit after a while."""

    quarter: Month
    clients: int
    adopted: tuple[Adopted, ...]


@dataclass(frozen=True)
class AdoptionSeen:
    """Adoption after each month up to the 24th of which anything is known, and by quarter of the beginning."""

    after: tuple[Adopted, ...]
    cohorts: tuple[Cohort, ...]
    beginnings: Mapping[Month, int]

    @property
    def looked_at(self) -> tuple[Adopted, ...]:
        """After 3, 6 and 12 months."""
        return tuple(each for each in self.after if each.after in LOOKED_AT_AFTER)


def adoption_seen(group: Group, now: datetime) -> AdoptionSeen:
    """The adoption of a group, those in the archive, too: who gave up belongs to the answer. One statement."""
    found = histories_of(group, now)
    quarters: dict[int, list[History]] = {}
    for history in found.of_group:
        quarters.setdefault(history.first // A_QUARTER, []).append(history)
    return AdoptionSeen(
        after=_by_month(found.of_group),
        cohorts=tuple(_cohort(quarter, quarters[quarter]) for quarter in sorted(quarters, reverse=True)),
        beginnings=found.beginnings,
    )


def _by_month(group: Sequence[History]) -> tuple[Adopted, ...]:
    shown = (adopted_after(group, after) for after in range(1, MONTHS_SHOWN + 1))
    return tuple(each for each in shown if each.clients or each.after in LOOKED_AT_AFTER)


def _cohort(quarter: int, members: Sequence[History]) -> Cohort:
    looked_at = tuple(adopted_after(members, after) for after in LOOKED_AT_AFTER)
    return Cohort(month_of(quarter * A_QUARTER), len(members), looked_at)


def adopted_after(group: Iterable[History], after: int) -> Adopted:
    """How many of those whose month number `after` is over had the habit at its end; the first month is number 1."""
    at = [history.strengths()[after - 1] for history in group if history.current - history.first >= after]
    return Adopted(after, len(at), sum(map(has_adopted, at)))
