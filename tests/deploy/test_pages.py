"""What the pages tell an operator to type is there: commands and their options, files beside them."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from coachhub.cli import main
from tests.fitness.source import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "deploy").rglob("*.md"))]
_ROOMS = ("coachhub", "deploy", "migrations", "tests", "workers")
_IN_CODE = re.compile(r"`([^`\n]+)`|^ {4,}(\S.*)$", re.MULTILINE)
_COMMAND = re.compile(r"(?:^|/bin/)coachhub ((?:[a-z-]+ ?)+)|\brun --rm tools ((?:[a-z-]+ ?)+)")
_FILE = re.compile(r"[\w.-]+(?:/[\w.-]+)*\.(?:py|sql|md|json|ya?ml)")
_OURS = [f"/{path.relative_to(ROOT)}" for folder in _ROOMS for path in (ROOT / folder).rglob("*.*")]


def _code(page: Path) -> Iterator[str]:
    """What stands between backticks, and lines that are moved in."""
    for found in _IN_CODE.finditer(page.read_text()):
        yield found.group(1) or found.group(2)


def _commands(page: Path) -> Iterator[tuple[str, list[str]]]:
    for code in (part.strip() for line in _code(page) for part in re.split(r"&&|;", line)):
        for found in _COMMAND.finditer(code):
            yield code, (found.group(1) or found.group(2)).split()


def _missing(code: str, words: list[str]) -> list[str]:
    """What of a line the command line does not know."""
    first = main.commands.get(words[0])
    if first is None:
        return [words[0]]
    asked = set(re.findall(r"--[a-z][a-z-]+", code)) - {"--rm"}
    missing = sorted(asked - _options(first))
    if isinstance(first, click.Group) and words[1:2] and words[1] not in first.commands:
        missing.append(" ".join(words[:2]))
    return missing


def _options(command: click.Command) -> set[str]:
    """Its own, and those of the commands below it."""
    own = {name for option in command.params for name in option.opts}
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*map(_options, below))


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_it_names_commands_that_there_are(page: Path) -> None:
    assert [(code, said) for code, words in _commands(page) if (said := _missing(code, words))] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_it_names_files_that_there_are(page: Path) -> None:
    named = {name for code in _code(page) for name in _FILE.findall(code)}
    missing = [name for name in sorted(named) if not any(path.endswith(f"/{name.lstrip('./')}") for path in _OURS)]
    assert [name for name in missing if not (ROOT / name).exists()] == []


def test_it_finds_commands_to_look_at() -> None:
    found = {words[0] for page in PAGES for _, words in _commands(page)}
    assert found >= {"migrate", "doctor", "backup", "restore", "upgrade-embedded", "mail", "payments", "bench"}
    assert _missing("coachhub mail shout --loudly", ["mail", "shout"]) == ["--loudly", "mail shout"]
