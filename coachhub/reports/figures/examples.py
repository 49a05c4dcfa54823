"""Made-up figures for pages where nobody has begun yet: what will be seen there."""

from coachhub.habits.rules import Funnel, Month
from coachhub.habits.service.paces import Pace
from coachhub.reports.service.cohort.adoption import Adopted, AdoptionSeen
from coachhub.reports.service.cohort.hours import HoursMonth, HoursSeen
from coachhub.reports.service.cohort.networks import NetworksSeen, Replies, StrengthMonth
from coachhub.reports.service.cohort.steps import StepsSeen

_REACHED = (38, 35, 29, 24, 22)
_ADOPTED = (0, 1, 8, 10, 11, 12, 13, 13, 14, 14, 14, 15)
_STRENGTHS = (3.1, 3.2, 3.1, 3.5, 3.8, 3.9, 4.4, 4.3, 4.8, 5.2, 5.3, 5.9)
_MINUTES = (900, 1080, 960, 1200, 840, 1260, 1380, 1140, 1320, 1440, 1500, 600)
_ASKED = 1500
_CLIENTS, _MONTHS = 20, 42


def steps() -> StepsSeen:
    """A funnel that loses most before the message."""
    return StepsSeen(Funnel(_MONTHS, _REACHED), (Pace(None, 0),) * 5, _CLIENTS, {})


def adoption() -> AdoptionSeen:
    """A year in which fifteen of twenty come to have the habit."""
    return AdoptionSeen(tuple(Adopted(n, _CLIENTS, adopted) for n, adopted in enumerate(_ADOPTED, 1)), (), {})


def networks(until: Month) -> NetworksSeen:
    """A year of networks that grow."""
    months = [until.plus(n - len(_STRENGTHS) + 1) for n in range(len(_STRENGTHS))]
    compared = _CLIENTS, _CLIENTS * 4 // 5
    strengths = [
        StrengthMonth(month, _CLIENTS, at, at, *compared) for month, at in zip(months, _STRENGTHS, strict=True)
    ]
    return NetworksSeen(tuple(strengths), (), Replies(None, 0, 0, 0), {})


def hours(until: Month) -> HoursSeen:
    """A year of hours."""
    months = [until.plus(n - len(_MINUTES) + 1) for n in range(len(_MINUTES))]
    each = tuple(HoursMonth(month, 25, at // 60, at, _ASKED) for month, at in zip(months, _MINUTES, strict=True))
    return HoursSeen(each, HoursMonth(None, 300, sum(_MINUTES) // 60, sum(_MINUTES), 12 * _ASKED), {})
