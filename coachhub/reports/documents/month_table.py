"""Month by month: what each came to, in figures."""

from collections.abc import Mapping
from functools import lru_cache

from babel.numbers import format_decimal
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.habits.rules import CycleResult, Month
from coachhub.habits.service.progress import MonthProgress
from coachhub.network.charts import number_words
from coachhub.platform.language import month_words
from coachhub.reports.documents.facts import ProgressFacts
from coachhub.reports.documents.pictures import outcome_words

_LEAST = 2


def has_table(facts: ProgressFacts) -> bool:
    """Whether there is one: of a single month the figures at the top say all."""
    return len(facts.period) >= _LEAST


def month_table(facts: ProgressFacts) -> dict[str, object]:
    """A row a month of the period, and one for all; `strong` are the places at which a year begins."""
    period = facts.period
    if not has_table(facts):
        return {"name": "", "heads": [], "rows": [], "sum": [], "strong": []}
    network = _strengths(facts)
    heads = (_("Month"), _("What came of it"), _("Meetups"), _("Hours"), _("Habit"), _("Network"))
    return {
        "name": str(_("Month by month")),
        "heads": [str(head) for head in heads],
        "rows": [_row(each, network.get(each.month, "")) for each in period],
        "sum": _sum(facts, network.get(period[-1].month, "")),
        "strong": [at for at, each in enumerate(period) if at and each.month.month == 1],
    }


def _strengths(facts: ProgressFacts) -> Mapping[Month, str]:
    """The network's strength at the end of each month."""
    if facts.network is None or not facts.network.friends:
        return {}
    return {Month.of(each.day): _tenths(each.value) for each in facts.network.months}


def _row(month: MonthProgress, network: str) -> list[str]:
    figures = (number_words(month.held), _tenths(month.minutes / 60), number_words(month.strength))
    return [month_words(month.month.first_day()), outcome_words(month), *figures, network]


def _sum(facts: ProgressFacts, network: str) -> list[str]:
    period = facts.period
    counted = sum(each.result in (CycleResult.DONE, CycleResult.MISSED) for each in period)
    done = sum(each.result is CycleResult.DONE for each in period)
    return [
        str(_("In all")),
        str(_("%(done)s of %(counted)s done", done=done, counted=counted)) if counted else "",
        number_words(sum(each.held for each in period)),
        _tenths(sum(each.minutes for each in period) / 60),
        number_words(period[-1].strength),
        network,
    ]


def _tenths(value: float) -> str:
    """With one decimal, so that figures below one another line up."""
    return _written(value, str(get_locale() or "en"))


@lru_cache(maxsize=4096)
def _written(value: float, locale: str) -> str:
    return format_decimal(value, "0.0", locale=locale)
