"""Stripe behind the port. The only file that imports its library, and itself imported where money first moves.

Practices have accounts of their own with the full dashboard (Accounts v2) and are charged directly: their name stands
on the card statement, their money is never ours. So each call that is about clients' money names their account.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import stripe
import structlog

from coachhub.payments.gateway import (
    AccountState,
    BadEvent,
    CheckoutAsked,
    CheckoutState,
    DisputeState,
    GatewayAway,
    GatewayRefused,
    PaymentState,
    PlanAsked,
    PlanCheckoutState,
    PriceState,
    RefundState,
    SubscriptionState,
    Told,
)
from coachhub.payments.rules.currencies import from_stripe, to_stripe
from coachhub.payments.stripe_words import as_price, as_subscription, as_told, id_of, instant, locale_of, uuid_in
from coachhub.platform.config import Settings

if TYPE_CHECKING:
    from stripe import RequestOptions
    from stripe.params import DisputeListParams, PaymentIntentListParams, RefundCreateParams, RefundListParams
    from stripe.params.billing_portal import SessionCreateParams as PortalParams
    from stripe.params.checkout import (
        SessionCreateParams,
        SessionCreateParamsLineItemPriceData,
        SessionCreateParamsPaymentIntentData,
        SessionCreateParamsSubscriptionData,
        SessionListParams,
    )
    from stripe.params.v2.core import (
        AccountCreateParams,
        AccountLinkCreateParams,
        AccountLinkCreateParamsUseCaseAccountOnboarding,
        AccountRetrieveParams,
    )

log = structlog.get_logger(__name__)

# The version whose description all our requests are tested against; what the library speaks by itself may be newer.
_VERSION = "2026-05-27.dahlia"
_CONNECT, _READ = 3.05, 10.0
_RETRIES = 2
_SKEW = timedelta(minutes=5)
_PAGE = 100
_SIGNED_AT = re.compile(r"(?:^|,)t=(\d{1,11})(?:,|$)")
_PAID = ("paid", "no_payment_required")


class StripeGateway:
    """The port over Stripe's API, v1 and v2."""

    is_pretend = False

    def __init__(self, settings: Settings) -> None:
        key = settings.stripe_secret_key
        if key is None:
            raise ValueError("STRIPE_SECRET_KEY is not set")
        self._secrets = tuple(secret.get_secret_value() for secret in settings.stripe_webhook_secrets)
        base = (settings.stripe_api_base or stripe.DEFAULT_API_BASE).rstrip("/")
        self._client = stripe.StripeClient(
            key.get_secret_value(),
            stripe_version=_VERSION,
            base_addresses={"api": base},
            max_network_retries=_RETRIES,
            http_client=stripe.RequestsClient(timeout=(_CONNECT, _READ)),
        )

    def open_account(self, key: str, name: str, email: str, country: str) -> AccountState:
        """Make an account with the full dashboard: Stripe takes its fees from it, and bears its losses."""
        asked: AccountCreateParams = {
            "display_name": name,
            "contact_email": email,
            "dashboard": "full",
            "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
            "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
            "include": ["configuration.merchant", "identity", "requirements"],
        }
        if country:
            asked["identity"] = {"country": country.lower()}
        with _errors():
            return _account(self._client.v2.core.accounts.create(asked, {"idempotency_key": key}))

    def onboarding_link(self, account_id: str, return_url: str, refresh_url: str) -> str:
        onboarding: AccountLinkCreateParamsUseCaseAccountOnboarding = {
            "return_url": return_url,
            "refresh_url": refresh_url,
            "configurations": ["merchant"],  # type: ignore[typeddict-unknown-key]  # gone in versions after ours
        }
        asked: AccountLinkCreateParams = {
            "account": account_id,
            "use_case": {"type": "account_onboarding", "account_onboarding": onboarding},
        }
        with _errors():
            return self._client.v2.core.account_links.create(asked).url

    def account(self, account_id: str) -> AccountState:
        asked: AccountRetrieveParams = {"include": ["configuration.merchant", "identity", "requirements"]}
        with _errors():
            return _account(self._client.v2.core.accounts.retrieve(account_id, asked))

    def open_checkout(self, asked: CheckoutAsked) -> CheckoutState:
        ours = {"practice_id": str(asked.practice_id), "purchase_id": str(asked.purchase_id)}
        payment: SessionCreateParamsPaymentIntentData = {"metadata": ours, "description": asked.title}
        if fee := to_stripe(asked.fee, asked.currency):
            payment["application_fee_amount"] = fee
        price: SessionCreateParamsLineItemPriceData = {
            "currency": asked.currency.lower(),
            "unit_amount": to_stripe(asked.amount, asked.currency),
            "product_data": {"name": asked.title},
        }
        wanted: SessionCreateParams = {
            "mode": "payment",
            "client_reference_id": ours["purchase_id"],
            "customer_email": asked.email,
            "expires_at": int(asked.expires_at.timestamp()),
            "line_items": [{"quantity": 1, "price_data": price}],
            "locale": locale_of(asked.locale),
            "metadata": ours,
            "payment_intent_data": payment,
            "success_url": asked.success_url,
            "cancel_url": asked.cancel_url,
        }
        options: RequestOptions = {"stripe_account": asked.account_id, "idempotency_key": asked.key}
        with _errors():
            return _checkout(self._client.v1.checkout.sessions.create(wanted, options))

    def checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        with _errors():
            found = self._client.v1.checkout.sessions.retrieve(checkout_id, options={"stripe_account": account_id})
            return _checkout(found)

    def end_checkout(self, account_id: str, checkout_id: str) -> CheckoutState:
        """End it; where somebody has paid, or it has ended by itself, it stands as it stands.

        One that stays open although we asked may be being paid at this moment: nobody knows yet.
        """
        try:
            with _errors():
                ended = self._client.v1.checkout.sessions.expire(checkout_id, options={"stripe_account": account_id})
                return _checkout(ended)
        except GatewayRefused as error:
            found = self.checkout(account_id, checkout_id)
            if found.status == "open":
                raise GatewayAway(error.code) from error
            return found

    def payment(self, account_id: str, payment_id: str) -> PaymentState:
        with _errors():
            found = self._client.v1.payment_intents.retrieve(
                payment_id, {"expand": ["latest_charge.refunds"]}, {"stripe_account": account_id}
            )
            return self._payment(account_id, found)

    def payment_of_charge(self, account_id: str, charge_id: str) -> str | None:
        with _errors():
            return id_of(
                self._client.v1.charges.retrieve(charge_id, options={"stripe_account": account_id}).payment_intent
            )

    def refund(
        self, key: str, account_id: str, payment_id: str, amount: int, currency: str, refund_id: UUID
    ) -> RefundState:
        """Give back part of a payment, or all. The platform's part is asked for only where there was one."""
        options: RequestOptions = {"stripe_account": account_id, "idempotency_key": key}
        asked: RefundCreateParams = {
            "payment_intent": payment_id,
            "amount": to_stripe(amount, currency),
            "metadata": {"refund_id": str(refund_id)},
        }
        with _errors():
            intents = self._client.v1.payment_intents
            if intents.retrieve(payment_id, options={"stripe_account": account_id}).application_fee_amount:
                asked["refund_application_fee"] = True
            return _refund(self._client.v1.refunds.create(asked, options))

    def payments_since(self, account_id: str, since: datetime) -> Iterator[PaymentState]:
        asked: PaymentIntentListParams = {
            "created": {"gte": int(since.timestamp())},
            "limit": _PAGE,
            "expand": ["data.latest_charge.refunds"],
        }
        with _errors():
            for each in self._client.v1.payment_intents.list(asked, {"stripe_account": account_id}).auto_paging_iter():
                yield self._payment(account_id, each)

    def checkouts_since(self, account_id: str, since: datetime) -> Iterator[CheckoutState]:
        asked: SessionListParams = {"created": {"gte": int(since.timestamp())}, "limit": _PAGE}
        with _errors():
            for each in self._client.v1.checkout.sessions.list(
                asked, {"stripe_account": account_id}
            ).auto_paging_iter():
                yield _checkout(each)

    def open_plan_checkout(self, asked: PlanAsked) -> PlanCheckoutState:
        ours = {"practice_id": str(asked.practice_id)}
        plan: SessionCreateParamsSubscriptionData = {"metadata": ours}
        if asked.trial_days:
            plan["trial_period_days"] = asked.trial_days
        wanted: SessionCreateParams = {
            "mode": "subscription",
            "client_reference_id": ours["practice_id"],
            "line_items": [{"quantity": 1, "price": asked.price_id}],
            "locale": locale_of(asked.locale),
            "metadata": ours,
            "subscription_data": plan,
            "success_url": asked.success_url,
            "cancel_url": asked.cancel_url,
        }
        if asked.customer_id:
            wanted["customer"] = asked.customer_id
        else:
            wanted["customer_email"] = asked.email
        with _errors():
            return _plan_checkout(self._client.v1.checkout.sessions.create(wanted, {"idempotency_key": asked.key}))

    def plan_checkout(self, checkout_id: str) -> PlanCheckoutState:
        with _errors():
            return _plan_checkout(self._client.v1.checkout.sessions.retrieve(checkout_id))

    def subscription(self, subscription_id: str) -> SubscriptionState:
        with _errors():
            return as_subscription(self._client.v1.subscriptions.retrieve(subscription_id))

    def portal_link(self, key: str, customer_id: str, return_url: str) -> str:
        asked: PortalParams = {"customer": customer_id, "return_url": return_url}
        with _errors():
            return self._client.v1.billing_portal.sessions.create(asked, {"idempotency_key": key}).url

    def price(self, price_id: str) -> PriceState:
        with _errors():
            return as_price(self._client.v1.prices.retrieve(price_id))

    def read_event(self, body: bytes, signature: str, now: datetime) -> Told:
        """The event in the body of a webhook: signed with one of our secrets, and within five minutes of now.

        The library holds a signature only against the past, and by the machine's clock. Stripe signs anew what it
        tells again, so a late one is no exception. Raises BadEvent.
        """
        signed_at = _SIGNED_AT.search(signature)
        if signed_at is None or abs(instant(int(signed_at[1])) - now) > _SKEW:
            raise BadEvent
        if not any(_is_signed(body, signature, secret) for secret in self._secrets):
            raise BadEvent
        try:
            return as_told(json.loads(body))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            raise BadEvent from None

    def _payment(self, account_id: str, intent: stripe.PaymentIntent) -> PaymentState:
        charge = intent.latest_charge
        charge = charge if isinstance(charge, stripe.Charge) else None
        has_begun = charge is not None and charge.status != "failed"
        paid_at = instant(charge.created) if charge is not None and intent.status == "succeeded" else None
        return PaymentState(
            id=intent.id,
            status=intent.status,
            received=from_stripe(intent.amount_received, intent.currency),
            currency=intent.currency.upper(),
            paid_at=paid_at,
            purchase_id=uuid_in(intent.metadata, "purchase_id"),
            refunds=self._refunds(account_id, charge) if charge is not None and has_begun else (),
            disputes=self._disputes(account_id, charge.id) if charge is not None and charge.disputed else (),
        )

    def _refunds(self, account_id: str, charge: stripe.Charge) -> tuple[RefundState, ...]:
        """Those that came with the charge; Stripe puts ten into it, the others are asked for."""
        within = charge.refunds
        if within is not None and not within.has_more:
            return tuple(_refund(each) for each in within.data)
        asked: RefundListParams = {"charge": charge.id, "limit": _PAGE}
        found = self._client.v1.refunds.list(asked, {"stripe_account": account_id})
        return tuple(_refund(each) for each in found.auto_paging_iter())

    def _disputes(self, account_id: str, charge_id: str) -> tuple[DisputeState, ...]:
        asked: DisputeListParams = {"charge": charge_id, "limit": _PAGE}
        found = self._client.v1.disputes.list(asked, {"stripe_account": account_id})
        return tuple(_dispute(each) for each in found.auto_paging_iter())


