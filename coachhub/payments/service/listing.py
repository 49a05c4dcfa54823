"""Payments as pages list them: the practice's, one client's, and one of them with all that moved."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from coachhub.accounts.models import User
from coachhub.booking.models import Booking
from coachhub.payments.models import Dispute, LedgerEntry, Purchase, PurchaseStatus, Receipt, Refund, RefundStatus
from coachhub.payments.rules.standing import DISPUTE_IS_OVER, DISPUTE_WAITS
from coachhub.payments.service.ledger import left_of
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice

A_PAGE = 50


class Pile(StrEnum):
    """Which payments a list shows."""

    PAID = "paid"
    WAITING = "waiting"
    GIVEN_BACK = "given_back"
    DISPUTED = "disputed"
    TROUBLE = "trouble"
    NOT_PAID = "not_paid"


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment in a list. `given_back` counts what is asked for, too; `starts_at` is the booking's, in UTC."""

    id: UUID
    title: str
    name: str
    email: str
    client_id: UUID | None
    booking_id: UUID | None
    amount: int
    currency: str
    status: PurchaseStatus
    created_at: datetime
    paid_at: datetime | None
    starts_at: datetime | None
    given_back: int
    is_disputed: bool
    has_trouble: bool
    has_receipt: bool

    @property
    def is_given_back(self) -> bool:
        """Whether all of it is, or will be."""
        return self.given_back >= self.amount


@dataclass(frozen=True)
class RefundLine:
    """A refund of a payment; `asked_by` is None where it came about by itself, or in the gateway's own pages."""

    id: UUID
    amount: int
    reason: str
    status: RefundStatus
    asked_at: datetime
    asked_by: str | None
    note: str
    trouble: str


@dataclass(frozen=True)
class EntryLine:
    """Money that moved."""

    kind: str
    amount: int
    happened_at: datetime


@dataclass(frozen=True)
class DisputeLine:
    """What a bank questions; `status` and `reason` are Stripe's words."""

    amount: int
    status: str
    reason: str
    answer_by: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether the bank has not decided yet."""
        return self.status not in DISPUTE_IS_OVER


@dataclass(frozen=True)
class OnePayment:
    """A payment with all that moved, oldest first; `left` is what may still be given back."""

    line: PaymentLine
    list_amount: int
    discount: int
    fee: int
    payment_id: str | None
    account_id: str
    receipt: int | None
    entries: Sequence[EntryLine]
    refunds: Sequence[RefundLine]
    disputes: Sequence[DisputeLine]
    left: int


@dataclass(frozen=True)
class Sum:
    """What came in and went back in one currency since a moment."""

    currency: str
    came: int
    went: int


def payments(pile: Pile | None, page: int = 1) -> tuple[list[PaymentLine], bool]:
    """A page of the practice's payments, newest first; and whether there are more."""
    return _page(_lines().where(*_of_pile(pile)), page)


def payments_of(client_id: UUID, page: int = 1) -> tuple[list[PaymentLine], bool]:
    """The same of one client."""
    return _page(_lines().where(Purchase.client_id == client_id), page)


def payment_lines_of_booking(booking_id: UUID) -> list[PaymentLine]:
    """What was paid for a booking, oldest first."""
    paid = (Purchase.booking_id == booking_id, Purchase.status == PurchaseStatus.PAID)
    return _read(_lines().where(*paid).order_by(Purchase.created_at))


def payment(purchase_id: UUID) -> OnePayment:
    """One payment of the practice. Raises NotFound."""
    found = _read(_lines().where(Purchase.id == purchase_id))
    if not found:
        raise NotFound
    columns = (Purchase.list_amount, Purchase.discount, Purchase.fee, Purchase.payment_id, Purchase.account_id)
    more = db.session.execute(select(*columns).where(_here(Purchase), Purchase.id == purchase_id)).one()
    return OnePayment(
        found[0],
        *more,
        receipt=db.session.scalar(select(Receipt.number).where(*_of(Receipt, purchase_id))),
        entries=_entries(purchase_id),
        refunds=_refunds(purchase_id),
        disputes=_disputes(purchase_id),
        left=left_of(purchase_id),
    )


def sums_since(moment: datetime) -> list[Sum]:
    """By currency, what came in and what went back since then."""
    came = func.coalesce(func.sum(LedgerEntry.amount).filter(LedgerEntry.amount > 0), 0)
    went = func.coalesce(-func.sum(LedgerEntry.amount).filter(LedgerEntry.amount < 0), 0)
    here = (_here(LedgerEntry), LedgerEntry.happened_at >= moment)
    query = select(LedgerEntry.currency, came, went).where(*here).group_by(LedgerEntry.currency)
    return [Sum(*row) for row in db.session.execute(query.order_by(LedgerEntry.currency))]


