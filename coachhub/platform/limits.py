"""Limits on tries, by address and by account, counted in Valkey (and in memory while it is away)."""

import hashlib

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from coachhub.platform import clock
from coachhub.platform.config import Settings
from coachhub.platform.lean import out_of_sight


class _Limiter(Limiter):
    """The library's, for limits that stand on views alone: those count when their view is called, not before."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = _Limiter(key_func=get_remote_address, strategy="moving-window")


def count_tries(app: Flask, settings: Settings) -> None:
    """Wire the limiter to Valkey."""
    app.config.update(
        RATELIMIT_STORAGE_URI=_storage(settings.redis_url.get_secret_value()),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        # Of several requests that find Valkey gone at once, one leads over to memory; the others are let in uncounted.
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_KEY_PREFIX="limit",
    )
    with out_of_sight("valkey"):  # a second client library, which it would load beside the one that it uses
        limiter.init_app(app)
    app.after_request(_say_when_to_try_again)


def _say_when_to_try_again(response: Response) -> Response:
    """In seconds, where a limit was reached. To say on every page what is left would cost another look at Valkey."""
    reached = limiter.current_limit if response.status_code == 429 else None
    if reached is not None:
        response.headers["Retry-After"] = str(max(1, int(reached.reset_at - clock.machine_now().timestamp())))
    return response


@limiter.request_filter
def _is_switched_off() -> bool:
    """The limiter is one for all applications of a process; each of them says for itself whether it counts."""
    return not current_app.config["RATELIMIT_ENABLED"]


def _storage(url: str) -> str:
    return url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url


def account_named() -> str:
    """The account that a form of a visitor names, as a key to count by; the address where it names none."""
    return _key(request.form.get("email", "").strip().lower())


def browser_signed_in() -> str:
    """The login of a browser, as a key to count by; what its form says would be its own to choose."""
    return _key(request.cookies.get(current_app.config["SIGN_IN_COOKIE"], ""))


def _key(text: str) -> str:
    """Of one length, and nobody's to read: keys stand in Valkey, and in its logs."""
    return hashlib.sha256(text.encode()).hexdigest() if text else get_remote_address()
