"""Limits on tries, by address and by account, counted in Valkey (and in memory while it is away)."""

from flask import Flask, current_app, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from coachhub.platform.config import Settings

limiter = Limiter(key_func=get_remote_address, strategy="moving-window")


def count_tries(app: Flask, settings: Settings) -> None:
    """Wire the limiter to Valkey."""
    app.config.update(
        RATELIMIT_STORAGE_URI=_storage(settings.redis_url.get_secret_value()),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_KEY_PREFIX="limit",
        RATELIMIT_HEADERS_ENABLED=True,
    )
    limiter.init_app(app)


@limiter.request_filter
def _is_switched_off() -> bool:
    """The limiter is one for all applications of a process; each of them says for itself whether it counts."""
    return not current_app.config["RATELIMIT_ENABLED"]


def _storage(url: str) -> str:
    return url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url


def account_named() -> str:
    """The account that a sign-in form names, as a key to count by; the address where it names none."""
    return request.form.get("email", "").strip().lower() or get_remote_address()
