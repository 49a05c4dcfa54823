"""Somebody who needs the coach as one line of Today: all is text already, so that fifty of them render quickly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from coachhub.reports.rules import Need
from coachhub.reports.service.today import Needy
from coachhub.reports.wording import need_words

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

    `is_invited`: the thing to do is a button that sends the invitation, with the client's `id`.
    """

    id: UUID
    url: str
    name: str
    initials: str
    why: str
    standing: str
    mark: tuple[str, str] | None
    doing: Doing
    booster: Doing | None
    is_invited: bool


def need_lines(needy: Sequence[Needy], back: str) -> list[NeedLine]:
    """The lines of Today; `back` is the address to which a nudge leads back."""
    written = _Written(_addresses(back))
    return [written.line(one) for one in needy]


def _addresses(back: str) -> Mapping[str, tuple[str, str]]:
    """Addresses with one id in them, in two parts: the router is asked for each once, and not for each row."""
    asked = {
        "client": url_for("reports.client", client_id=_ANY),
        "nudge": url_for("reports.nudge", client=_ANY, next=back),
        "payment": url_for("payments.one_payment", purchase_id=_ANY),
        "session": url_for("coaching.plan_page", client_id=_ANY),
    }
    parts = {name: url.partition(str(_ANY)) for name, url in asked.items()}
    return {name: (before, after) for name, (before, _id, after) in parts.items()}


class _Written:
    """Texts that many lines share, each asked for once."""

    def __init__(self, addresses: Mapping[str, tuple[str, str]]) -> None:
        self._addresses = addresses
        self._booster = _("A booster session may help.")
        self._plan = _("Plan a session"), _("Plan a booster session with %(name)s")
        self._nudge = _("Nudge"), _("Nudge %(name)s")
        self._invite = url_for("clients.invite_again")
        self._whys: dict[object, str] = {}

    def line(self, one: Needy) -> NeedLine:
        is_late = one.need in (Need.OFF_TRACK, Need.AT_RISK)
        booster = self._doing("session", one.id, one.name, *self._plan) if one.is_booster_due and is_late else None
        return NeedLine(
            id=one.id,
            url=self._address("client", one.id),
            name=one.name,
            initials=initials_of(one.name),
            why=f"{self._why(one)} {self._booster}" if booster else self._why(one),
            standing=one.standing.value,
            mark=_mark(one),
            doing=self._doing("nudge", one.id, one.name, *self._nudge) if is_late else self._thing_to_do(one),
            booster=booster,
            is_invited=one.need is Need.NOT_STARTED,
        )

    def _address(self, name: str, id: UUID | None) -> str:
        before, after = self._addresses[name]
        return f"{before}{id}{after}"

    def _doing(self, address: str, id: UUID | None, name: str, words: str, label: str) -> Doing:
        return Doing(self._address(address, id), words, label % {"name": name})

    def _why(self, one: Needy) -> str:
        """Of those who stand alike the words are the same."""
        alike = (one.need, one.cause, one.since, one.verdict, one.address if one.need is Need.MAIL_STOPPED else "")
        if alike not in self._whys:
            self._whys[alike] = need_words(one)
        return self._whys[alike]

    def _thing_to_do(self, one: Needy) -> Doing:
        look = _("Look")
        match one.need:
            case Need.PAYMENT:
                return self._doing("payment", one.about, one.name, look, _("Look at the payment of %(name)s"))
            case Need.MAIL_STOPPED:
                return self._part("mail", one, look, _("Look at the address of %(name)s"))
            case Need.REPORT_FAILED | Need.REPORT_WAITING:
                return self._part("reports", one, look, _("Look at the report of %(name)s"))
            case Need.NOT_STARTED if one.since is None:
                label = _("Send invitation: %(name)s", name=one.name)
                return Doing(self._invite, _("Send invitation"), label)
            case Need.NOT_STARTED:
                return Doing(self._invite, _("Send again"), _("Send again: %(name)s", name=one.name))
            case _:
                return self._part("habit", one, _("Give a habit"), _("Give a habit: %(name)s"))

    def _part(self, part: str, one: Needy, words: str, label: str) -> Doing:
        """A part of the client's page."""
        return Doing(f"{self._address('client', one.id)}#{part}", words, label % {"name": one.name})


def _mark(one: Needy) -> tuple[str, str] | None:
    if one.need is Need.MAIL_STOPPED:
        return one.cause, _("No mail")
    return ("failed", _("Money")) if one.need is Need.PAYMENT else None


def initials_of(name: str) -> str:
    """The first letters of the first and the last word, as an avatar shows them."""
    words = name.split()
    if len(name) <= 2 or not words:
        return name
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
