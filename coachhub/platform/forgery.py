"""The guard against forged forms: one for all applications of a process. Only the web has pages to guard."""

from functools import lru_cache

from flask import current_app, g, request, session
from flask_wtf.csrf import CSRFProtect, generate_csrf

from coachhub.platform.guards import SAFE_METHODS
from coachhub.platform.signing import PlainSigning

_TOKEN, _SALT = "csrf_token", "wtf-csrf-token"
"""Where Flask-WTF keeps the token in the session and for the request, and what it signs it with."""


class _Protect(CSRFProtect):  # type: ignore[misc]  # Flask-WTF ships no types
    """The library's. It would find out first whether a view is exempt, and then that nothing is to be checked."""

    def protect(self, apply_exemptions: bool = False) -> None:
        if request.method not in SAFE_METHODS:
            super().protect(apply_exemptions)


csrf = _Protect()


def form_token() -> str:
    """The token that a form carries, as Flask-WTF keeps it for the request; only who signs it is not made anew."""
    token = token_so_far()
    if token is None and isinstance(known := session.get(_TOKEN), str):
        token = str(_signing(current_app.secret_key).dumps(known))
        setattr(g, _TOKEN, token)
    return token or str(generate_csrf())


def token_so_far() -> str | None:
    """That token, where a form of this request has asked for it already."""
    token: str | None = g.get(_TOKEN)
    return token


@lru_cache(maxsize=4)
def _signing(secret: str | bytes) -> PlainSigning:
    return PlainSigning(secret, salt=_SALT)
