"""Which commit is the version before, by what a checkout has of the history."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.former import find_commit, lay_out


@pytest.fixture(autouse=True)
def _no_other_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a hook of git's, each git is told that it works on the repository of the hook."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


def _git(folder: Path, *arguments: str) -> str:
    whose = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(
        ["git", *whose, *arguments], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def _add(folder: Path, *numbers: str) -> None:
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (versions / f"{number}_some.py").touch()


def _commit(folder: Path, *numbers: str) -> str:
    _add(folder, *numbers)
    _git(folder, "add", ".")
    _git(folder, "commit", "--quiet", "--message", "Go on")
    return _git(folder, "rev-parse", "HEAD")


@pytest.fixture
def history(tmp_path: Path) -> tuple[Path, list[str]]:
    """Two migrations; then the fourth, and only then the third."""
    folder = tmp_path / "history"
    folder.mkdir()
    _git(folder, "init", "--quiet")
    return folder, [_commit(folder, *each) for each in (("0001", "0002"), ("0004",), ("0003",))]


def _found(folder: Path) -> str:
    return _git(folder, "rev-parse", find_commit(folder))


def test_it_finds_the_last_commit_that_a_database_can_have_been_at(history: tuple[Path, list[str]]) -> None:
    folder, commits = history
    assert _found(folder) == commits[0]


def test_it_finds_the_last_commit_before_a_migration_that_is_being_written(history: tuple[Path, list[str]]) -> None:
    folder, commits = history
    _add(folder, "0005")
    assert _found(folder) == commits[-1]


def test_it_skips_where_a_checkout_has_no_history(history: tuple[Path, list[str]], tmp_path: Path) -> None:
    _git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{history[0]}", "shallow")
    _add(tmp_path / "exported", "0001")
    for folder in (tmp_path / "shallow", tmp_path / "exported"):
        with pytest.raises(pytest.skip.Exception, match="NOT SHOWN"):
            find_commit(folder)


@pytest.mark.parametrize(("ci", "how"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_it_fails_in_ci_where_the_history_is_of_no_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, how: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(how, match="NOT SHOWN"):
        lay_out("0" * 40, tmp_path)
