"""A macro's HTML is kept by what it is handed over, the language and the place; and it asks for nothing else."""

import ast
from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string
from jinja2 import nodes
from jinja2.environment import Environment
from markupsafe import escape

from coachhub.platform.language import as_reader
from coachhub.platform.written_once import WrittenOnce
from tests.fitness.source import ROOT, parsed

PARTS = "reports/clients_parts.html"
TOKENS = {"csrf_token", "form_token"}
ASKS_WHO_READS = TOKENS | {"identity", "request", "session", "g", "get_flashed_messages", "settings", "Role"}
ASKS_WHEN = {"date_words", "date_short", "time_words", "moment_words"}


def filters(name: str, current: str) -> list[tuple[str, str, bool, int | None]]:
    return [("/clients", name, name == current, None)]


def test_it_writes_once_for_all_who_would_read_the_same(app: Flask) -> None:
    seen = []

    def note(name: str) -> list[tuple[str, str, bool, int | None]]:
        seen.append(name)
        return filters(name, "")

    once = WrittenOnce(PARTS, "filters", note)
    with app.test_request_context():
        assert escape(once("<All>")) == escape(once("<All>"))
        assert "&lt;All&gt;" in escape(once("<All>"))
        assert escape(once.each(["<All>", "Some"])) == escape(once("<All>")) + escape(once("Some"))
    assert seen == ["<All>", "Some"]


@pytest.mark.parametrize("root", ["/en", "/elsewhere"])
def test_it_writes_anew_in_another_language_and_at_another_place(app: Flask, root: str) -> None:
    seen = []
    once = WrittenOnce(PARTS, "filters", lambda name: seen.append(name) or filters(name, ""))
    for place, locale in ((root, "en_GB"), (root, "en_US"), ("", "en_GB"), (root, "en_GB")):
        with app.test_request_context(base_url=f"http://localhost{place}"), as_reader(locale, "UTC"):
            escape(once("All"))
    assert len(seen) == 3


def test_it_forgets_what_nobody_has_asked_for_longest(app: Flask) -> None:
    seen = []
    once = WrittenOnce(PARTS, "filters", lambda name: seen.append(name) or filters(name, ""), most=2)
    with app.test_request_context():
        for name in ("a", "b", "a", "c", "a", "b"):
            escape(once(name))
    assert seen == ["a", "b", "c", "b"]


def test_it_writes_where_a_template_shows_it(app: Flask) -> None:
    seen = []
    once = WrittenOnce(PARTS, "filters", lambda name: seen.append(name) or filters(name, ""))
    with app.test_request_context():
        shown = [once("All"), once.each(["All", "Some"]), once.each([])]
        assert [bool(part) for part in shown] == [True, True, False]
        assert seen == []
        assert render_template_string("{{ part }}", part=shown[1]) == escape(shown[1])


def _named() -> Iterator[tuple[str, str]]:
    """The template and the macro of each."""
    for _path, tree in parsed("coachhub"):
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "WrittenOnce":
                template, macro = (ast.literal_eval(argument) for argument in call.args[:2])
                yield template, macro


def _refused(environment: Environment, template: str) -> set[str]:
    """What the template uses, of what asks who reads or when: names, filters, and macros that ask on its behalf."""
    tree = environment.parse((ROOT / "templates" / template).read_text())
    names = {node.name for node in tree.find_all(nodes.Name)} & ASKS_WHO_READS
    filters = {node.name for node in tree.find_all(nodes.Filter)} & ASKS_WHEN
    macros = {node.attr for node in tree.find_all(nodes.Getattr)} & {"flashes", "csrf", "button_form"}
    return names | filters | macros


def test_it_keeps_only_macros_that_ask_neither_who_reads_nor_when(app: Flask) -> None:
    found = set(_named())
    assert len(found) >= 5
    for template, macro in found:
        assert _refused(app.jinja_env, template) == set(), (template, macro)
        assert hasattr(app.jinja_env.get_template(template).module, macro)
