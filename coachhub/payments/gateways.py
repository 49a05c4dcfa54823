"""Which gateway the settings name, and whether any is open for money."""

from collections.abc import Callable
from typing import NoReturn, cast

from coachhub.payments.gateway import Gateway, GatewayRefused, gateway
from coachhub.payments.pretend_gateway import PretendGateway
from coachhub.platform.config import Settings
from coachhub.platform.ports import ports

CLOSED = "not_set_up"


class ClosedGateway:
    """What stands in production where nobody has given a key: it refuses everything, and says why."""

    is_pretend = False

    def __getattr__(self, name: str) -> Callable[..., NoReturn]:
        return _refuse


def _refuse(*_asked: object, **_named: object) -> NoReturn:
    raise GatewayRefused(CLOSED, "Payments are not set up here: STRIPE_SECRET_KEY is not set.")


def gateway_of(settings: Settings) -> Gateway:
    """Stripe where there is a key; without one a pretended one, but in production none that moves money."""
    if settings.stripe_secret_key is not None:
        from coachhub.payments.stripe_gateway import StripeGateway  # heavy: loaded only where it is used

        return StripeGateway(settings)
    return cast(Gateway, ClosedGateway()) if settings.is_production else PretendGateway()


def is_open_for_money() -> bool:
    """Whether anything that costs money can be booked here at all; needs an application context."""
    return not isinstance(gateway(), ClosedGateway)


def is_plan_sold() -> bool:
    """Whether the platform's own plan can be taken here: without a price of it nobody is asked for money, or limited.

    Asks the settings alone: Stripe's library need not be loaded to add a client.
    """
    settings = ports().settings
    return bool(settings.stripe_price_id) and (settings.stripe_secret_key is not None or not settings.is_production)
