"""SendGrid's Event Webhook: signed, kept, answered; what it means is worked out by a job."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from coachhub.platform import clock
from coachhub.platform.forgery import csrf
from coachhub.platform.guards import public
from coachhub.platform.ports import ports
from coachhub.platform.sendgrid_news import (
    MOST_BYTES,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    NotSigned,
    NotUnderstood,
    sendgrid_news,
)
from coachhub.reminders.service.events import keep_news

webhooks = Blueprint("webhooks", __name__)
csrf.exempt(webhooks)  # the signature says who it is; there is no browser and no cookie


@webhooks.post("/webhooks/sendgrid")
@public
def sendgrid() -> ResponseReturnValue:
    """Keep what SendGrid tells. Where we fail it gets no 2xx, and tells it again later."""
    keys = ports().settings.sendgrid_webhook_keys
    if not keys:
        return "", 404
    if (request.content_length or 0) > MOST_BYTES:
        return "", 400
    signature, timestamp = request.headers.get(SIGNATURE_HEADER, ""), request.headers.get(TIMESTAMP_HEADER, "")
    try:
        keep_news(sendgrid_news(request.get_data(), signature, timestamp, keys, clock.now()))
    except NotSigned:
        return "", 403
    except NotUnderstood:
        return "", 400
    return "", 204
