"""Reports of errors to an address that understands Sentry's protocol, by its own library. Loaded only where one is set.

What the log tells as an error is reported: its kind, its place, its words that may be told, and ids as tags. None of
the library's integrations is on: they would collect requests, queries and arguments by themselves.
"""

import atexit
from typing import Any

import sentry_sdk
from flask import has_request_context, request
from sentry_sdk.types import Event, Hint
from sentry_sdk.utils import event_from_exception
from structlog.typing import EventDict, Processor

from coachhub.platform.config import Settings
from coachhub.platform.discretion import chain, words_of
from coachhub.platform.logs import error_of

_TAGS = ("error_id", "request_id", "practice_id", "endpoint", "job_id", "job")
_LEVELS = ("error", "critical")
_PATIENCE = 2.0
_LEFT_OUT = ("user", "breadcrumbs", "extra", "logentry", "modules")


def reporter(dsn: str, settings: Settings) -> Processor:
    """A step of the log that reports each error which passes through it, and changes nothing."""
    # `send_default_pii` is off unless set, and to set it is deprecated.
    sentry_sdk.init(
        dsn=dsn,
        environment=settings.environment,
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        propagate_traces=False,
        send_client_reports=False,
        before_send=_discreet,
    )
    atexit.register(send)

    def report(_logger: Any, _method: str, event: EventDict) -> EventDict:
        error = error_of(event)
        if error is not None and event.get("level") in _LEVELS:
            _report(error, event, settings)
        return event

    return report


def send() -> None:
    """Send what waits, within two seconds."""
    sentry_sdk.flush(_PATIENCE)


def _report(error: BaseException, event: EventDict, settings: Settings) -> None:
    told, hint = event_from_exception(error, client_options=sentry_sdk.get_client().options)
    told["tags"] = {name: str(event[name]) for name in _TAGS if event.get(name)} | {"event": str(event["event"])}
    if has_request_context():
        route = request.url_rule.rule if request.url_rule else ""
        told["transaction"] = route
        told["request"] = {"method": request.method, "url": f"{settings.base_url.rstrip('/')}{route}"}
    else:
        told["transaction"] = str(event.get("job", ""))
    sentry_sdk.capture_event(told, hint=hint)


def _discreet(event: Event, hint: Hint) -> Event:
    """The last look before it leaves: texts of errors in the words that may be told, and nothing that came along."""
    errors = chain(hint["exc_info"][1]) if "exc_info" in hint else []
    values = event.get("exception", {}).get("values", [])
    for number, value in enumerate(values):
        is_known = len(values) == len(errors)
        value["value"] = words_of(errors[number]) if is_known else ""
        for frame in value.get("stacktrace", {}).get("frames", []):
            frame.pop("vars", None)
    for name in _LEFT_OUT:
        event.pop(name, None)  # type: ignore[misc]
    return event
