"""The floor of a page shows the same, and its template writes what the page keeps; or not, where it is told to."""

from typing import NamedTuple

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader

from coachhub.bench.load import Page
from coachhub.bench.pages import body_of
from coachhub.bench.ready_pages import ReadyPage
from coachhub.platform.language import speak
from coachhub.platform.written_once import Written, WrittenOnce

TEMPLATES = {
    "parts.html": "{% macro line(name) %}<li>{{ name|noted }}</li>{% endmacro %}",
    "names.html": "<ul>{% if lines %}{{ lines }}{% endif %}</ul>{{ line('Cleo') }}",
}
PAGE = Page("/names")


@pytest.fixture
def written() -> list[str]:
    """What was written by a macro, in order."""
    return []


@pytest.fixture
def small(written: list[str]) -> Flask:
    """An application with one page, which keeps its lines."""
    app, lines = Flask("small"), WrittenOnce("parts.html", "line")
    speak(app)
    app.jinja_env.loader = DictLoader(TEMPLATES)
    app.jinja_env.filters["noted"] = lambda name: written.append(name) or name
    app.jinja_env.globals["line"] = lambda name: lines(name)

    @app.get("/names")
    def names() -> str:
        return render_template("names.html", lines=lines.each(["Ana", "<Ben>"]))

    return app


@pytest.mark.parametrize(("is_written", "expected"), [(False, ["Ana", "<Ben>", "Cleo"]), (True, [])])
def test_its_template_writes_what_the_page_keeps(
    small: Flask, written: list[str], is_written: bool, expected: list[str]
) -> None:
    ready, browser = ReadyPage(small), small.test_client()
    shown = body_of(browser, PAGE)
    floor = ready.keep(browser, PAGE, is_written=is_written)
    written.clear()
    assert body_of(browser, PAGE) == body_of(browser, floor) == shown
    assert b"&lt;Ben&gt;" in shown
    assert written == expected


class Whole(NamedTuple):
    """A part that is made of parts."""

    lines: Written


def test_its_template_writes_what_a_kept_part_is_made_of(written: list[str]) -> None:
    app, lines = Flask("small"), WrittenOnce("parts.html", "line")
    wholes = WrittenOnce("all.html", "whole", lambda *names: Whole(lines.each(names)))
    speak(app)
    parts = {"all.html": "{% macro whole(on) %}<ul>{{ on.lines }}</ul>{% endmacro %}", "page.html": "{{ whole }}"}
    app.jinja_env.loader = DictLoader({**TEMPLATES, **parts})
    app.jinja_env.filters["noted"] = lambda name: written.append(name) or name
    app.add_url_rule("/names", "names", lambda: render_template("page.html", whole=wholes("Ana", "<Ben>")))
    floor = ReadyPage(app).keep(app.test_client(), PAGE)
    written.clear()
    assert b"<ul><li>Ana</li><li>&lt;Ben&gt;</li></ul>" in body_of(app.test_client(), floor)
    assert written == ["Ana", "<Ben>"]
