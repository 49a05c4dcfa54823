"""The browser's form session: Flask's signed cookie, read and written by a serializer that is made once."""

from functools import lru_cache

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class FormSessions(SecureCookieSessionInterface):
    """Flask makes a serializer for each request, which takes longer than to read a cookie with it."""

    def __init__(self) -> None:
        self._made = lru_cache(maxsize=16)(self._make)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """That of the application's keys as they are now."""
        return self._made(app, app.secret_key, tuple(app.config["SECRET_KEY_FALLBACKS"] or ()))

    def _make(self, app: Flask, *_keys: object) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(app)
