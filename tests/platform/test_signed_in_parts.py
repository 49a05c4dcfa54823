"""The header of signed-in pages: written once for each person, with a token of each browser's own in it."""

import re

from flask import Flask, g, render_template_string
from markupsafe import escape

from coachhub.platform.environment import TemplateContext
from coachhub.platform.signed_in_parts import signed_in_top
from tests.cast import Cast

SHOWN = '{% extends "layouts/portal.html" %}{% set active = "month" %}'


def _header(page: str) -> str:
    return page[page.index("<header") : page.index("</header>")]


def test_it_shows_each_person_themselves_and_each_browser_a_token(cast: Cast) -> None:
    bodies = [_header(cast.browser(cast.ana).get(path).text) for path in ("/today", "/clients")]
    tokens = [re.findall(r'name="csrf_token" value="([^"]+)"', body) for body in bodies]
    assert [len(found) for found in tokens] == [1, 1]
    without = [body.replace(found[0], "") for body, found in zip(bodies, tokens, strict=True)]
    assert without[0] == without[1]
    other = _header(cast.browser(cast.ben).get("/month").text)
    for email, header in ((cast.ana.email, bodies[0]), (cast.ben.email, other)):
        assert email in header
    assert cast.ben.email not in bodies[0]


def test_it_ends_the_header_where_nobody_is_signed_in(app: Flask) -> None:
    with app.test_request_context():
        g.identity = None
        page = render_template_string(SHOWN)
        assert page.count("<header") == page.count("</header>") == 1
        assert "sign-out" not in page
        assert escape(signed_in_top("habits.month")) in page


def test_it_calls_what_asks_for_its_context_as_jinja_does(app: Flask) -> None:
    assert app.jinja_env.context_class is TemplateContext
    shown = (
        "{% macro m(a) %}<{{ a }}>{% endmacro %}{% for x in 'ab' %}{{ m(x) }}{{ _('<b>%(n)s</b>', n='<') }}{% endfor %}"
    )
    with app.test_request_context():
        assert render_template_string(shown) == "<a><b>&lt;</b><b><b>&lt;</b>"
        assert render_template_string("{{ ended() }}|", ended=_ended) == "|"


def _ended() -> str:
    return next(iter(()))
