"""Each template and each address in it resolves; each mail has its three files."""

import re

import pytest
from flask import Flask
from jinja2 import nodes

from tests.fitness.source import ROOT, parsed

TEMPLATES = ROOT / "templates"
MAILS = sorted(path for path in (TEMPLATES / "email").iterdir() if path.is_dir())


def test_it_parses_every_template(app: Flask) -> None:
    for path in sorted(TEMPLATES.rglob("*.html")):
        app.jinja_env.get_template(str(path.relative_to(TEMPLATES)))


def test_it_resolves_every_endpoint_that_a_template_names(app: Flask) -> None:
    unknown = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        tree = app.jinja_env.parse(path.read_text())
        for call in tree.find_all(nodes.Call):
            is_link = isinstance(call.node, nodes.Name) and call.node.name == "url_for"
            if is_link and call.args and isinstance(call.args[0], nodes.Const):
                endpoint = call.args[0].value
                if endpoint not in app.view_functions:
                    unknown.append(f"{path.relative_to(ROOT)}: {endpoint}")
    assert unknown == []


def test_it_finds_every_template_that_a_view_names() -> None:
    named = {
        name
        for path, _ in parsed("coachhub")
        for name in re.findall(r'render_template\(\s*"([^"]+)"', (ROOT / path).read_text())
    }
    assert named
    assert [name for name in sorted(named) if not (TEMPLATES / name).is_file()] == []


def test_it_has_no_inline_script_or_style() -> None:
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|hx-on|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT)) for path in sorted(TEMPLATES.rglob("*.html")) if inline.search(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("folder", MAILS, ids=lambda path: path.name)
def test_it_gives_each_mail_its_three_files(folder: object) -> None:
    assert {path.name for path in folder.iterdir()} == {"subject.txt", "body.txt", "body.mjml"}  # type: ignore[attr-defined]
