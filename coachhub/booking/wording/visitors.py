"""What visitors read of an offering, of its rule, and of what has become of their booking."""

from typing import Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from coachhub.booking.models import PlaceKind
from coachhub.platform.language import money_words

_HOUR, _DAY = 60, 24 * 60
_ALL = 100


class Rule(Protocol):
    """Until when something is moved and cancelled; `price` in the minor unit of `currency`, 0 is free."""

    @property
    def price(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def free_until_minutes(self) -> int: ...
    @property
    def late_percent(self) -> int: ...
    @property
    def move_until_minutes(self) -> int: ...


def span_words(minutes: int) -> str:
    """A span as people say it: `30 minutes`, `24 hours`, `3 days`."""
    if minutes >= 2 * _DAY and minutes % _DAY == 0:
        return str(ngettext("%(num)s day", "%(num)s days", minutes // _DAY))
    if minutes >= 2 * _HOUR and minutes % _HOUR == 0:
        return str(ngettext("%(num)s hour", "%(num)s hours", minutes // _HOUR))
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))


def price_words(price: int, currency: str) -> str:
    """What something costs: `Free`, or the amount."""
    return money_words(price, currency) if price else str(_("Free"))


def sessions_words(sessions: int) -> str:
    """`5 sessions`."""
    return str(ngettext("%(num)s session", "%(num)s sessions", sessions))


def place_words(kind: PlaceKind, place: str) -> str:
    """Where it takes place, as anybody may read it: links and numbers are for those who have booked."""
    words: dict[PlaceKind, str] = {
        PlaceKind.VIDEO: _("By video; you get the link when you have booked"),
        PlaceKind.PHONE: _("By phone"),
        PlaceKind.ADDRESS: place or _("In person; you get the address when you have booked"),
        PlaceKind.CLIENT: _("By phone, or where you like"),
    }
    return words[kind]


def rule_words(rule: Rule) -> str:
    """The rule in one short paragraph: what comes back until when, and until when it can be moved."""
    return f"{_cancelling(rule)} {_moving(rule)}" if rule.price else _free(rule)


def _cancelling(rule: Rule) -> str:
    if rule.late_percent == _ALL:
        return str(_("Cancel at any time before it begins and everything comes back."))
    later = _later(rule)
    if not rule.free_until_minutes:
        return str(_("Cancel at any time before it begins and everything comes back; afterwards nothing does."))
    span = span_words(rule.free_until_minutes)
    return str(_("Cancel until %(span)s before it begins and everything comes back; later %(part)s.", span=span, part=later))


def _later(rule: Rule) -> str:
    if rule.late_percent == 0:
        return str(_("nothing does"))
    amount = money_words(rule.price * rule.late_percent // _ALL, rule.currency)
    return str(_("%(amount)s of it does", amount=amount))


def _moving(rule: Rule) -> str:
    if not rule.move_until_minutes:
        return str(_("You can move it until it begins."))
    return str(_("You can move it until %(span)s before.", span=span_words(rule.move_until_minutes)))


def _free(rule: Rule) -> str:
    if not rule.move_until_minutes:
        return str(_("Should anything come up, move it or cancel it at any time before it begins."))
    span = span_words(rule.move_until_minutes)
    return str(_("Should anything come up, move it until %(span)s before, or cancel it.", span=span))


def refund_words(percent: int, price: int, currency: str) -> str:
    """What comes back when it is cancelled now."""
    if percent == _ALL:
        return str(_("Everything you paid comes back: %(amount)s.", amount=money_words(price, currency)))
    if percent == 0:
        return str(_("By the rule nothing of what you paid comes back any more."))
    amount, all_of_it = money_words(price * percent // _ALL, currency), money_words(price, currency)
    return str(_("By the rule %(amount)s of the %(all)s that you paid come back.", amount=amount, all=all_of_it))
