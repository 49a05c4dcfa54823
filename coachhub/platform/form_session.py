"""The session in which a browser's forms keep their token: Flask's own, whose signer is made once.

Flask makes one for each request, though it depends on the application's keys alone. And it asks for all that a cookie
may be told before it finds that there is none to be read or to be set, as of most requests.
"""

from typing import TYPE_CHECKING

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

from coachhub.platform.signing import Signing

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer

Keys = tuple[str | bytes | None, ...]


class FormSessions(SecureCookieSessionInterface):
    """As Flask keeps them: signed, in a cookie."""

    def __init__(self) -> None:
        self._made: dict[Keys, URLSafeTimedSerializer | None] = {}

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """An empty one where the browser brings none."""
        if self.get_cookie_name(app) in request.cookies:
            return super().open_session(app, request)
        return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Where there is something to be kept. Every answer says that it varies with cookies (answer_headers.py)."""
        if self.should_set_cookie(app, session):
            super().save_session(app, session, response)

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
