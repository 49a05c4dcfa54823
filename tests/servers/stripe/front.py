"""What stands before every request: the key, the account, the version, idempotency keys, faults."""

import json
import re
import threading
import time
from base64 import b64decode
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from tests.servers.stripe import accounts, billing, checkout, refunds  # noqa: F401 (they answer operations)
from tests.servers.stripe.errors import StripeError, an_invalid_request
from tests.servers.stripe.state import HANDLERS, PLATFORM, VERSION, Call, Object, World, new_id
from tests.servers.stripe.words import Operation, from_form, operation

_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")
_KEPT = 24 * 3600
_LONGEST_KEY = 255


class Fault(Enum):
    """What happens to a request.

    LOST: it is done, and then the connection ends without an answer. EATEN: it is read and not done, and the
    connection ends. CUT: the connection ends before the body was read. HANGS: it is not done and nothing is answered
    until the server closes; SLOW: the same, but it is done.
    """

    LOST = "lost"
    EATEN = "eaten"
    CUT = "cut"
    HANGS = "hangs"
    SLOW = "slow"

    @property
    def does(self) -> bool:
        return self in (Fault.LOST, Fault.SLOW)


What = int | Fault
Rule = Callable[["Asked"], What | None]


@dataclass(frozen=True)
class Asked:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def account(self) -> str | None:
        return self.headers.get("stripe-account") or self.headers.get("stripe-context")

    @property
    def key(self) -> str | None:
        return self.headers.get("idempotency-key")


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class _Kept:
    """What became of a request with an idempotency key."""

    what: tuple[str, str, bytes]
    request_id: str
    begun_at: int
    answer: Answer | None = None


@dataclass
class Front:
    """Answers requests on a world."""

    world: World
    api_key: str
    delay: float = 0
    planned: deque[What] = field(default_factory=deque)
    rules: list[Rule] = field(default_factory=list)
    answers: list[tuple[Asked, "Answer"]] = field(default_factory=list)
    _kept: dict[tuple[str, str], _Kept] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fault_of(self, asked: Asked) -> What | None:
        """What happens to this request instead of, or after, being done."""
        with self._lock:
            if self.planned:
                return self.planned.popleft()
        return next((what for rule in self.rules if (what := rule(asked)) is not None), None)

    def answer(self, asked: Asked, fault: What | None = None) -> Answer:
        """Do what is asked, or say why not."""
        request_id = new_id("req_", 14)
        try:
            self._check_key(asked)
            account = self._account(asked)
            if isinstance(fault, int):
                raise planned_error(fault)
            found = operation(asked.method.lower(), asked.path)
            if found is None:
                raise _unrecognized(asked)
            answer = self._once(asked, account, request_id, *found)
        except StripeError as error:
            answer = _failed(error, request_id, asked)
        self.answers.append((asked, answer))
        return answer

    def _check_key(self, asked: Asked) -> None:
        scheme, _, given = asked.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            given = b64decode(given).decode().partition(":")[0]
        if not given:
            raise an_invalid_request(_NO_KEY, status=401)
        if given != self.api_key:
            raise an_invalid_request(f"Invalid API Key provided: {_starred(given)}", status=401)

    def _account(self, asked: Asked) -> str:
        given = asked.headers.get("stripe-version")
        if asked.path.startswith("/v2/") and given is None:
            raise an_invalid_request("A Stripe-Version header is required for v2 endpoints.", code="missing_version")
        if given is not None and not _VERSION.fullmatch(given):
            raise an_invalid_request(f"Invalid Stripe API version: {given}")
        account = asked.account
        if account is None:
            return PLATFORM
        if account not in self.world.accounts:
            said = (
                f"The provided key '{_starred(self.api_key)}' does not have access to account '{account}' (or that "
                "account does not exist). Application access may have been revoked."
            )
            raise an_invalid_request(said, code="account_invalid", status=403)
        return account

    def _once(self, asked: Asked, account: str, request_id: str, wanted: Operation, ids: dict[str, str]) -> Answer:
        if asked.key is None or asked.method != "POST":
            return self._do(asked, account, request_id, wanted, ids)
        place, what = (account, asked.key), (asked.method, asked.path, asked.body)
        before = self._begin(place, what, request_id)
        if before is not None:
            return before
        answer = None
        try:
            answer = self._do(asked, account, request_id, wanted, ids)
        except StripeError as error:
            if error.is_kept:
                answer = _failed(error, request_id, asked)
            raise
        finally:
            self._finish(place, answer)
        return answer

    def _begin(self, place: tuple[str, str], what: tuple[str, str, bytes], request_id: str) -> Answer | None:
        """The answer of before, or None: then this request is the one that is done."""
        key, now = place[1], self.world.now()
        if len(key) > _LONGEST_KEY:
            raise an_invalid_request(f"Idempotency keys must be at most {_LONGEST_KEY} characters long.")
        with self._lock:
            kept = self._kept.get(place)
            if kept is None or kept.begun_at + _KEPT <= now:
                self._kept[place] = _Kept(what, request_id, now)
                return None
        if kept.what[:2] != what[:2]:
            raise _key_conflict(f"the same endpoint they were first used for ('{kept.what[1]}')", key)
        if kept.what != what:
            raise _key_conflict("the same parameters they were first used with", key)
        if kept.answer is None:
            raise StripeError(409, "idempotency_error", _IN_FLIGHT.format(key), "idempotency_key_in_use", is_kept=False)
        again = {"Idempotent-Replayed": "true", "Original-Request": kept.request_id}
        return Answer(kept.answer.status, kept.answer.body, {**kept.answer.headers, **again, "Request-Id": request_id})

    def _finish(self, place: tuple[str, str], answer: Answer | None) -> None:
        """Keep what came of it; what had not begun may be tried again with the key."""
        with self._lock:
            if answer is None:
                self._kept.pop(place, None)
            else:
                self._kept[place].answer = answer

    def _do(self, asked: Asked, account: str, request_id: str, wanted: Operation, ids: dict[str, str]) -> Answer:
        params = wanted.judged(_given(asked))
        handler = HANDLERS.get((wanted.method, wanted.template))
        if handler is None:
            said = f"This test server does not do {wanted.method.upper()} {wanted.template}."
            raise StripeError(501, "api_error", said, is_kept=False)
        call = Call(wanted.method, asked.path, wanted.template, ids, params, account, request_id, asked.key)
        time.sleep(self.delay)
        with self.world.lock:
            checkout.end_what_is_over(self.world)
            billing.end_what_is_given_up(self.world)
            body = handler(self.world, call)
        return _answered(200, body, request_id, asked)


