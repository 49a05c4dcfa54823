"""How Stripe says no."""

from dataclasses import dataclass, field
from typing import Any

_DOCUMENTED = "https://stripe.com/docs/error-codes/"


@dataclass
class StripeError(Exception):
    """An answer that is no yes. `is_kept`: what was asked had begun, so its idempotency key answers the same again."""

    status: int
    type: str
    message: str
    code: str | None = None
    param: str | None = None
    more: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    is_kept: bool = True

    def body(self, request_id: str) -> dict[str, Any]:
        """The answer's body."""
        said: dict[str, Any] = {}
        if self.code:
            said |= {"code": self.code, "doc_url": f"{_DOCUMENTED}{self.code.replace('_', '-')}"}
        said["message"] = self.message
        if self.param:
            said["param"] = self.param
        said["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": {**said, "type": self.type, **self.more}}


def an_invalid_request(
    message: str, param: str | None = None, code: str | None = None, status: int = 400, *, is_kept: bool = False
) -> StripeError:
    """Something about the request itself is wrong, found before anything was done."""
    return StripeError(status, "invalid_request_error", message, code, param, is_kept=is_kept)


def a_refusal(message: str, param: str | None = None, code: str | None = None) -> StripeError:
    """The request is well made, and cannot be done as things stand."""
    return StripeError(400, "invalid_request_error", message, code, param)


def no_such(kind: str, object_id: str, param: str = "id") -> StripeError:
    """There is no such object in this account."""
    return StripeError(404, "invalid_request_error", f"No such {kind}: '{object_id}'", "resource_missing", param)
