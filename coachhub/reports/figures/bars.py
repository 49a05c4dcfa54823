"""Bars: the funnel of the five steps, and the hours of each month."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from coachhub.habits.rules import STEPS
from coachhub.habits.service.paces import Pace
from coachhub.habits.wording import stage_words
from coachhub.network.charts import axis_top
from coachhub.platform.language import month_words
from coachhub.reports.figures.lines import axis_of
from coachhub.reports.figures.tables import Share, Table, number_words, share_words
from coachhub.reports.rules import share_of
from coachhub.reports.service.cohort.hours import HoursMonth, HoursSeen
from coachhub.reports.service.cohort.steps import Span, StepsSeen

WIDE = 190.0
"""A funnel's whole width; a column's height is that of the lines."""
_TOP, _BOTTOM = 16.0, 116.0
_AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the funnel: how wide it is, how wide the one before was, and what stands beside it."""

    label: str
    width: float
    before: float
    words: str
    is_narrowest: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A month of hours: where its middle and its top are, where what was asked is, its name and words."""

    x: float
    top: float
    height: float
    asked: float | None
    label: str
    words: str


@dataclass(frozen=True)
class Columns:
    """The months, the three labels of the axis, and the conclusion."""

    columns: tuple[Column, ...]
    axis: tuple[tuple[float, str], ...]
    words: str


def funnel_bars(seen: StepsSeen) -> list[Bar]:
    """The five steps, each as wide as its share of all months."""
    funnel = seen.funnel
    before, bars = WIDE if funnel.months else 0.0, []
    for step, reached in zip(STEPS, funnel.reached, strict=True):
        width = round(WIDE * reached / funnel.months, 1) if funnel.months else 0.0
        words = f"{number_words(reached)} · {share_words(share_of(reached, funnel.months))}"
        bars.append(Bar(stage_words(step), width, before, words, step is funnel.narrowest))
        before = width
    return bars


def funnel_words(seen: StepsSeen, span: Span) -> str:
    """Where most months stop, or that none does."""
    funnel = seen.funnel
    if not funnel.months:
        return str(_("No month has counted yet"))
    if funnel.narrowest is None:
        return str(_("Every month went the whole way"))
    step, lost = stage_words(funnel.narrowest).lower(), max(funnel.stopped)
    if span is Span.NOW:
        words = ngettext(
            "Most wait before “%(step)s” now: %(n)s client",
            "Most wait before “%(step)s” now: %(n)s clients",
            lost,
            step=step,
            n=number_words(lost),
        )
        return str(words)
    text = ngettext(
        "Most that stop, stop before “%(step)s”: %(lost)s of %(n)s month",
        "Most that stop, stop before “%(step)s”: %(lost)s of %(n)s months",
        funnel.months,
        step=step,
        lost=number_words(lost),
        n=number_words(funnel.months),
    )
    return str(text)


def funnel_table(seen: StepsSeen) -> Table:
    """The five steps with what stopped before them and how long they took."""
    heads = (_("Step"), _("Reached"), _("Share"), _("Stopped before it"), _("Days since the step before"))
    funnel = seen.funnel
    rows = [
        (stage_words(step), reached, Share(share_of(reached, funnel.months)), stopped, pace.days)
        for step, reached, stopped, pace in zip(STEPS, funnel.reached, funnel.stopped, seen.paces, strict=True)
    ]
    return Table(_("How far months came"), heads, rows)


def slowest_words(paces: Sequence[Pace]) -> tuple[str, str]:
    """The slowest step and how long it takes; empty where no step is known."""
    known = [(pace.days, step) for pace, step in zip(paces, STEPS, strict=True) if pace.days is not None]
    if not known:
        return "", ""
    days, step = max(known, key=lambda each: each[0])
    shown = round(days, 1)
    many = int(shown) if shown.is_integer() else 2  # as it is written: 1.04 is one day, half a day is 0.5 days
    text = ngettext("%(n)s day since the step before", "%(n)s days since the step before", many, n=number_words(shown))
    return stage_words(step), str(text)


def hour_columns(seen: HoursSeen) -> Columns:
    """The hours of each month, with a mark at what was asked."""
    top = axis_top(max(each.minutes, each.asked) / _AN_HOUR for each in seen.months)
    return Columns(
        columns=tuple(_column(place, each, top) for place, each in enumerate(seen.months)),
        axis=axis_of(top, _y),
        words=hours_words(seen),
    )


def _column(place: int, each: HoursMonth, top: float) -> Column:
    hours, asked = each.minutes / _AN_HOUR, each.asked / _AN_HOUR
    assert each.month is not None  # noqa: S101 (only the sum of months has none)
    name = month_words(each.month.first_day())
    return Column(
        x=round(48 + place * 24.4, 1),
        top=_y(hours, top),
        height=round(_BOTTOM - _y(hours, top), 1),
        asked=_y(asked, top) if asked else None,
        label=format_date(each.month.first_day(), "LLL", locale=get_locale())[:3],
        words=_(
            "%(month)s: %(hours)s of %(asked)s hours", month=name, hours=number_words(hours), asked=number_words(asked)
        ),
    )


def hours_words(seen: HoursSeen) -> str:
    """What the twelve months came to."""
    total = seen.total
    return str(
        ngettext(
            "%(hours)s hours in %(n)s meetup; %(asked)s were asked",
            "%(hours)s hours in %(n)s meetups; %(asked)s were asked",
            total.meetups,
            hours=number_words(total.minutes / _AN_HOUR),
            n=number_words(total.meetups),
            asked=number_words(total.asked / _AN_HOUR),
        )
    )


def hours_table(seen: HoursSeen) -> Table:
    """Month by month, in hours; a client's month in minutes."""
    heads = (
        *(_("Month"), _("Clients"), _("Meetups"), _("Hours"), _("Hours asked"), _("Share")),
        _("Minutes of a client"),
    )
    rows = [
        (
            *(each.month, each.clients, each.meetups, each.minutes / _AN_HOUR, each.asked / _AN_HOUR),
            *(Share(each.share), each.of_client),
        )
        for each in seen.months
    ]
    return Table(_("Hours by month"), heads, rows)


def _y(value: float, top: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * value / top, 1)
