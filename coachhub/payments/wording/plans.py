"""What a practice's plan of the platform is called, and what it costs, in words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.payments.gateway import PriceState
from coachhub.payments.rules.plans import Stand, most_active_clients
from coachhub.payments.service.plans import PlanRow
from coachhub.platform.language import date_words, money_words


def stand_words(stand: Stand) -> str:
    """How the practice stands, in a word or three."""
    words: dict[Stand, str] = {
        Stand.FREE: _("Free"),
        Stand.TRIALING: _("Trying it"),
        Stand.ACTIVE: _("On the plan"),
        Stand.PAST_DUE: _("Card failed"),
        Stand.ENDED: _("Ended"),
        Stand.GRANTED: _("Given to you"),
    }
    return words[stand]


def tone_of(stand: Stand) -> str:
    """The colour of the word."""
    tones = {Stand.PAST_DUE: "off_track", Stand.ENDED: "at_risk", Stand.FREE: "plain"}
    return tones.get(stand, "active")


def facts_of(plan: PlanRow, stand: Stand, taken: int, price: PriceState | None) -> list[tuple[str, str]]:
    """Active clients against the limit, the price, and the next day that matters, as pairs of words."""
    limit = most_active_clients(stand)
    clients = str(taken) if limit is None else _("%(taken)s of %(limit)s", taken=taken, limit=limit)
    found = [(_("Active clients"), clients)]
    if price is not None and stand.is_running:
        found.append((_("Price"), price_words(price)))
    if plan.ends_at is not None and stand.is_running:
        found.append((_("Ends"), date_words(plan.ends_at)))
    elif stand in (Stand.TRIALING, Stand.ACTIVE) and plan.period_ends_at is not None:
        found.append((_("Next payment"), date_words(plan.period_ends_at)))
    return found


def price_words(price: PriceState) -> str:
    """`£29.00 a month`."""
    money = money_words(price.amount, price.currency)
    words: dict[str, str] = {
        "day": ngettext("%(money)s a day", "%(money)s each %(num)s days", price.every, money=money),
        "week": ngettext("%(money)s a week", "%(money)s each %(num)s weeks", price.every, money=money),
        "month": ngettext("%(money)s a month", "%(money)s each %(num)s months", price.every, money=money),
        "year": ngettext("%(money)s a year", "%(money)s each %(num)s years", price.every, money=money),
    }
    return words.get(price.interval, money)
