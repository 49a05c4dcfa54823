"""Lines over months: adoption, and the strength of networks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from babel.dates import format_date
from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from coachhub.habits.rules import LOOKED_AT_AFTER, Month
from coachhub.network.charts import axis_top
from coachhub.platform.language import month_words
from coachhub.reports.figures.tables import Cell, Share, Table, number_words, share_words
from coachhub.reports.service.cohort.adoption import Adopted, AdoptionSeen
from coachhub.reports.service.cohort.networks import NetworksSeen, Replies, StrengthMonth

LEFT, RIGHT, TOP, BOTTOM = 34.0, 324.0, 16.0, 116.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line that is marked, with the words above it."""

    x: float
    y: float
    words: str


@dataclass(frozen=True)
class Line:
    """A line ready to be drawn: its path, marked points, the three labels of its axis, and labels below (x, text)."""

    path: str
    dots: tuple[Dot, ...]
    axis: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    words: str


def adoption_line(seen: AdoptionSeen) -> Line:
    """The share of clients with the habit, by months since they began; 3, 6 and 12 are marked."""
    known = [each for each in seen.after if each.share is not None]
    last = max((each.after for each in known), default=0)
    at = [_x(each.after - 1, max(last - 1, 1)) for each in known]
    points = [(x, _y(each.share or 0, 100)) for x, each in zip(at, known, strict=True)]
    marked = [(point, each) for point, each in zip(points, known, strict=True) if each.after in LOOKED_AT_AFTER]
    return Line(
        path=_path(points),
        dots=tuple(Dot(*point, share_words(each.share)) for point, each in marked),
        axis=tuple((_y(value, 100), share_words(value)) for value in (0, 50, 100)),
        labels=tuple((x, str(each.after)) for x, each in zip(at, known, strict=True) if _is_labelled(each, last)),
        words=adoption_words(seen.looked_at),
    )


def _is_labelled(each: Adopted, last: int) -> bool:
    return each.after in (1, *LOOKED_AT_AFTER, 18) or each.after == last > LOOKED_AT_AFTER[-1] + 1


def adoption_words(looked_at: Sequence[Adopted]) -> str:
    """The conclusion: the latest of the three of which anything is known."""
    known = [each for each in looked_at if each.clients]
    if not known:
        return str(_("Nobody began three months ago or earlier yet"))
    at = known[-1]
    text = ngettext(
        "%(share)s of %(n)s client had the habit after %(after)s months",
        "%(share)s of %(n)s clients had the habit after %(after)s months",
        at.clients,
        share=share_words(at.share),
        n=number_words(at.clients),
        after=at.after,
    )
    return str(text)


def adoption_table(seen: AdoptionSeen) -> Table:
    """By months since the beginning."""
    heads = (_("Months since the beginning"), _("Clients"), _("Over 50"), _("Share"))
    rows = [(str(each.after), each.clients, each.adopted, Share(each.share)) for each in seen.after]
    return Table(_("Adoption by months since the beginning"), heads, rows)


def network_line(seen: NetworksSeen) -> Line:
    """The typical network by month."""
    months = [(place, each.median) for place, each in enumerate(seen.strengths) if each.median is not None]
    top = axis_top(value for _place, value in months)
    dots = [Dot(_x(place, len(seen.strengths) - 1), _y(value, top), number_words(value)) for place, value in months]
    first, last = (month_words(seen.strengths[end].month.first_day()) for end in (0, -1))
    return Line(
        path=_path((dot.x, dot.y) for dot in dots),
        dots=tuple(dots[:1] + dots[1:][-1:]),
        axis=axis_of(top, _y),
        labels=((LEFT, first), (RIGHT, last)),
        words=_network_words(seen),
    )


def _network_words(seen: NetworksSeen) -> str:
    year = seen.year
    if not year.compared:
        return str(_("How strong a typical client’s network is"))
    return str(
        ngettext(
            "%(stronger)s of %(n)s client has a stronger network than a year ago",
            "%(stronger)s of %(n)s clients have a stronger network than a year ago",
            year.compared,
            stronger=number_words(year.stronger),
            n=number_words(year.compared),
        )
    )


def network_table(seen: NetworksSeen) -> Table:
    """Strength and messages month by month."""
    heads = (
        *(_("Month"), _("Clients"), _("Typical strength"), _("Mean strength")),
        *(_("Had a network a year before"), _("Stronger than then"), _("Stronger")),
        *(_("Friends written to"), _("Answered"), _("Met after that"), _("Reply rate")),
        _("Reconnect rate"),
    )
    rows = [_network_cells(*months) for months in zip(seen.strengths, seen.replies, strict=True)]
    return Table(_("Networks and messages by month"), heads, rows)


def _network_cells(at: StrengthMonth, of: Replies) -> tuple[Cell, ...]:
    counts = (of.written, of.answered, of.met_again)
    year = (at.compared, at.stronger, Share(at.stronger_share))
    return at.month, at.clients, at.median, at.mean, *year, *counts, Share(of.reply_rate), Share(of.reconnect_rate)


def cohort_table(seen: AdoptionSeen) -> Table:
    """Adoption by the quarter in which clients began."""
    afters = [_("After %(n)s months", n=after) for after in LOOKED_AT_AFTER]
    rows: list[tuple[Cell, ...]] = [
        (_quarter_words(each.quarter), each.clients, *(Share(adopted.share) for adopted in each.adopted))
        for each in seen.cohorts
    ]
    return Table(_("Adoption by the quarter in which clients began"), (_("Began"), _("Clients"), *afters), rows)


def _quarter_words(quarter: Month) -> str:
    return format_date(quarter.first_day(), "QQQ y", locale=get_locale())


def axis_of(top: float, place: Callable[[float, float], float]) -> tuple[tuple[float, str], ...]:
    """The three lines of an axis from 0 to its top, each with what stands beside it."""
    return tuple((place(value, top), format_decimal(value, locale=get_locale())) for value in (0, top / 2, top))


def _x(place: int, last: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * place / last, 1)


def _y(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "".join(f"{'L' if place else 'M'}{x:g} {y:g}" for place, (x, y) in enumerate(points))
