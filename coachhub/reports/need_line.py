"""Somebody who needs the coach as one line of Today, which is written once: most stand there for some days."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from coachhub.platform.written_once import WrittenOnce
from coachhub.reports.rules import Need, Standing
from coachhub.reports.service.today import Needy
from coachhub.reports.wording import need_words, standing_words


@dataclass(frozen=True, slots=True)
class Doing:
    """A thing to do: where it is done, its words, and its words with the client's name."""

    url: str
    words: str
    label: str


@dataclass(frozen=True, slots=True)
class NeedLine:
    """What stands in a row. `mark`: the key and the words of a second chip; `booster`: a second thing to do.

    `is_invited`: the thing to do is a button that sends the invitation, of the form that the page has for all of them.
    """

    id: str
    url: str
    name: str
    initials: str
    why: str
    standing: str
    standing_words: str
    mark: tuple[str, str] | None
    doing: Doing
    booster: Doing | None
    is_invited: bool


def need_line(one: Needy, reader_zone: str, _this_year: int, back: str) -> NeedLine:
    """The line of a client; `back` is the address to which a nudge leads back. Days have no year if it is this one."""
    need = Need(one.need)
    is_late = need in (Need.OFF_TRACK, Need.AT_RISK)
    booster = _booster(one) if one.is_booster_due and is_late else None
    why = need_words(one, reader_zone)
    return NeedLine(
        id=one.id,
        url=_page_of(one),
        name=one.name,
        initials=initials_of(one.name),
        why=f"{why} {_('A booster session may help.')}" if booster else why,
        standing=one.standing,
        standing_words=standing_words(Standing(one.standing)),
        mark=_mark(one, need),
        doing=_nudge(one, back) if is_late else _thing_to_do(one, need),
        booster=booster,
        is_invited=need is Need.NOT_STARTED,
    )


NEED_LINES = WrittenOnce("reports/today_parts.html", "needy", need_line, most=4096)
"""As rows of Today; each is about a kilobyte."""


def _page_of(one: Needy) -> str:
    return url_for("reports.client", client_id=one.id)


def _nudge(one: Needy, back: str) -> Doing:
    there = url_for("reports.nudge", client=one.id, next=back)
    return Doing(there, _("Nudge"), _("Nudge %(name)s", name=one.name))


def _booster(one: Needy) -> Doing:
    there = url_for("coaching.plan_page", client_id=one.id)
    return Doing(there, _("Plan a session"), _("Plan a booster session with %(name)s", name=one.name))


def _thing_to_do(one: Needy, need: Need) -> Doing:
    look, name = _("Look"), one.name
    match need:
        case Need.PAYMENT:
            there = url_for("payments.one_payment", purchase_id=one.about)
            return Doing(there, look, _("Look at the payment of %(name)s", name=name))
        case Need.MAIL_STOPPED:
            return Doing(f"{_page_of(one)}#mail", look, _("Look at the address of %(name)s", name=name))
        case Need.REPORT_FAILED | Need.REPORT_WAITING:
            return Doing(f"{_page_of(one)}#reports", look, _("Look at the report of %(name)s", name=name))
        case Need.NOT_STARTED if one.since is None:
            return Doing("", _("Send invitation"), _("Send invitation: %(name)s", name=name))
        case Need.NOT_STARTED:
            return Doing("", _("Send again"), _("Send again: %(name)s", name=name))
        case _:
            return Doing(f"{_page_of(one)}#habit", _("Give a habit"), _("Give a habit: %(name)s", name=name))


def _mark(one: Needy, need: Need) -> tuple[str, str] | None:
    if need is Need.MAIL_STOPPED:
        return one.cause, _("No mail")
    return ("failed", _("Money")) if need is Need.PAYMENT else None


def initials_of(name: str) -> str:
    """The first letters of the first and the last word, as an avatar shows them."""
    words = name.split()
    if len(name) <= 2 or not words:
        return name
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
