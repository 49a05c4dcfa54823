"""Two gateways that the same contract holds for, each with somebody who pays at it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask

from coachhub.payments.gateway import CheckoutAsked, CheckoutState, Gateway
from coachhub.payments.pretend_gateway import PretendGateway
from coachhub.payments.service.pretending import pay_pretended, set_up_account
from coachhub.payments.stripe_gateway import StripeGateway
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from tests.servers.stripe import StripeServer

SECRETS = ("whsec_platform", "whsec_connected", "whsec_before")


@dataclass
class Bank:
    """A gateway, the account of a practice at it, and what its buyers do."""

    gateway: Gateway
    clock: FixedClock
    practice_id: UUID
    account_id: str = ""

    def open(self, is_ready: bool = True) -> str:
        """Open the practice's account."""
        key = f"account:{self.practice_id}"
        self.account_id = self.gateway.open_account(key, "Ana Coaching", "ana@example.com", "GB").id
        if is_ready:
            self.fill_in()
        return self.account_id

    def fill_in(self) -> None:
        """The practice fills everything in."""
        raise NotImplementedError

    def pay(self, checkout_id: str) -> None:
        """Somebody pays."""
        raise NotImplementedError

    def asked(self, **changed: object) -> CheckoutAsked:
        """A checkout of 50 pounds, 31 minutes long."""
        purchase_id = uuid4()
        asked = CheckoutAsked(
            key=f"checkout:{purchase_id}",
            account_id=self.account_id,
            practice_id=self.practice_id,
            purchase_id=purchase_id,
            title="One session",
            amount=5000,
            currency="GBP",
            fee=250,
            email="vera@example.com",
            locale="en_GB",
            expires_at=self.clock.now() + timedelta(minutes=31),
            success_url="http://localhost/b/token/paid",
            cancel_url="http://localhost/b/token/pay",
        )
        return replace(asked, **changed)

    def paid(self, **changed: object) -> CheckoutState:
        """A checkout that somebody has paid."""
        made = self.gateway.open_checkout(self.asked(**changed))
        self.pay(made.id)
        return self.gateway.checkout(self.account_id, made.id)


@dataclass
class StripesBank(Bank):
    """Stripe's, as the test server plays it."""

    server: StripeServer | None = None

    def fill_in(self) -> None:
        self.server.set_account(self.account_id)

    def pay(self, checkout_id: str) -> None:
        self.server.pay(checkout_id)


class PretendedBank(Bank):
    """The pretended one."""

    def fill_in(self) -> None:
        set_up_account(self.account_id)

    def pay(self, checkout_id: str) -> None:
        pay_pretended(checkout_id)


def stripe_settings(settings: Settings, server: StripeServer) -> Settings:
    """Settings that lead to the test server."""
    changed = {"stripe_secret_key": server.key, "stripe_webhook_secrets": list(SECRETS), "stripe_api_base": server.url}
    return Settings(**{**settings.model_dump(), **changed})


def a_bank(
    kind: str, app: Flask, settings: Settings, server: StripeServer, clock: FixedClock, practice_id: UUID
) -> Bank:
    """One of the two."""
    if kind == "pretend":
        return PretendedBank(PretendGateway(), clock, practice_id)
    return StripesBank(StripeGateway(stripe_settings(settings, server)), clock, practice_id, server=server)