def _given(asked: Asked) -> dict[str, Any]:
    if asked.method != "POST":
        return from_form(urlsplit(asked.target).query)
    kind = asked.headers.get("content-type", "").partition(";")[0]
    if not asked.path.startswith("/v2/"):
        if asked.body and kind != "application/x-www-form-urlencoded":
            said = "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."
            raise an_invalid_request(said)
        return from_form(asked.body.decode())
    if kind != "application/json":
        raise an_invalid_request("v2 endpoints take JSON: check that your content type is application/json.")
    try:
        given = json.loads(asked.body or b"{}")
    except ValueError:
        raise an_invalid_request("Invalid JSON.", code="invalid_json") from None
    return given if isinstance(given, dict) else {}


def _answered(status: int, body: Object, request_id: str, asked: Asked) -> Answer:
    headers = {"Content-Type": "application/json", "Request-Id": request_id}
    headers["Stripe-Version"] = asked.headers.get("stripe-version", VERSION)
    if asked.key:
        headers |= {"Idempotency-Key": asked.key, "Original-Request": request_id}
    if asked.account:
        headers["Stripe-Account"] = asked.account
    return Answer(status, json.dumps(body, indent=2).encode(), headers)


def _failed(error: StripeError, request_id: str, asked: Asked) -> Answer:
    answer = _answered(error.status, error.body(request_id), request_id, asked)
    return Answer(answer.status, answer.body, {**answer.headers, **error.headers})


def planned_error(status: int) -> StripeError:
    """The answer of a status that a test asked for; it was not done, and no idempotency key keeps it."""
    type_, message, code = _PLANNED.get(status, ("api_error", "Something went wrong on Stripe's end.", None))
    headers = {"Retry-After": "1"} if status == 429 else {}
    return StripeError(status, type_, message, code, headers=headers, is_kept=False)


_PLANNED: dict[int, tuple[str, str, str | None]] = {
    400: ("invalid_request_error", "As the test asked.", None),
    401: ("invalid_request_error", "Invalid API Key provided: sk_test_*********", None),
    402: ("card_error", "Your card was declined.", "card_declined"),
    403: ("invalid_request_error", "As the test asked.", "account_invalid"),
    404: ("invalid_request_error", "As the test asked.", "resource_missing"),
    409: (
        "invalid_request_error",
        "This object cannot be accessed right now: another request is on it.",
        "lock_timeout",
    ),
    429: ("invalid_request_error", "Request rate limit exceeded.", "rate_limit"),
}
_NO_KEY = (
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth "
    "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details."
)
_IN_FLIGHT = (
    "There is currently another in-progress request using this Idempotent Key (that probably means you submitted "
    "twice, and the other request is still going through): {}. Please try again once the original request is complete."
)


def _unrecognized(asked: Asked) -> StripeError:
    said = f"Unrecognized request URL ({asked.method}: {asked.path}). Please see https://stripe.com/docs."
    return an_invalid_request(said, status=404)


def _key_conflict(same: str, key: str) -> StripeError:
    said = (
        f"Keys for idempotent requests can only be used with {same}. Try using a key other than '{key}' if you meant "
        "to execute a different request."
    )
    return StripeError(400, "idempotency_error", said, is_kept=False)


def _starred(key: str) -> str:
    return f"{key[:8]}{'*' * 12}{key[-4:]}"
