"""The months of one client as a table: what stands behind the charts of their page."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from coachhub.habits.rules import Month
from coachhub.habits.service.progress import MonthProgress
from coachhub.network.rules import Network
from coachhub.reports.documents.pictures import outcome_words
from coachhub.reports.figures.tables import Cell, Table


def months_table(name: str, months: Sequence[MonthProgress], network: Network | None) -> Table:
    """A row for each month in which they had the habit, or there was anybody in their network, oldest first."""
    heads = (_("Month"), _("What came of it"), _("Meetups"), _("Minutes"), _("Habit strength"), _("Network strength"))
    of_habit, strengths = {each.month: each for each in months}, _strengths(network)
    rows = [_row(month, of_habit.get(month), strengths.get(month)) for month in sorted({*of_habit, *strengths})]
    return Table(name, heads, rows)


def _strengths(network: Network | None) -> Mapping[Month, float]:
    """The network's strength at the end of each month, without those before there was one."""
    return {Month.of(each.day): each.value for each in (network.months if network else ()) if each.value}


def _row(month: Month, of_habit: MonthProgress | None, strength: float | None) -> tuple[Cell, ...]:
    if of_habit is None:
        return month, None, None, None, None, strength
    return month, outcome_words(of_habit), of_habit.held, of_habit.minutes, of_habit.strength, strength
