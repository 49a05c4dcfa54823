"""The session in which a browser's forms keep their token: Flask's own, whose signer is made once.

Flask makes one for each request, though it depends on the application's keys alone. So does Flask-WTF for the token.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Flask, current_app, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from coachhub.platform.signing import PlainSigning, Signing

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer

_TOKEN, _SALT = "csrf_token", "wtf-csrf-token"
"""Where Flask-WTF keeps the token in the session and for the request, and what it signs it with."""

Keys = tuple[str | bytes | None, ...]


class FormSessions(SecureCookieSessionInterface):
    """As Flask keeps them: signed, in a cookie."""

    def __init__(self) -> None:
        self._made: dict[Keys, URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> "URLSafeTimedSerializer | None":
        """By the keys of this moment: another key has another signer."""
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys not in self._made:
            self._made[keys] = _with_kept_signers(super().get_signing_serializer(app))
        return self._made[keys]


def _with_kept_signers(made: "URLSafeTimedSerializer | None") -> Signing | None:
    if made is None:
        return None
    return Signing(made.secret_keys, salt=made.salt, serializer=made.serializer, signer_kwargs=made.signer_kwargs)


def form_token() -> str:
    """The token that a form carries, as Flask-WTF keeps it for the request; only who signs it is not made anew."""
    if _TOKEN not in g and isinstance(known := session.get(_TOKEN), str):
        setattr(g, _TOKEN, _signing(current_app.secret_key).dumps(known))
    token: str = generate_csrf()
    return token


@lru_cache(maxsize=4)
def _signing(secret: str | bytes) -> PlainSigning:
    return PlainSigning(secret, salt=_SALT)
