"""What the report of some months says, in its reader's language; for a sponsor without any name.

A sponsor may well be the client's employer: so that form says nothing of employers and kinds of tie, either.
"""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.habits.rules import CycleResult, Month, MonthResult, streak
from coachhub.habits.service.progress import MonthProgress
from coachhub.habits.wording import hours_words
from coachhub.network.charts import number_words
from coachhub.platform.language import month_words
from coachhub.platform.local_time import local_day
from coachhub.reports.documents.facts import ProgressFacts
from coachhub.reports.documents.frame import day_words, frame, typed
from coachhub.reports.documents.meanings import meanings
from coachhub.reports.documents.month_table import has_table, month_table
from coachhub.reports.documents.network_words import network_part
from coachhub.reports.documents.pictures import A_YEAR, habit_picture, key_of, network_picture

_AN_HOUR = 60
_COUNTED = (CycleResult.DONE, CycleResult.MISSED)


def progress_words(facts: ProgressFacts) -> dict[str, object]:
    """All that the document says."""
    name, period = str(_("Progress report")), _period_words(facts)
    who = str(_("without names")) if facts.names_nobody else typed(facts.whose.client_name)
    sample = "".join((facts.whose.client_name, *(each.text for each in facts.done)))
    return {
        **frame(facts.whose, name, f"{name}, {who}, {period}", (who, period), sample),
        "head": {"kind": name, "title": period, "lines": _whom_and_when(facts)},
        "figures": _figures(facts),
        "habit": _habit(facts),
        "network": _network(facts),
        "coaching": _coaching(facts),
        "months": month_table(facts),
        "meaning": {"name": str(_("How to read this")), "all": meanings(facts)},
    }


def _period_words(facts: ProgressFacts) -> str:
    first, last = month_words(facts.first), month_words(facts.last_month)
    return first if first == last else str(_("%(first)s to %(last)s", first=first, last=last))


def _whom_and_when(facts: ProgressFacts) -> list[str]:
    coach = typed(facts.whose.coach_name)
    made = _("Made on %(day)s", day=day_words(local_day(facts.made_at, facts.whose.zone)))
    if facts.names_nobody:
        return [str(_("A client of %(coach)s", coach=coach)), str(made)]
    return [str(_("%(client)s with %(coach)s", client=typed(facts.whose.client_name), coach=coach)), str(made)]


def _figures(facts: ProgressFacts) -> list[list[str]]:
    """The large figures at the top; none of what there is nothing of yet."""
    period = facts.period
    done, counted = _done(period), _counted(period)
    shown = []
    if period:
        meetups, minutes = sum(each.held for each in period), sum(each.minutes for each in period)
        of = str(_("of %(n)s", n=number_words(counted))) if counted else ""
        shown = [
            [number_words(done), of, str(ngettext("month done", "months done", counted or done))],
            [number_words(meetups), "", str(ngettext("meetup", "meetups", meetups))],
            [hours_words(minutes), "", str(_("hours together"))],
        ]
    if facts.network is not None and facts.network.friends:
        shown.append([number_words(facts.network.strength), "", str(_("network strength"))])
    return shown


def _habit(facts: ProgressFacts) -> dict[str, object]:
    name, months = str(_("Habit")), facts.months
    if not months:
        return {"name": name, "words": str(_("The habit has not begun yet.")), "charts": [], "key": []}
    picture = habit_picture(months, Month.of(facts.last), _shown(facts), has_table=_is_in_table(facts))
    return {"name": name, "words": _habit_words(facts), "charts": [picture], "key": key_of([picture])}


def _habit_words(facts: ProgressFacts) -> str:
    row = streak([MonthResult(each.month, each.result) for each in facts.months])
    strength = _("Habit strength is %(strength)s of 100.", strength=facts.months[-1].strength)
    if not _counted(facts.period):
        return f"{_('No month of this time has counted yet.')} {strength}"
    months = ngettext(
        "%(done)s of %(num)s month that counted is done.",
        "%(done)s of %(num)s months that counted are done.",
        _counted(facts.period),
        done=number_words(_done(facts.period)),
    )
    in_a_row = ngettext("%(num)s month in a row.", "%(num)s months in a row.", row.length) if row.length > 1 else ""
    return " ".join(filter(None, (months, in_a_row, str(strength))))


def _network(facts: ProgressFacts) -> dict[str, object]:
    network = facts.network
    said = network_part(network, _change(facts), str(_("at the beginning")))
    if network is None or not network.friends:
        return said
    said["charts"] = [network_picture(network, _shown(facts), has_table=_is_in_table(facts))]
    if not facts.names_nobody and network.employers:
        said["words"] = f"{said['words']} {_spans(network.employers, len(network.by_kind))}"
    return said


def _spans(employers: int, kinds: int) -> str:
    companies = ngettext("%(num)s employer", "%(num)s employers", employers)
    ties = ngettext("%(num)s kind of tie", "%(num)s kinds of tie", kinds)
    return str(_("It spans %(employers)s and %(kinds)s.", employers=companies, kinds=ties))


def _change(facts: ProgressFacts) -> float | None:
    """What the period has changed in the strength; None where there was no network before it."""
    if facts.network is None:
        return None
    before = facts.network.months[-_length(facts) - 1].value
    return facts.network.strength - before if before else None


def _coaching(facts: ProgressFacts) -> dict[str, object]:
    rows = [[typed(each.text), typed(each.owner_name), _day_done(facts, each.done_at)] for each in facts.done]
    heads = [str(_("Done")), str(_("Who")), str(_("When"))]
    return {"name": str(_("Coaching")), "words": _coaching_words(facts), "heads": heads, "done": rows}


def _coaching_words(facts: ProgressFacts) -> str:
    sessions = ngettext("%(num)s session took place,", "%(num)s sessions took place,", facts.coached.sessions)
    hours = ngettext(
        "%(hours)s hour in all.",
        "%(hours)s hours in all.",
        1 if facts.coached.minutes == _AN_HOUR else 2,
        hours=hours_words(facts.coached.minutes),
    )
    held = f"{sessions} {hours}" if facts.coached.sessions else str(_("No session took place."))
    if not facts.agreed:
        return held
    actions = ngettext(
        "%(done)s of %(num)s action is done.",
        "%(done)s of %(num)s actions are done.",
        facts.agreed,
        done=facts.done_count,
    )
    return f"{held} {actions}"


def _day_done(facts: ProgressFacts, done_at: datetime | None) -> str:
    return day_words(local_day(done_at, facts.whose.zone)) if done_at else ""


def _done(months: Sequence[MonthProgress]) -> int:
    return sum(each.result is CycleResult.DONE for each in months)


def _counted(months: Sequence[MonthProgress]) -> int:
    return sum(each.result in _COUNTED for each in months)


def _length(facts: ProgressFacts) -> int:
    """How many months the period has, up to today."""
    return _months_between(facts.first, facts.last)


def _shown(facts: ProgressFacts) -> int:
    """A picture shows a year at least: a month by itself says little."""
    return max(_length(facts), A_YEAR)


def _is_in_table(facts: ProgressFacts) -> bool:
    """Whether the table has all the months that the pictures show."""
    return has_table(facts) and _length(facts) == _shown(facts)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * A_YEAR + last.month - first.month + 1
