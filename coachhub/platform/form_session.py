"""The session in which a browser's forms keep their token: Flask's own, whose signer is made once.

Flask makes one for each request, though it depends on the application's keys alone.
"""

from typing import TYPE_CHECKING

from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from coachhub.platform.signing import Signing

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer

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
