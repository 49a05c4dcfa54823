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

    Now is the running month of each client, by their own clock. Months that are over count where they are done or
    missed: neither those that rested, nor those whose meetup was moved into the next one. `zone` says which months are
    meant; one that still runs where the client lives is not over.
    """
    found = histories_of(group, now)
    this = Month.local(now, zone)
    back = 0 if span is Span.NOW else int(span.value)

    def months_in(home: ZoneInfo) -> list[Month]:
        running = Month.local(now, home)
        months = (this.plus(-number) for number in range(back, 0, -1))
        return [month for month in months if month < running] if back else [running]

    over = range(number_of(this) - back, number_of(this))
    seen = [(history, lived) for history in found.of_group for lived in _seen(history, over)]
    clients = {history.client_id for history, _lived in seen}
    took = paces(found.client_ids, months_in, group.habit_id) if seen else (Pace(None, 0),) * 5
    return StepsSeen(funnel_of(lived.stage for _history, lived in seen), took, len(clients), found.beginnings)


def _seen(history: History, over: range) -> Iterator[Lived]:
    """The months that count; without any that are over, the running one unless it rests."""
    for number in over or (history.current,):
        lived = history.months.get(number)
        if lived is None or (over and number >= history.current):
            continue
        if lived.counts or lived.result is CycleResult.CURRENT:
            yield lived
