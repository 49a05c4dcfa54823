"""An answer goes to the server as one list where all of it is there, and in pieces where it is made as it is sent."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response
from werkzeug.test import EnvironBuilder

from coachhub.app import create_app
from coachhub.platform.config import Settings
from coachhub.platform.guards import bare
from tests.cast import Cast, signed_in


def _given(app: Flask, path: str, method: str = "GET", **headers: str) -> Any:
    environ = EnvironBuilder(path=path, method=method, headers=headers).get_environ()
    return app.wsgi_app(environ, lambda *_: lambda _: None)


@pytest.mark.parametrize("path", ["/healthz", "/today", "/nowhere", "/brand/336699.css"])
def test_it_is_a_list(cast: Cast, path: str) -> None:
    given = _given(cast.app, path)
    assert type(given) is list
    assert b"".join(given) == signed_in(cast.app, None).get(path).data


def test_it_is_an_empty_list_where_nothing_is_to_be_sent(cast: Cast) -> None:
    assert _given(cast.app, "/sign-in", "HEAD") == []
    browser = signed_in(cast.app, cast.ana)
    tag = browser.get("/clients").headers["ETag"]
    cookies = {"Cookie": f"{cast.app.config['SIGN_IN_COOKIE']}={_token(cast, browser)}", "If-None-Match": tag}
    browser.get("/clients", headers={"If-None-Match": tag})
    assert [_given(cast.app, "/clients", **cookies) for _again in range(2)] == [[], []]


def _token(cast: Cast, browser: Any) -> str:
    return str(browser.get_cookie(cast.app.config["SIGN_IN_COOKIE"]).value)


def test_it_goes_out_in_pieces_where_it_is_made_as_it_is_sent(settings: Settings) -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(2):
            made.append(number)
            yield b"."

    given = _given(_showing(settings, lambda: Response(pieces())), "/shown")
    assert (type(given) is list, made) == (False, [])
    assert (b"".join(given), made) == (b"..", [0, 1])


def test_it_tells_who_waits_for_its_end(settings: Settings) -> None:
    ended: list[str] = []

    def answer() -> Response:
        shown = Response("a page")
        shown.call_on_close(lambda: ended.append("here"))
        return shown

    assert _given(_showing(settings, answer), "/shown") == [b"a page"]
    assert ended == ["here"]


def _showing(settings: Settings, answer: Callable[[], Response]) -> Flask:
    app = create_app(settings)
    app.add_url_rule("/shown", "shown", bare(answer))
    return app