@contextmanager
def _errors() -> Iterator[None]:
    """Stripe's errors as ours. Nobody knows what came of a call without an answer, or with one that says "later".

    A key that is not taken is our mistake and passes with it: what waits for an answer goes on waiting.
    """
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.AuthenticationError) as error:
        log.warning("stripe_away", error=type(error).__name__, status=error.http_status)
        raise GatewayAway(type(error).__name__) from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        if status in (409, 429) or status >= 500 or not status:
            log.warning("stripe_away", error=type(error).__name__, status=status)
            raise GatewayAway(type(error).__name__) from error
        said = error.code or (error.error.code if error.error else None)  # the library keeps it from some errors
        raise GatewayRefused(said or type(error).__name__, error.user_message or "") from error


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


def _account(account: stripe.v2.core.Account) -> AccountState:
    configured = account.configuration.merchant if account.configuration else None
    cards = configured.capabilities.card_payments if configured and configured.capabilities else None
    entries = account.requirements.entries if account.requirements else None
    return AccountState(
        id=account.id,
        card_payments=cards.status if cards else "inactive",
        country=((account.identity.country if account.identity else None) or "").upper(),
        wants=tuple(
            each.description
            for each in entries or ()
            if each.awaiting_action_from == "user" and each.minimum_deadline.status != "eventually_due"
        ),
    )


