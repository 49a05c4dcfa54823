"""Whom the figures are about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachhub.habits.rules import Month
from coachhub.habits.service.histories import History, Whose, histories, month_of


@dataclass(frozen=True, slots=True)
class Begun:
    """When clients began: in a month, or without one in any of a year."""

    year: int
    month: int | None = None

    def has(self, beginning: Month) -> bool:
        """Whether a client who began in this month is meant."""
        return beginning.year == self.year and self.month in (None, beginning.month)

    def __str__(self) -> str:
        return f"{self.year:04d}" if self.month is None else f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, slots=True)
class Group:
    """Whom a figure is about; None asks for all. Who has not started is in none of them.

    Of a habit, only the months count that were given to it.
    """

    coach_id: UUID | None = None
    habit_id: UUID | None = None
    begun: Begun | None = None

    @property
    def whose(self) -> Whose:
        """Whose months are read: when they began is seen only in these."""
        return Whose(self.coach_id, self.habit_id)


@dataclass(frozen=True)
class Histories:
    """The months of a group; `beginnings` are those of everybody, however the group asks for them, newest first."""

    of_group: tuple[History, ...]
    beginnings: Mapping[Month, int]

    @property
    def client_ids(self) -> list[UUID]:
        """Who is in the group."""
        return [history.client_id for history in self.of_group]


def histories_of(group: Group, now: datetime) -> Histories:
    """All months of everybody in the group, those in the archive, too. One statement."""
    everybody = histories(group.whose, now)
    begun = group.begun
    wanted = (each for each in everybody if begun is None or begun.has(month_of(each.first)))
    return Histories(tuple(wanted), newest_first(month_of(each.first) for each in everybody))


def newest_first(beginnings: Iterable[Month]) -> dict[Month, int]:
    """How many began in each month."""
    return dict(sorted(Counter(beginnings).items(), reverse=True))
