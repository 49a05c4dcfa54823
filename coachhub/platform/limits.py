"""Limits on tries, by address and by account, counted in Valkey (and in memory while it is away)."""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from flask import Flask, Response, current_app, g, request
from flask.globals import request_ctx
from flask_limiter import Limiter, RequestLimit, RouteLimit
from flask_limiter._limits import RuntimeLimit
from flask_limiter.util import get_remote_address
from redis import RedisError

from coachhub.platform import clock
from coachhub.platform.config import Settings
from coachhub.platform.lean import out_of_sight
from coachhub.platform.tries_at_once import Ask, Window, at_once

View = TypeVar("View", bound=Callable[..., Any])
_ACCOUNT = "_limiter_request_context"
"""Where the library keeps account of a request, from the first look on."""
_LET_IN = "let_in"
_TOO_MANY = 429


class _Limiter(Limiter):
    """The library's, for limits that stand on views alone: those count when their view is called, not before.

    Where a view has several they are asked at once. What that does not settle the library asks one by one: it refuses,
    and it leads over to memory where Valkey is gone.
    """

    _ask: Ask | None = None

    def init_app(self, app: Flask) -> None:
        """As the library does, and ready to ask its storage at once."""
        is_new = self not in app.extensions.get("limiter", ())  # of any other it adds nothing to what is there
        super().init_app(app)
        for hooks in (app.after_request_funcs[None], app.teardown_request_funcs[None]) if is_new else ():
            hooks[-1] = _where_limits_are(hooks[-1])
        self._ask = at_once(self._storage)
        self._asked_of.cache_clear()

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware and not self._lets_in(callable_name):
            g.pop(_LET_IN, None)  # of a first try at the same request
            super()._check_request_limit(callable_name, in_middleware)

    def _lets_in(self, callable_name: str | None) -> bool:
        """Whether there is a limit, and none is reached; then the try is counted."""
        if self._ask is None or self._storage_dead or callable_name is None or self._lets_all_in():
            return False
        running = request_ctx.request  # itself, once: through its proxy each name costs as much as a small call
        asked = self._asked_of(callable_name, running.endpoint or "", running.method)
        if asked is None:
            return False
        by = [whose() for whose in asked.whose]
        try:
            lets_in = all(by) and self._ask(
                asked.windows, [f"{before}{by[number]}{after}" for before, number, after in asked.keys]
            )
        except RedisError:
            return False
        if lets_in:
            setattr(g, _LET_IN, (asked, by))
        return lets_in

    def _lets_all_in(self) -> bool:
        return not self.enabled or any(is_free() for is_free in self._request_filters)

    @lru_cache(maxsize=512)  # noqa: B019 (there is one of us)
    def _asked_of(self, callable_name: str, endpoint: str, method: str) -> "_Asked | None":
        """What is asked of a view's limits whoever it is; None where there is none, or the library is to ask alone.

        They are written on views, and never change.
        """
        found = sorted(self.limit_manager.decorated_limits(callable_name), key=lambda each: each.limit)
        limits = [each for each in found if not each.method_exempt]
        if not limits or not all(map(_is_plain, limits)):
            return None
        scopes = [each.scope_for(endpoint, method) for each in limits]
        around = [
            each.limit.key_for(self._key_prefix, _WHOSE, scope).split(_WHOSE)
            for each, scope in zip(limits, scopes, strict=True)
        ]
        whose = list(dict.fromkeys(each.key_func for each in limits))
        keys = [
            (before, whose.index(each.key_func), after) for each, (before, after) in zip(limits, around, strict=True)
        ]
        return _Asked(limits, tuple(map(_window, limits)), scopes, whose, keys)

    def settle(self, response: Response) -> None:
        """Have the library know of a request that was let in what it asks for as this answer leaves: what is counted
        only now, and when to come back. Of any other answer it asks for nothing, and its account need not be opened.
        """
        let_in: tuple[_Asked, list[str]] | None = g.pop(_LET_IN, None)
        if let_in is not None and (response.status_code == _TOO_MANY or let_in[0].deducts(response)):
            self._note(*let_in)

    def _note(self, asked: "_Asked", by: list[str]) -> None:
        """What the library knows of a request that it has let in."""
        context = self.context
        counted = [
            RequestLimit(self, limit.limit, [self._key_prefix, by[number], scope], False, limit.shared)
            for limit, (_, number, _), scope in zip(asked.limits, asked.keys, asked.scopes, strict=True)
        ]
        context.view_rate_limit, context.view_rate_limits = counted[0], counted
        for limit, found in zip(asked.limits, counted, strict=True):
            if limit.deduct_when:
                context.conditional_deductions[limit] = found.request_args


class _Asked(NamedTuple):
    """A view's limits for requests of a method, and by whom each is counted: by the text that stands before and after
    that in its key, and which of `whose` tells it.
    """

    limits: list[RuntimeLimit]
    windows: tuple[Window, ...]
    scopes: list[str]
    whose: list[Callable[[], str]]
    keys: list[tuple[str, int, str]]

    def deducts(self, response: Response) -> bool:
        """Whether one of them counts requests that are answered like that."""
        return any(limit.deduct_when(response) for limit in self.limits if limit.deduct_when is not None)


_WHOSE = "\0"


def limited(view: View, *limits: RouteLimit) -> View:
    """With all of these limits, which are asked in the order given where they let in equally often.

    Each notes itself under the view's name, and whichever wraps it asks all of them: one wrapper is enough.
    """
    wrapped: Any = view
    for limit in limits:
        wrapped = limit(view)
    return cast(View, wrapped)


def _where_limits_are(hook: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """What the library does after a request that has met a limit; of any other it would only begin to keep account."""

    def after(given: Any) -> Any:
        return hook(given) if _ACCOUNT in request_ctx.__dict__ else given

    return after


def _is_plain(limit: RuntimeLimit) -> bool:
    is_fixed = limit.exempt_when is None and not callable(limit.scope)
    return is_fixed and limit.cost == 1 and not limit.shared and not limit.meta_limits


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
    limiter.settle(response)
    reached = limiter.current_limit if response.status_code == _TOO_MANY else None
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