def troubles() -> int:
    """How many payments somebody should look at."""
    count = select(func.count()).select_from(Purchase).where(_here(Purchase), *_of_pile(Pile.TROUBLE))
    return db.session.scalar(count) or 0


def _entries(purchase_id: UUID) -> list[EntryLine]:
    query = select(LedgerEntry.kind, LedgerEntry.amount, LedgerEntry.happened_at)
    rows = db.session.execute(
        query.where(*_of(LedgerEntry, purchase_id)).order_by(LedgerEntry.happened_at, LedgerEntry.id)
    )
    return [EntryLine(*row) for row in rows]


def _refunds(purchase_id: UUID) -> list[RefundLine]:
    columns = (Refund.id, Refund.amount, Refund.reason, Refund.status, Refund.asked_at)
    query = select(*columns, func.nullif(User.name, ""), Refund.note, Refund.trouble)
    by = query.outerjoin(User, User.id == Refund.asked_by).where(*_of(Refund, purchase_id))
    rows = db.session.execute(by.order_by(Refund.asked_at, Refund.id))
    return [
        RefundLine(refund_id, amount, reason, RefundStatus(status), asked_at, by, note, trouble)
        for refund_id, amount, reason, status, asked_at, by, note, trouble in rows
    ]


def _disputes(purchase_id: UUID) -> list[DisputeLine]:
    query = select(Dispute.amount, Dispute.status, Dispute.reason, Dispute.answer_by)
    rows = db.session.execute(query.where(*_of(Dispute, purchase_id)).order_by(Dispute.opened_at))
    return [DisputeLine(*row) for row in rows]


def _page(query: Select[*tuple[Any, ...]], page: int) -> tuple[list[PaymentLine], bool]:
    ordered = query.order_by(Purchase.created_at.desc(), Purchase.id.desc())
    found = _read(ordered.limit(A_PAGE + 1).offset((page - 1) * A_PAGE))
    return found[:A_PAGE], len(found) > A_PAGE


def _lines() -> Select[*tuple[Any, ...]]:
    own = [getattr(Purchase, field.name) for field in fields(PaymentLine)[:11]]
    booked = and_(Booking.practice_id == Purchase.practice_id, Booking.id == Purchase.booking_id)
    return (
        select(
            *own,
            Booking.starts_at,
            _given_back().label("given_back"),
            exists(_disputed()).label("is_disputed"),
            exists(_refused()).label("has_trouble"),
            exists(select(Receipt.number).where(*_joined(Receipt)).correlate(Purchase)).label("has_receipt"),
        )
        .outerjoin(Booking, booked)
        .where(_here(Purchase))
    )


def _given_back() -> Any:
    counts = Refund.status.not_in((RefundStatus.FAILED, RefundStatus.CANCELLED))
    summed = select(func.coalesce(func.sum(Refund.amount), 0)).where(*_joined(Refund), counts)
    return summed.correlate(Purchase).scalar_subquery()


def _disputed() -> Any:
    return select(Dispute.id).where(*_joined(Dispute)).correlate(Purchase)


def _refused() -> Any:
    """A refund that did not go through, or a bank that waits for an answer."""
    failed = select(Refund.id).where(*_joined(Refund), Refund.status == RefundStatus.FAILED).correlate(Purchase)
    waits = Dispute.status.in_(DISPUTE_WAITS)
    return failed.union_all(select(Dispute.id).where(*_joined(Dispute), waits).correlate(Purchase))


def _joined(table: Any) -> tuple[ColumnElement[bool], ...]:
    return (table.practice_id == Purchase.practice_id, table.purchase_id == Purchase.id)


def _of(table: Any, purchase_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (_here(table), table.purchase_id == purchase_id)


def _here(table: Any) -> ColumnElement[bool]:
    return table.practice_id == current_practice()  # type: ignore[no-any-return]


def _of_pile(pile: Pile | None) -> tuple[ColumnElement[bool], ...]:
    status = Purchase.status
    gave = select(Refund.id).where(*_joined(Refund), Refund.status != RefundStatus.FAILED).correlate(Purchase)
    match pile:
        case Pile.PAID:
            return (status == PurchaseStatus.PAID,)
        case Pile.WAITING:
            return (status == PurchaseStatus.WAITING,)
        case Pile.GIVEN_BACK:
            return (exists(gave),)
        case Pile.DISPUTED:
            return (exists(_disputed()),)
        case Pile.TROUBLE:
            return (exists(_refused()),)
        case Pile.NOT_PAID:
            return (status.in_((PurchaseStatus.OPEN, PurchaseStatus.FAILED, PurchaseStatus.EXPIRED)),)
        case None:
            return ()


def _read(query: Select[*tuple[Any, ...]]) -> list[PaymentLine]:
    return [PaymentLine(**{**row._mapping, "status": PurchaseStatus(row.status)}) for row in db.session.execute(query)]
