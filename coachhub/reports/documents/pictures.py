"""The pictures of a document: the months of the habit, and the strength of the network, as points and marks."""

from collections.abc import Iterator, Sequence
from datetime import date

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.habits.rules import CycleResult, Month
from coachhub.habits.service.progress import MonthProgress
from coachhub.network.charts import axis_top, number_words
from coachhub.network.rules import Network, Strength, Warmth
from coachhub.network.wording import warmth_words
from coachhub.platform.language import month_words

A_YEAR = 12
MOST_IN_A_ROW = 24
_FULL = 2
"""From this level of the heat-map on a month is done."""

Mark = tuple[str, int, int]
"""How a month is drawn, its level 0..3, and how many meetups were held."""


def habit_picture(
    months: Sequence[MonthProgress], last: Month, count: int, *, has_table: bool = False
) -> dict[str, object]:
    """Strength and marks of the `count` months that end with `last`; those before the habit are empty.

    `has_table`: the months stand in a table as well, so that they need not be told twice to who listens.
    """
    known = {each.month: each for each in months}
    shown = [last.plus(-n) for n in range(count - 1, -1, -1)]
    of_shown = [known.get(month) for month in shown]
    strengths = [each.strength if each else None for each in of_shown]
    return {
        "points": [None if value is None else value / 100 for value in strengths],
        "ticks": [[share, number_words(share * 100)] for share in (0, 0.5, 1)],
        "last": number_words(next((value for value in reversed(strengths) if value is not None), 0)),
        "months": [_mark(each) for each in of_shown],
        "alt": _from_table(_("The habit by months")) if has_table else _in_words(shown, of_shown),
        **_calendar(shown),
        "years": list(_years(shown, known)) if count > MOST_IN_A_ROW else [],
    }


def network_picture(network: Network, count: int, *, has_table: bool = False) -> dict[str, object]:
    """The strength at the end of each of the last `count` months."""
    points = network.months[-count:]
    top = axis_top(point.value for point in points)
    begun = next((at for at, point in enumerate(points) if point.value > 0), 0)
    return {
        "points": [None if at < begun else point.value / top for at, point in enumerate(points)],
        "ticks": [[share, number_words(share * top)] for share in (0, 0.5, 1)],
        "last": number_words(points[-1].value),
        "alt": _from_table(_("Network strength by months")) if has_table else _strengths_in_words(points),
        **_calendar([Month.of(point.day) for point in points]),
    }


def key_of(pictures: Sequence[dict[str, object]]) -> list[list[object]]:
    """What the marks of these pictures mean, of those that occur."""
    occur = {mark for picture in pictures for mark in _marks(picture)}
    meanings: tuple[tuple[Mark, bool, str], ...] = (
        (("done", 2, 1), any(level >= _FULL for _kind, level, _held in occur), _("done, with the number of meetups")),
        (("done", 1, 1), any(level == 1 and held for _kind, level, held in occur), _("a part of the meetups")),
        (("done", 1, 0), any(level == 1 and not held for _kind, level, held in occur), _("moved to the next month")),
        (("missed", 0, 0), ("missed", 0, 0) in occur, _("no meetup")),
        (("bridged", 0, 0), ("bridged", 0, 0) in occur, _("no meetup, bridged")),
        (("paused", 0, 0), ("paused", 0, 0) in occur, _("paused")),
        (("current", 0, 0), ("current", 0, 0) in occur, _("still open")),
    )
    return [[*mark, str(words)] for mark, occurs, words in meanings if occurs]


def outcome_words(month: MonthProgress) -> str:
    """What a month came to. Asked for each of many months, so that one text is looked up and not all."""
    if not month.has_habit:
        return str(_("without a habit"))
    if month.result is CycleResult.DONE:
        return str(_("done"))
    if month.result is CycleResult.MISSED and month.held:
        return str(_("a part of the meetups"))
    if month.result is CycleResult.MISSED:
        return str(_("no meetup, bridged") if month.is_bridged else _("no meetup"))
    if month.result is CycleResult.PAUSED:
        return str(_("paused"))
    return str(_("moved to the next month") if month.result is CycleResult.CARRIED else _("still open"))


def warmth_states(network: Network) -> list[list[object]]:
    """The four states with how many friends are in each; none where there is nobody."""
    if not network.friends:
        return []
    return [[state.value, count, number_words(count), _low(state)] for state, count in network.by_warmth]


def warmth_alt(network: Network) -> str:
    """The states in a sentence."""
    return ", ".join(f"{number_words(count)} {_low(state)}" for state, count in network.by_warmth)


def _low(state: Warmth) -> str:
    return warmth_words(state).lower()


def _mark(month: MonthProgress | None) -> Mark:
    if month is None or not month.has_habit:
        return "none", 0, 0
    if month.is_bridged:
        return "bridged", month.level, month.held
    return month.result.value, month.level, month.held


def _marks(picture: dict[str, object]) -> Sequence[Mark]:
    return picture["months"]  # type: ignore[return-value]


def _from_table(what: str) -> str:
    return str(_("%(what)s, as in the table below.", what=what))


def _strengths_in_words(points: Sequence[Strength]) -> str:
    words = "; ".join(f"{month_words(point.day)}: {number_words(point.value)}" for point in points)
    return str(_("Network strength by months. %(months)s.", months=words))


def _in_words(shown: Sequence[Month], months: Sequence[MonthProgress | None]) -> str:
    words = [
        _("%(month)s: %(outcome)s, strength %(strength)s", **_said(month, each))
        for month, each in zip(shown, months, strict=True)
        if each is not None
    ]
    return str(_("The habit by months. %(months)s.", months="; ".join(words)))


def _said(month: Month, progress: MonthProgress) -> dict[str, object]:
    named = month_words(month.first_day())
    return {"month": named, "outcome": outcome_words(progress), "strength": progress.strength}


def _calendar(shown: Sequence[Month]) -> dict[str, object]:
    """The names below the months: letters and years for a row, years alone for more."""
    januaries = [at for at, month in enumerate(shown) if month.month == 1]
    if len(shown) > MOST_IN_A_ROW:
        spans = [[at, _year(shown[at])] for at in januaries]
        letters = [_letter(Month(shown[0].year, number).first_day()) for number in range(1, A_YEAR + 1)]
        return {"names": [], "spans": spans, "letters": letters}
    has_room = not any(0 < at <= (2 if len(shown) <= A_YEAR + 2 else 3) for at in januaries)
    named = {*januaries, *([0] if has_room else [])}
    names = [[_letter(month.first_day()), _year(month) if at in named else ""] for at, month in enumerate(shown)]
    return {"names": names, "spans": [], "letters": []}


def _years(shown: Sequence[Month], known: dict[Month, MonthProgress]) -> Iterator[list[object]]:
    """A row of twelve for each year; what lies outside of the months shown is empty."""
    inside = set(shown)
    for year in range(shown[0].year, shown[-1].year + 1):
        months = [Month(year, number) for number in range(1, A_YEAR + 1)]
        marks = [_mark(known.get(month) if month in inside else None) for month in months]
        yield [_year(months[0]), marks]


def _letter(day: date) -> str:
    return format_date(day, "LLLLL", locale=get_locale())


def _year(month: Month) -> str:
    return format_date(month.first_day(), "y", locale=get_locale())
