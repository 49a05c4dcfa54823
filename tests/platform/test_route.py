"""Addresses are made as werkzeug makes them; how is found out when the first is asked for."""

from uuid import UUID

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError, Rule

from coachhub.platform.route import Route

_ID = UUID(int=7)
_PATHS = ("/", "/clients/<uuid:client_id>", "/p/<slug>/<int:number>", "/files/<path:name>")


def _routed(route: type[Rule]) -> Flask:
    class Application(Flask):
        url_rule_class = route

    app = Application(__name__)
    for number, path in enumerate(_PATHS):
        app.add_url_rule(path, f"view-{number}", lambda **_values: "", defaults={"page": 1} if number == 3 else None)
    return app


def _addresses(route: type[Rule]) -> list[str]:
    with _routed(route).test_request_context("/"):
        found = []
        for more in ({}, {"q": "ä b", "n": 2}, {"_external": True}, {"_anchor": "x"}, {}):
            found += [url_for("view-0", **more), url_for("view-1", client_id=_ID, **more)]
            found += [url_for("view-2", slug="a b/c", number=3, **more), url_for("view-3", name="x/y ü", **more)]
        return found


def test_it_makes_the_addresses_that_werkzeug_makes() -> None:
    assert _addresses(Route) == _addresses(Rule)


def test_it_says_what_is_missing() -> None:
    with _routed(Route).test_request_context("/"), pytest.raises(BuildError, match="client_id"):
        url_for("view-1")


def test_it_writes_how_an_address_is_made_once_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    write = Rule._compile_builder

    def note(self: Rule, append_unknown: bool = True) -> object:
        written.append(self.rule)
        return write(self, append_unknown)

    monkeypatch.setattr(Rule, "_compile_builder", note)
    app = _routed(Route)
    assert not written
    with app.test_request_context("/"):
        assert [url_for("view-1", client_id=_ID) for _ in range(2)] == [f"/clients/{_ID}"] * 2
    assert written == [_PATHS[1]]


def test_it_finds_views_as_ever() -> None:
    browser = _routed(Route).test_client()
    assert [browser.get(path).status_code for path in (f"/clients/{_ID}", "/clients/nobody")] == [200, 404]
