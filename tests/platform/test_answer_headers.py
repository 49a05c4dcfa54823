"""Whatever is answered has the strict headers, each of them once, and a page's own words go first."""

from collections import Counter
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coachhub.app import create_app
from coachhub.platform.config import Settings
from tests.cast import Cast, signed_in

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Cookie",
}


def _strict(answer: TestResponse) -> dict[str, Any]:
    assert max(Counter(name.lower() for name, _ in answer.headers if name != "Set-Cookie").values()) == 1
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    return {name: answer.headers.get(name) for name in _ALWAYS}


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/today", "/nowhere", "/sign-in?next=%00"])
def test_it_says_so_of_every_answer(cast: Cast, path: str) -> None:
    assert _strict(signed_in(cast.app, None).get(path)) == _ALWAYS


def test_it_says_so_to_who_is_signed_in(cast: Cast) -> None:
    browser = signed_in(cast.app, cast.ana)
    assert _strict(browser.get("/settings")) == _ALWAYS
    assert _strict(browser.post("/sign-out")) == _ALWAYS


def test_it_leaves_a_page_its_own_words(cast: Cast) -> None:
    style = signed_in(cast.app, None).get("/brand/336699.css")
    assert _strict(style) == {**_ALWAYS, "Cache-Control": "public, max-age=2592000"}
    list_page = signed_in(cast.app, cast.ana).get("/clients")
    assert _strict(list_page) == {**_ALWAYS, "Cache-Control": "private, no-cache", "Vary": "Cookie, HX-Request"}


def test_it_holds_browsers_to_https_where_they_came_by_it(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"trusted_proxies": 1}))

    def told(**headers: str) -> str | None:
        browser: FlaskClient = app.test_client()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return browser.get("/healthz", headers=named).headers.get("Strict-Transport-Security")

    assert told() is None
    assert told(X_Forwarded_Proto="https") == "max-age=31536000; includeSubDomains"
