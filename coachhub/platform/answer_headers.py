"""The headers that every answer of ours has, unless the page itself says otherwise.

They are put beside the answer's own as it leaves: what Flask is told of an answer it copies once more, a header at a
time.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

YEAR = 365 * 24 * 3600
_POLICY = "Content-Security-Policy"
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Cookie",
}
_WANTED = [(name.lower(), (name, value)) for name, value in _ALWAYS.items()]
_ONLY_SECURELY = ("strict-transport-security", ("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains"))


class AnswerHeaders:
    """Around the application, as other middleware is."""

    def __init__(self, application: "WSGIApplication", app: Flask) -> None:
        self._application = application
        self._config = app.config

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        def start(status: str, own: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, own + self._others(own, environ["wsgi.url_scheme"]), *error)

        return self._application(environ, start)

    def _others(self, own: list[tuple[str, str]], scheme: str) -> list[tuple[str, str]]:
        """Those that it does not name itself. The scheme is read this late because a proxy may have said it."""
        said = {name.lower() for name, _ in own}
        wanted = [*_WANTED, (_POLICY.lower(), (_POLICY, self._config["CONTENT_POLICY"]))]
        if scheme == "https":
            wanted.append(_ONLY_SECURELY)
        return [header for name, header in wanted if name not in said]
