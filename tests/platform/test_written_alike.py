"""What many read alike is kept without the words that are somebody's own."""

import pytest
from flask import Flask, session
from jinja2 import DictLoader

from coachhub.platform.forgery import form_token
from coachhub.platform.language import speak
from coachhub.platform.written_alike import WrittenAlike, filled, pieces_of, stand_in

TEMPLATES = {
    "parts.html": '{% macro line(own, is_new) %}<li title="{{ own[0] }}"{% if is_new %} class="new"{% endif %}>'
    '<a href="/of/{{ own[1] }}">{{ own[0]|noted }}</a></li>{% endmacro %}'
    "{% macro form(own) %}<form>{{ own[0] }}{{ form_token() }}</form>{% endmacro %}"
}


@pytest.fixture
def written() -> list[str]:
    """What a macro wrote, in order."""
    return []


@pytest.fixture
def small(written: list[str]) -> Flask:
    """An application with two parts."""
    app = Flask("small")
    app.secret_key = "for-this-test-alone-and-no-other"
    speak(app)
    app.jinja_env.loader = DictLoader(TEMPLATES)
    app.jinja_env.filters["noted"] = lambda name: written.append(name) or name
    app.jinja_env.globals["form_token"] = form_token
    return app


def test_it_writes_once_what_readers_have_in_common(small: Flask, written: list[str]) -> None:
    line = WrittenAlike("parts.html", "line")
    with small.test_request_context("/"):
        lines = line.of_each([(("Ana", 1), False), (("Ben", 2), True), (("Cleo", 3), False)]).__html__()
    assert [f"/of/{number}" in lines for number in (1, 2, 3)] == [True] * 3
    assert lines.count('class="new"') == 1
    assert lines.index("Ana") < lines.index("Ben") < lines.index("Cleo")
    assert len(written) == 2  # of those that are new, and of the others
    assert not {"Ana", "Ben", "Cleo"} & set(written)


def test_it_escapes_what_is_put_in(small: Flask) -> None:
    with small.test_request_context("/"):
        line = WrittenAlike("parts.html", "line").of(('"><script>', 1), False).__html__()
    assert "<script>" not in line
    assert line.count("&#34;&gt;&lt;script&gt;") == 2


def test_it_gives_each_reader_the_token_of_their_own_form(small: Flask) -> None:
    form = WrittenAlike("parts.html", "form")
    tokens = []
    for known in ("first", "second"):
        with small.test_request_context("/"):
            session["csrf_token"] = known
            html = form.of((known,)).__html__()
            tokens.append(form_token())
            assert html == f"<form>{known}{tokens[-1]}</form>"
    assert tokens[0] != tokens[1]


def test_it_leaves_alone_what_somebody_writes_that_looks_like_a_stand_in(small: Flask) -> None:
    with small.test_request_context("/"):
        pieces = pieces_of(f"<p>{stand_in(1)}, {stand_in(0)}</p>")
        assert filled(pieces, (stand_in(1), "<b>")) == f"<p>&lt;b&gt;, {stand_in(1)}</p>"
