"""What the figures of a report mean, printed in it: nobody should have to ask."""

from flask_babel import gettext as _

from coachhub.network.rules import AWAKE_FROM, DROWSY_FROM, HIBERNATING_FROM, days_within
from coachhub.reports.documents.facts import ProgressFacts


def meanings(facts: ProgressFacts) -> list[list[str]]:
    """Words and what they mean; only of what the report shows."""
    shown = []
    if facts.months:
        shown += [_done(), _strength()]
    if any(each.is_bridged for each in facts.months):
        shown.append(_bridged())
    if facts.network is not None and facts.network.friends:
        shown += [_network(facts.whose.half_life_days), _warmth(facts.whose.half_life_days)]
    if facts.names_nobody:
        shown.append(_nobody())
    return [[str(word), str(meaning)] for word, meaning in shown]


def _done() -> tuple[str, str]:
    return _("A month is done"), _(
        "with as many meetups as the habit asks for, usually one. A paused month and one whose meetup was moved into "
        "the next count neither as done nor as missed."
    )


def _strength() -> tuple[str, str]:
    return _("Habit strength"), _(
        "runs from 0 to 100. A month that is done adds a quarter of what is missing, a missed one takes a quarter "
        "away: it bends, and it recovers."
    )


def _bridged() -> tuple[str, str]:
    return _("A bridged month"), _("is one missed month in any six: the row of months goes on over it.")


def _network(half_life_days: int) -> tuple[str, str]:
    return _("Network strength"), _(
        "is a sum over all friends: how warm the friendship is, from 0 to 1, times how much their company is liked, in "
        "fifths. Warmth falls by half in %(days)s days without contact.",
        days=half_life_days,
    )


def _warmth(half_life_days: int) -> tuple[str, str]:
    bounds = (AWAKE_FROM, DROWSY_FROM, HIBERNATING_FROM)
    awake, drowsy, asleep = (days_within(bound, half_life_days) for bound in bounds)
    return _("A friendship"), _(
        "is awake up to %(awake)s days after the last contact, drowsy up to %(drowsy)s, hibernating up to %(asleep)s, "
        "and fading after that. Each of them can be woken.",
        awake=awake,
        drowsy=drowsy,
        asleep=asleep,
    )


def _nobody() -> tuple[str, str]:
    return _("Without names:"), _(
        "this form names neither the client nor anybody in the network, and holds no notes of any conversation."
    )
