"""What all pages behind a secret address share: nobody else is told of it, and nobody tries addresses for long."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, request
from flask_limiter import RouteLimit

from coachhub.platform.limits import limited, limiter

View = TypeVar("View", bound=Callable[..., Any])


def keep_private(response: Response) -> Response:
    """No search engine keeps the page, and no other site hears its address."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def by_link(view: View) -> View:
    """As `by_machines_too`, and so many looks from one place as a company may need."""
    return limited(view, *_by_machines_too(), limiter.limit("1200 per hour"))


def by_machines_too(view: View) -> View:
    """Forty answers an hour under one link, forty addresses tried in vain from one place, and more looks.

    What is good from one place has no limit: a provider of mail answers for all of its readers.
    """
    return limited(view, *_by_machines_too())


def _by_machines_too() -> list[RouteLimit]:
    return [
        limiter.limit("40 per hour", key_func=_link, methods=["POST"]),
        limiter.limit("300 per hour", key_func=_link, methods=["GET"]),
        limiter.limit("40 per hour", deduct_when=_led_nowhere),
    ]


def _link() -> str:
    """Of one length, and nobody's to follow: keys stand in Valkey, and in its logs."""
    token = str((request.view_args or {}).get("token", ""))
    return hashlib.sha256(token.encode()).hexdigest()


def _led_nowhere(response: Response) -> bool:
    return response.status_code == 404
