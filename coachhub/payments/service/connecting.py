"""Connecting a practice with Stripe: its account there, and how that stands."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from coachhub.accounts.service import audit
from coachhub.payments.gateway import AccountState, GatewayRefused, gateway
from coachhub.payments.models import StripeAccount
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import as_practice, current_practice

log = structlog.get_logger(__name__)

BACK, AGAIN = "/settings/payments/back", "/settings/payments/again"
NO_ACCESS = ("account_invalid", "PermissionError", "not_found", "resource_missing")
"""How Stripe refuses about an account that is not connected with us any more."""
_LOST = "disconnected"


@dataclass(frozen=True)
class AccountRow:
    """The practice's account, as last heard of. `wants`: what Stripe asks for; `is_lost`: it lets us in no more."""

    account_id: str
    card_payments: str
    country: str
    wants: tuple[str, ...]
    checked_at: datetime | None

    @property
    def is_ready(self) -> bool:
        return self.card_payments == "active"

    @property
    def is_lost(self) -> bool:
        return self.card_payments == _LOST


@dataclass(frozen=True)
class Owner:
    """Who connects: the practice, under the name and address that Stripe is told."""

    practice_id: UUID
    user_id: UUID
    practice_name: str
    email: str


def account_of_practice() -> AccountRow | None:
    """The practice's account; None where it has none."""
    columns = (
        StripeAccount.account_id,
        StripeAccount.card_payments,
        StripeAccount.country,
        StripeAccount.wants,
        StripeAccount.checked_at,
    )
    row = db.session.execute(select(*columns).where(StripeAccount.practice_id == current_practice())).first()
    if row is None:
        return None
    return AccountRow(
        row.account_id, row.card_payments, row.country, tuple(filter(None, row.wants.split("\n"))), row.checked_at
    )


def connect(owner: Owner, country: str) -> str:
    """Open an account where there is none, and return where it is filled in. In no transaction.

    A second click, or one after we lost the answer, finds the same account by its key. Raises GatewayAway,
    GatewayRefused.
    """
    with as_practice(owner.practice_id, owner.user_id):
        known = account_of_practice()
    if known is None or known.is_lost:
        before = known.account_id if known else ""
        words = "\n".join((owner.practice_name, owner.email, country, before))
        key = f"account:{owner.practice_id}:{sha256(words.encode()).hexdigest()[:16]}"
        opened = gateway().open_account(key, owner.practice_name, owner.email, country)
        with as_practice(owner.practice_id, owner.user_id):
            _keep(opened)
            audit.note("stripe_connected", owner.practice_id)
    return onboarding_address(owner.practice_id)


def onboarding_address(practice_id: UUID) -> str:
    """Where the practice's account is filled in. In no transaction. Raises GatewayAway, GatewayRefused."""
    with as_practice(practice_id):
        known = account_of_practice()
    if known is None:
        raise GatewayRefused("no_account", "The practice has no account.")
    return gateway().onboarding_link(known.account_id, address_of(BACK), address_of(AGAIN))


def sync_account(practice_id: UUID) -> None:
    """Ask how the account stands, and write it down. In no transaction. Raises GatewayAway, GatewayRefused."""
    with as_practice(practice_id):
        known = account_of_practice()
    if known is None:
        return
    try:
        stands = gateway().account(known.account_id)
    except GatewayRefused as error:
        if error.code not in NO_ACCESS:
            raise
        log.warning("stripe_account_lost", code=error.code)
        stands = AccountState(known.account_id, _LOST, known.country, ())
    with as_practice(practice_id):
        this = (StripeAccount.practice_id == practice_id, StripeAccount.account_id == stands.id)
        db.session.execute(update(StripeAccount).where(*this).values(_values(stands)))


def _keep(stands: AccountState) -> None:
    """One account a practice: a new one takes the place of one that is lost."""
    row = {"practice_id": current_practice(), "account_id": stands.id, "created_at": clock.now(), **_values(stands)}
    made = insert(StripeAccount).values(row)
    anew = {"account_id": stands.id, **_values(stands)}
    db.session.execute(
        made.on_conflict_do_update(
            index_elements=["practice_id"], set_=anew, where=StripeAccount.card_payments == _LOST
        )
    )


def _values(stands: AccountState) -> dict[str, object]:
    return {
        "card_payments": stands.card_payments,
        "country": stands.country,
        "wants": "\n".join(stands.wants),
        "checked_at": clock.now(),
    }
