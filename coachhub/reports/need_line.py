"""Somebody who needs the coach as one line of Today, which is written once: most stand there for some days."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from flask import request, url_for
from flask_babel import gettext as _

from coachhub.habits.rules import Stage
from coachhub.platform.language import date_words, lang
from coachhub.platform.written_once import Written, WrittenOnce
from coachhub.reports.rules import Need
from coachhub.reports.service.today import Lately, Needy, needy_rows
from coachhub.reports.wording import lately_words, need_words, standings_in_words

_ANY = UUID(int=0)


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


def need_line(one: Needy, reader_zone: str, this_year: int, back: str) -> NeedLine:
    """The line of a client; `back` is the address to which a nudge leads back. Days have no year if it is this one."""
    shared = _shared(lang(), request.script_root, back)
    need = Need(one.need)
    is_late = need in (Need.OFF_TRACK, Need.AT_RISK)
    booster = _booster(one, shared) if one.is_booster_due and is_late else None
    why = _why(_alike(one), reader_zone, lang(), this_year)
    return NeedLine(
        id=one.id,
        url=shared.client.to(one.id),
        name=one.name,
        initials=initials_of(one.name),
        why=f"{why} {shared.may_help}" if booster else why,
        standing=one.standing,
        standing_words=shared.standings[one.standing],
        mark=_mark(one, need),
        doing=_nudge(one, shared) if is_late else _thing_to_do(one, need, shared),
        booster=booster,
        is_invited=need is Need.NOT_STARTED,
    )


NEED_LINES = WrittenOnce("reports/today_parts.html", "needy", need_line, most=1024)
"""As rows of Today; each is about a kilobyte, or two."""


def _need_card(run: str, reader_zone: str, this_year: int, back: str) -> Written:
    return NEED_LINES.each(needy_rows(run), reader_zone, this_year, back)


NEED_CARDS = WrittenOnce("reports/today_parts.html", "needy_card", _need_card, most=64)
"""All of them on one card, of a run as the database wrote it; about fifty kilobytes, or twice that."""


@dataclass(frozen=True, slots=True)
class LatelyLine:
    """A step that a client took lately, as one line of Today: `at` and `day` are when, for machines and in words."""

    is_met: bool
    at: str
    day: str
    client_id: UUID
    name: str
    words: str


def lately_line(one: Lately, _this_year: int) -> LatelyLine:
    """Its day is the client's own, and has no year if it is this one."""
    day = date_words(one.at, one.time_zone)
    met = one.stage is Stage.MET
    return LatelyLine(met, one.at.isoformat(), day, one.client_id, one.name, lately_words(one.stage))


LATELY_LINES = WrittenOnce("reports/today_parts.html", "lately", lately_line, most=1024)
"""As rows of Today, for as many days as they stand there."""


def _lately_card(rows: tuple[Lately, ...], this_year: int) -> Written:
    return LATELY_LINES.each(rows, this_year)


LATELY_CARDS = WrittenOnce("reports/today_parts.html", "lately_card", _lately_card)
"""All of them on one card."""


class _Address(NamedTuple):
    """An address with one id in it, in two parts: the router is asked once, and not for each row."""

    before: str
    after: str

    def to(self, id: str | None) -> str:
        return f"{self.before}{id}{self.after}"


class _Shared(NamedTuple):
    """What the lines of all have in common: addresses, texts, and texts with a gap for the name."""

    client: _Address
    nudge: _Address
    session: _Address
    standings: Mapping[str, str]
    may_help: str
    nudge_words: tuple[str, str]
    plan_words: tuple[str, str]


@lru_cache(maxsize=256)
def _shared(_language: str, _root: str, back: str) -> _Shared:
    def address(endpoint: str, **values: object) -> _Address:
        before, _id, after = url_for(endpoint, **values).partition(str(_ANY))  # type: ignore[arg-type]
        return _Address(before, after)

    return _Shared(
        address("reports.client", client_id=_ANY),
        address("reports.nudge", client=_ANY, next=back),
        address("coaching.plan_page", client_id=_ANY),
        standings_in_words(),
        _("A booster session may help."),
        (_("Nudge"), _("Nudge %(name)s")),
        (_("Plan a session"), _("Plan a booster session with %(name)s")),
    )


def _alike(one: Needy) -> Needy:
    """All that the words depend on: of those who stand alike it is the same."""
    address = one.address if one.need == Need.MAIL_STOPPED else ""
    return one._replace(id="", name="", standing="", about=None, address=address, is_booster_due=False)


@lru_cache(maxsize=1024)
def _why(alike: Needy, reader_zone: str, _language: str, _this_year: int) -> str:
    return need_words(alike, reader_zone)


def _nudge(one: Needy, shared: _Shared) -> Doing:
    words, label = shared.nudge_words
    return Doing(shared.nudge.to(one.id), words, label % {"name": one.name})


def _booster(one: Needy, shared: _Shared) -> Doing:
    words, label = shared.plan_words
    return Doing(shared.session.to(one.id), words, label % {"name": one.name})


def _thing_to_do(one: Needy, need: Need, shared: _Shared) -> Doing:
    look, name, page = _("Look"), one.name, shared.client.to(one.id)
    match need:
        case Need.PAYMENT:
            there = url_for("payments.one_payment", purchase_id=one.about)
            return Doing(there, look, _("Look at the payment of %(name)s", name=name))
        case Need.MAIL_STOPPED:
            return Doing(f"{page}#mail", look, _("Look at the address of %(name)s", name=name))
        case Need.REPORT_FAILED | Need.REPORT_WAITING:
            return Doing(f"{page}#reports", look, _("Look at the report of %(name)s", name=name))
        case Need.NOT_STARTED if one.since is None:
            return Doing("", _("Send invitation"), _("Send invitation: %(name)s", name=name))
        case Need.NOT_STARTED:
            return Doing("", _("Send again"), _("Send again: %(name)s", name=name))
        case _:
            return Doing(f"{page}#habit", _("Give a habit"), _("Give a habit: %(name)s", name=name))


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
