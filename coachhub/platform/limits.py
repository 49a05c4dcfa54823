"""Limits on tries, by address and by account, counted in Valkey (and in memory while it is away)."""

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from flask import Flask, Response, current_app, request
from flask.globals import request_ctx
from flask_limiter import Limiter, RequestLimit
from flask_limiter._limits import RuntimeLimit
from flask_limiter.util import get_remote_address
from redis import RedisError

from coachhub.platform import clock
from coachhub.platform.config import Settings
from coachhub.platform.lean import out_of_sight
from coachhub.platform.tries_at_once import Ask, Window, at_once

_ACCOUNT = "_limiter_request_context"
"""Where the library keeps account of a request, from the first look on."""


class _Limiter(Limiter):
    """The library's, for limits that stand on views alone: those count when their view is called, not before.

    Where a view has several they are asked at once. What that does not settle the library asks one by one: it refuses,
    and it leads over to memory where Valkey is gone.
    """

    _ask: Ask | None = None

    def init_app(self, app: Flask) -> None:
        """As the library does, and ready to ask its storage at once."""
        super().init_app(app)
        for hooks in (app.after_request_funcs[None], app.teardown_request_funcs[None]):
            hooks[-1] = _where_limits_are(hooks[-1])
        self._ask = at_once(self._storage)
        self._limits_on.cache_clear()

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware and not self._lets_in(callable_name):
            super()._check_request_limit(callable_name, in_middleware)

    def _lets_in(self, callable_name: str | None) -> bool:
        """Whether there is a limit, and none is reached; then the try is counted."""
        if self._ask is None or self._storage_dead or callable_name is None or self._lets_all_in():
            return False
        limits = [each for each in self._limits_on(callable_name) if not (each.is_exempt or each.method_exempt)]
        if not limits or not all(map(_is_plain, limits)):
            return False
        counted = [RequestLimit(self, each.limit, self._named(each), False, each.shared) for each in limits]
        try:
            lets_in = all(all(each.request_args) for each in counted) and self._ask(
                tuple(map(_window, limits)), [each.key for each in counted]
            )
        except RedisError:
            return False
        if lets_in:
            self._note(limits, counted)
        return lets_in

    def _lets_all_in(self) -> bool:
        return not self.enabled or any(is_free() for is_free in self._request_filters)

    @cache  # noqa: B019 (there is one of us)
    def _limits_on(self, callable_name: str) -> tuple[RuntimeLimit, ...]:
        """In the order in which the library asks them. They are written on views, and never change."""
        return tuple(sorted(self.limit_manager.decorated_limits(callable_name), key=lambda each: each.limit))

    def _named(self, limit: RuntimeLimit) -> list[str]:
        """By which words the library counts it."""
        return [self._key_prefix, limit.key_func(), limit.scope_for(request.endpoint or "", request.method)]

    def _note(self, limits: Sequence[RuntimeLimit], counted: list[RequestLimit]) -> None:
        """What the library knows of a request that it has let in."""
        context = self.context
        context.view_rate_limit, context.view_rate_limits = counted[0], counted
        for limit, found in zip(limits, counted, strict=True):
            if limit.deduct_when:
                context.conditional_deductions[limit] = found.request_args


def _where_limits_are(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What the library does after a request that has met a limit; of any other it would only begin to keep account."""

    def after(given: Any) -> Any:
        return hook(given) if _ACCOUNT in request_ctx.__dict__ else given

    return after


def _is_plain(limit: RuntimeLimit) -> bool:
    return limit.cost == 1 and not limit.shared and not limit.meta_limits


def _window(limit: RuntimeLimit) -> Window:
    """What is counted only by how the request is answered is asked alone, before."""
    return Window(limit.limit.amount, limit.limit.get_expiry(), counts=limit.deduct_when is None)


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
