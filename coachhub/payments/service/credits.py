"""Credits of packages: what a client has, and a booking that uses one or gives it back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select

from coachhub.booking.models import BookingStatus, Offering, PaidWith, Side
from coachhub.booking.service.by_hand import change_what_pays
from coachhub.booking.service.confirming import Outcome, confirm_booking
from coachhub.booking.service.reading import BookingRow, booking_of, lock_booking
from coachhub.clients.models import Client
from coachhub.payments.models import CreditEntry, CreditKind, Holding
from coachhub.payments.rules.credits import comes_back, good_until
from coachhub.payments.service.credit_ledger import HeldHolding, add_entry, change_holding, hold_holdings
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import Refused
from coachhub.platform.tenancy import current_practice

_STANDS = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.NO_SHOW)
_CAME = (CreditKind.BOUGHT, CreditKind.GRANTED, CreditKind.ROLLED_IN)


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """A package that a client has: `left` of `of_all` sessions. `expires_at` is the instant (UTC) at which it ends."""

    id: UUID
    title: str
    offering_id: UUID
    offering_slug: str
    purchase_id: UUID | None
    created_at: datetime
    expires_at: datetime | None
    left: int
    of_all: int


class NoCredit(Refused):
    """There is no session left that could pay for this booking."""

    def __init__(self) -> None:
        super().__init__(409, _("No session of your packages is left for this. Nothing was booked with it."))


def credits_of(client_id: UUID, now: datetime) -> tuple[HoldingRow, ...]:
    """What a client can use now, the soonest to expire first."""
    rows = _holdings(Holding.client_id == client_id, _is_good(now))
    return tuple(row for row in rows if row.left > 0)


def holdings_of(client_id: UUID) -> tuple[HoldingRow, ...]:
    """All packages that a client has ever had, the newest first, used up and expired ones, too."""
    return tuple(sorted(_holdings(Holding.client_id == client_id), key=lambda row: row.created_at, reverse=True))


def holding_bought(purchase_id: UUID) -> HoldingRow | None:
    """The package that came of a purchase; None where it was of a booking, or is not paid."""
    return next(iter(_holdings(Holding.purchase_id == purchase_id)), None)


def spend_credit(booking_id: UUID, holding_id: UUID | None = None) -> UUID:
    """Pay for a booking that is held with a session of its client's; returns the holding. Asked twice, it is one.

    Without a holding it is the one that expires soonest. Raises NotFound, and NoCredit where nothing is left, it has
    expired, is for something else, or somebody else's; Refused where the time is no longer held.
    """
    booking, now = lock_booking(booking_id), clock.now()
    used = _used_by(booking_id)
    if used is not None:
        return used
    if booking.status is not BookingStatus.HELD:
        raise Refused(409, _("This time is no longer held for you. Please choose a time again."))
    return _take(booking, holding_id, now)


def settle_with_credit(booking_id: UUID) -> None:
    """Pay with a session of its client's for a booking that a coach made. A second click changes nothing.

    Raises NotFound, NoCredit, and Refused where it is off or settled with something else.
    """
    booking = lock_booking(booking_id)
    if _used_by(booking_id) is not None:
        return
    if booking.status not in _STANDS or booking.paid_with is not PaidWith.COACH:
        raise Refused(409, _("This booking is off, or paid already: no session is used for it."))
    _take(booking, None, clock.now())
    change_what_pays(booking_id, PaidWith.CREDIT)


def _take(booking: BookingRow, holding_id: UUID | None, now: datetime) -> UUID:
    fitting = (Holding.client_id == _client_of(booking), Holding.offering_id == booking.offering_id, _is_good(now))
    named = () if holding_id is None else (Holding.id == holding_id,)
    chosen = next((each for each in hold_holdings(*fitting, *named) if each.left > 0), None)
    if chosen is None:
        raise NoCredit
    add_entry(chosen.id, CreditKind.USED, -1, now, booking_id=booking.id, number=_uses_of(booking.id))
    return chosen.id


def book_with_credit(booking_id: UUID, holding_id: UUID | None = None) -> None:
    """Pay for a booking that is held with a session, and confirm it: both or neither. A second click changes nothing.

    Raises what `spend_credit` raises.
    """
    spend_credit(booking_id, holding_id)
    if confirm_booking(booking_id, PaidWith.CREDIT) is Outcome.GONE:
        raise Refused(409, _("This time is no longer held for you. Please choose a time again."))


def return_credit(booking_id: UUID, by: Side) -> None:
    """A booking is off: give its session back, if the rule says so. Told again, nothing changes."""
    holding_id = _used_by(booking_id)
    if holding_id is None:
        return
    booking, now = booking_of(booking_id), clock.now()
    if not comes_back(booking, now, by.value):
        return
    [held] = hold_holdings(Holding.id == holding_id)
    if _used_by(booking_id) is not None:
        _give_back(held, booking_id, by, now)


def _give_back(held: HeldHolding, booking_id: UUID, by: Side, now: datetime) -> None:
    """A package that is over already keeps nothing: what comes back late is written off again."""
    until = good_until(held.expires_at, now, by.value)
    change_holding(held.id, expires_at=until, expired_at=None)
    add_entry(held.id, CreditKind.RETURNED, 1, now, booking_id=booking_id, number=_uses_of(booking_id) - 1)


def holding_of_booking(booking_id: UUID) -> HoldingRow | None:
    """The package whose session pays for a booking; None where none does, or it went back."""
    holding_id = _used_by(booking_id)
    return next(iter(_holdings(Holding.id == holding_id)), None) if holding_id else None


def _used_by(booking_id: UUID) -> UUID | None:
    """The holding whose session a booking has: each use that was not given back counts."""
    summed = func.sum(CreditEntry.count)
    query = select(CreditEntry.holding_id).where(*_of(booking_id)).group_by(CreditEntry.holding_id).having(summed < 0)
    return db.session.scalar(query)


def _uses_of(booking_id: UUID) -> int:
    used = (*_of(booking_id), CreditEntry.kind == CreditKind.USED)
    return db.session.scalar(select(func.count()).select_from(CreditEntry).where(*used)) or 0


def _of(booking_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (CreditEntry.practice_id == current_practice(), CreditEntry.booking_id == booking_id)


def _client_of(booking: BookingRow) -> UUID | None:
    """Whose it is: of a hold that was taken without signing in, whoever has its address."""
    known = select(Client.id).where(Client.practice_id == current_practice(), Client.email == booking.email)
    return booking.client_id or db.session.scalar(known)


def _is_good(now: datetime) -> ColumnElement[bool]:
    return or_(Holding.expires_at.is_(None), Holding.expires_at > now)


def _holdings(*which: ColumnElement[bool]) -> list[HoldingRow]:
    soonest = _rows(*which).order_by(Holding.expires_at.asc().nulls_last(), Holding.created_at, Holding.id)
    return [HoldingRow(**row._mapping) for row in db.session.execute(soonest)]


def _rows(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    came = func.coalesce(func.sum(CreditEntry.count).filter(CreditEntry.kind.in_(_CAME)), 0)
    left = func.coalesce(func.sum(CreditEntry.count), 0)
    of_holding = (CreditEntry.practice_id == Holding.practice_id) & (CreditEntry.holding_id == Holding.id)
    offered = (Offering.practice_id == Holding.practice_id) & (Offering.id == Holding.offering_id)
    own = (Holding.id, Holding.title, Holding.offering_id, Offering.slug.label("offering_slug"))
    own_too = (Holding.purchase_id, Holding.created_at, Holding.expires_at)
    joined = select(*own, *own_too, left.label("left"), came.label("of_all")).join(Offering, offered)
    summed = joined.outerjoin(CreditEntry, of_holding).group_by(Holding.practice_id, Holding.id, Offering.slug)
    return summed.where(Holding.practice_id == current_practice(), *which)
