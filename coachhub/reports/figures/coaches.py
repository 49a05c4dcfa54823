"""Coaches side by side, as cells."""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from coachhub.platform.language import money_words
from coachhub.platform.money import minor_digits
from coachhub.reports.figures.tables import NOTHING, Share, Table, number_words, share_words
from coachhub.reports.service.cohort.coaches import CoachesSeen, CoachLine

_AN_HOUR = 60
FULL = 100


@dataclass(frozen=True, slots=True)
class CoachCells:
    """A coach's line as text; `filled` is how full the bar is, 0 to 100, None without hours."""

    name: str
    clients: str
    on_track: str
    on_track_of: str
    sessions: str
    hours: str
    money: tuple[str, ...]
    utilisation: str
    utilisation_of: str
    filled: int | None


def coach_cells(line: CoachLine) -> CoachCells:
    """A coach's line, and the last one's, of everybody together."""
    full = line.utilisation
    return CoachCells(
        name=line.name,
        clients=number_words(line.clients),
        on_track=share_words(line.on_track_share),
        on_track_of=_share_of(line),
        sessions=number_words(line.sessions),
        hours=_("%(hours)s hours", hours=number_words(line.minutes / _AN_HOUR)) if line.minutes else "",
        money=tuple(money_words(amount, currency) for currency, amount in line.money) or (NOTHING,),
        utilisation=share_words(full),
        utilisation_of=_hours_of(line),
        filled=None if full is None else min(full, FULL),
    )


def _share_of(line: CoachLine) -> str:
    if not line.counted:
        return ""
    return str(_("%(part)s of %(whole)s", part=number_words(line.on_track), whole=number_words(line.counted)))


def _hours_of(line: CoachLine) -> str:
    if not line.available:
        return str(_("no hours"))
    booked, available = number_words(line.booked / _AN_HOUR), number_words(line.available / _AN_HOUR)
    return str(_("%(booked)s of %(available)s hours", booked=booked, available=available))


def coaches_table(seen: CoachesSeen) -> Table:
    """For a file: a column a currency, amounts in its main unit."""
    currencies = sorted({currency for line in seen.lines for currency, _amount in line.money})
    heads = (
        *(_("Coach"), _("Clients"), _("On track"), _("Sessions held"), _("Hours held")),
        *(_("Revenue, %(currency)s", currency=currency) for currency in currencies),
        *(_("Booked hours"), _("Available hours"), _("Utilisation")),
    )
    rows = [
        (
            *(
                line.name or _("Nobody’s"),
                line.clients,
                Share(line.on_track_share),
                line.sessions,
                line.minutes / _AN_HOUR,
            ),
            *(_main_unit(line, currency) for currency in currencies),
            *(line.booked / _AN_HOUR, line.available / _AN_HOUR, Share(line.utilisation)),
        )
        for line in seen.lines
    ]
    return Table(_("Coaches"), heads, rows)


def _main_unit(line: CoachLine, currency: str) -> Decimal:
    return Decimal(dict(line.money).get(currency, 0)).scaleb(-minor_digits(currency))