def _checkout(session: stripe.checkout.Session) -> CheckoutState:
    currency = (session.currency or "").upper()
    return CheckoutState(
        id=session.id,
        status=session.status or "open",
        is_paid=session.payment_status in _PAID,
        url=session.url,
        purchase_id=uuid_in(session.metadata, "purchase_id"),
        payment_id=id_of(session.payment_intent),
        amount=from_stripe(session.amount_total or 0, currency),
        currency=currency,
    )


def _refund(refund: stripe.Refund) -> RefundState:
    return RefundState(
        id=refund.id,
        status=refund.status or "pending",
        amount=from_stripe(refund.amount, refund.currency),
        currency=refund.currency.upper(),
        created_at=instant(refund.created),
        refund_id=uuid_in(refund.metadata, "refund_id"),
        trouble=getattr(refund, "failure_reason", None) or "",
    )


def _dispute(dispute: stripe.Dispute) -> DisputeState:
    moved, due = [each.amount for each in dispute.balance_transactions], dispute.evidence_details.due_by
    return DisputeState(
        id=dispute.id,
        status=dispute.status,
        reason=dispute.reason,
        amount=from_stripe(dispute.amount, dispute.currency),
        currency=dispute.currency.upper(),
        withdrawn=from_stripe(-sum(amount for amount in moved if amount < 0), dispute.currency),
        reinstated=from_stripe(sum(amount for amount in moved if amount > 0), dispute.currency),
        opened_at=instant(dispute.created),
        answer_by=instant(due) if due else None,
    )


def _plan_checkout(session: stripe.checkout.Session) -> PlanCheckoutState:
    return PlanCheckoutState(
        id=session.id,
        status=session.status or "open",
        url=session.url,
        practice_id=uuid_in(session.metadata, "practice_id"),
        customer_id=id_of(session.customer),
        subscription_id=id_of(session.subscription),
    )
