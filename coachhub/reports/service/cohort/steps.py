"""The funnel of the five steps: how far months come, where they stop, how long each step takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from coachhub.habits.rules import CycleResult, Funnel, Lived, Month, funnel_of
from coachhub.habits.service.histories import History, number_of
from coachhub.habits.service.paces import Pace, paces
from coachhub.reports.service.cohort.group import Group, histories_of


class Span(StrEnum):
    """Of which months the funnel is: the running one, or those that are over."""

    NOW = "now"
    THREE = "3"
    TWELVE = "12"


@dataclass(frozen=True)
class StepsSeen:
    """The funnel of so many clients, with the pace of each of its five steps."""

    funnel: Funnel
    paces: tuple[Pace, ...]
    clients: int
    beginnings: Mapping[Month, int]


def steps_seen(group: Group, span: Span, now: datetime, zone: ZoneInfo) -> StepsSeen:
    """How far the group's months came. Three statements.

    Months that are over count where they are done or missed: neither those that rested, nor those whose meetup was
    moved into the next one. `zone` says which months are meant; a client's own begins by their own clock.
    """
    found = histories_of(group, now)
    this = Month.local(now, zone)
    months = [this] if span is Span.NOW else [this.plus(-back) for back in range(int(span.value), 0, -1)]
    seen = [(history, lived) for history in found.of_group for lived in _seen(history, months)]
    clients = {history.client_id for history, _lived in seen}
    took = paces(clients, months, group.habit_id) if seen else (Pace(None, 0),) * 5
    return StepsSeen(funnel_of(lived.stage for _history, lived in seen), took, len(clients), found.beginnings)


def _seen(history: History, months: list[Month]) -> Iterator[Lived]:
    for month in months:
        lived = history.months.get(number_of(month))
        if lived is not None and (lived.counts or lived.result is CycleResult.CURRENT):
            yield lived
