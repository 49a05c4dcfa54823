"""The design system holds what design.md promises: contrast, weight, and markup that the strict policy allows."""

import gzip
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from jinja2.environment import TemplateModule
from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from coachhub.network.charts import example
from coachhub.platform.config import ROOT
from coachhub.platform.web import templates_folder

STATIC = ROOT / "coachhub/static"
CSS = (STATIC / "app.css").read_text()
TEMPLATES = sorted(templates_folder().rglob("*.html"))
PAGES = [path for path in TEMPLATES if path.relative_to(templates_folder()).parts[0] not in ("email", "report")]
LIGHT, DARK = 0, 1

TEXT = [
    ("text", "bg"), ("text", "surface"), ("text", "sunken"), ("text", "accent-soft"), ("text", "ember-soft"),
    ("text", "danger-soft"), ("text", "info-soft"), ("muted", "bg"), ("muted", "surface"), ("muted", "sunken"),
    ("accent", "bg"), ("accent", "surface"), ("accent", "accent-soft"), ("accent", "info-soft"),
    ("accent-hover", "surface"), ("accent-hover", "accent-soft"), ("on-accent", "accent"),
    ("on-accent", "accent-hover"), ("ember", "surface"), ("ember", "ember-soft"), ("danger", "bg"),
    ("danger", "surface"), ("danger", "danger-soft"), ("info", "surface"), ("info", "info-soft"),
    ("warmth-awake", "surface"), ("warmth-drowsy", "surface"), ("warmth-hibernating", "surface"),
    ("warmth-fading", "surface"),
]  # fmt: skip
EDGES = [("line-strong", "surface"), ("line-strong", "bg")]
MARKS = [("heat-3", "surface"), ("ink-1", "heat-1"), ("ink-2", "heat-2"), ("ink-3", "heat-3"), ("muted", "heat-0")]


@dataclass(frozen=True)
class Point:
    label: str
    kind: str
    level: int
    words: str
    value: int


class NameForm(FlaskForm):
    name = StringField("Name", [InputRequired("Enter a name.")])
    kind = RadioField("Kind", choices=[SelectChoice("a", "Colleague"), SelectChoice("b", "Mentor")], default="a")
    agreed = BooleanField("Agreed")


def colour(token: str, theme: int) -> tuple[float, ...]:
    found = re.search(rf"--{token}: light-dark\(#(\w{{6}}), #(\w{{6}})\)", CSS)
    assert found, f"no token {token}"
    digits = found.groups()[theme]
    return tuple(int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))


def luminance(channels: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, theme: int) -> float:
    dim, bright = sorted(luminance(colour(token, theme)) for token in (one, other))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (EDGES, 3.7), (MARKS, 3.0)])
def test_it_keeps_the_contrast_of_every_pair(pairs: list[tuple[str, str]], least: float, theme: int) -> None:
    weak = {pair: round(contrast(*pair, theme), 2) for pair in pairs if contrast(*pair, theme) < least}
    assert weak == {}


def test_it_keeps_the_style_sheet_light_and_in_layers() -> None:
    assert len(gzip.compress(CSS.encode())) < 15 * 1024
    assert "@layer reset, tokens, base, layout, components, charts, utilities, print;" in CSS
    used = set(re.findall(r"var\(--([\w-]+)", CSS))
    assert used - set(re.findall(r"--([\w-]+):", CSS)) == set()


def test_it_keeps_our_own_script_short_and_harmless() -> None:
    script = (STATIC / "app.js").read_text()
    assert len(script.splitlines()) <= 150
    assert not re.search(r"innerHTML|\beval\(|\.style\b|new Function", script)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(templates_folder())))
def test_it_allows_no_inline_style_or_script(path: Path) -> None:
    page = path.read_text()
    assert len(page.splitlines()) <= 120
    assert not re.search(r"<style|\sstyle=|\son\w+=[\"']|hx-on|javascript:|<script(?![^>]*\ssrc=)", page)
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", page, re.S)
    # Where the address is the key a token would only put a cookie into a stranger's browser.
    signed = r"csrf\(|_hidden\(|csrf_token|action=\"{{ url_for\('(mailed|replies|unsubscribing)\."
    assert all(re.search(signed, form) for form in forms), "a form without its token"


def test_it_knows_every_class_that_a_page_uses() -> None:
    known = set(re.findall(r"\.([a-z][\w-]*)", CSS))
    for path in PAGES:
        plain = " ".join(re.findall(r'class="([^"{]*)"', path.read_text()))
        assert set(plain.split()) - known - {"nav-list"} == set(), path


@pytest.fixture
def gallery(app: Flask) -> str:
    """Every component once, with an invalid form."""
    points = [Point("Mar", kind, 1, "one", 40) for kind in ("done", "missed", "paused", "bridged", "current", "none")]
    with app.test_request_context(method="POST"):
        form = NameForm(meta={"csrf": False})
        form.validate()
        source = (Path(__file__).parent / "every_macro.html").read_text()
        page = app.jinja_env.from_string(source)
        rings, _ = example(date(2026, 3, 5))
        return page.render(
            form=form,
            points=points,
            months=points * 3,
            rings=rings,
            counts=replace(rings, dots=()),
            now=datetime(2026, 3, 5, tzinfo=UTC),
        )


def test_it_renders_every_macro(app: Flask, gallery: str) -> None:
    source = (Path(__file__).parent / "every_macro.html").read_text()
    with app.test_request_context():
        for path in sorted((templates_folder() / "components").glob("*.html")):
            module = app.jinja_env.get_template(f"components/{path.name}").module
            for name in macros_of(module):
                assert f"{path.stem}.{name}(" in source, f"{path.name} {name} is not in every_macro.html"


def macros_of(module: TemplateModule) -> list[str]:
    return [name for name, part in vars(module).items() if callable(part) and not name.startswith("_")]


def test_it_ties_an_error_to_its_field(gallery: str) -> None:
    assert 'aria-describedby="name-hint name-error"' in gallery
    assert 'aria-invalid="true"' in gallery
    assert 'href="#name"' in gallery


def test_it_gives_each_chart_a_title_a_conclusion_and_a_table(gallery: str) -> None:
    assert gallery.count('role="img" aria-labelledby=') == 11
    assert gallery.count('role="group" aria-labelledby=') == 1  # its dots are links
    assert gallery.count("<desc id=") == 12
    assert gallery.count("Show as a table") == 7
    assert "An example" in gallery


@pytest.mark.parametrize("status", [400, 403, 404, 409, 429, 500])
def test_it_shows_a_calm_page_for_every_error(app: Flask, status: int) -> None:
    with app.test_request_context():
        page = app.jinja_env.get_template("errors/error.html")
        shown = page.render(
            status=status, title="Not now", text="Try again.", error_id="3f9a" if status == 500 else None
        )
    assert "<h1>Not now</h1>" in shown
    assert ("3f9a" in shown) == (status == 500)
