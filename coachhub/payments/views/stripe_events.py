"""Stripe's webhooks, of the platform and of the practices' accounts: signed, kept, answered; a job does the rest."""

import structlog
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from coachhub.payments.gateway import BadEvent, gateway
from coachhub.payments.service.hearing import take_event
from coachhub.platform import clock
from coachhub.platform.forgery import csrf
from coachhub.platform.guards import bare
from coachhub.platform.ports import ports
from coachhub.platform.retries import until_it_fits

log = structlog.get_logger(__name__)

webhooks = Blueprint("stripe_webhooks", __name__)
csrf.exempt(webhooks)  # the signature says who it is; there is no browser and no cookie
_MOST_BYTES = 1024 * 1024


@webhooks.post("/webhooks/stripe")
@bare
def stripe() -> ResponseReturnValue:
    """Keep what Stripe tells. Where we fail it gets no 2xx, and tells it again later, for three days."""
    if not ports().settings.stripe_webhook_secrets:
        return "", 404
    if (request.content_length or 0) > _MOST_BYTES:
        return "", 400
    try:
        told = gateway().read_event(request.get_data(), request.headers.get("Stripe-Signature", ""), clock.now())
    except BadEvent:
        log.warning("stripe_event_refused")
        return "", 400
    until_it_fits(lambda: take_event(told))
    return "", 204
