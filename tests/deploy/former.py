"""The version before: the code of the last commit whose schema is older than ours, out of the repository."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from coachhub.platform.config import ROOT

_CODE = ("coachhub", "workers", "migrations", "templates")
_VERSIONS = "migrations/versions"
_BUILT = "coachhub/static/vendor"


@dataclass(frozen=True)
class Former:
    """A commit, and where its code lies."""

    commit: str
    folder: Path

    @property
    def head(self) -> str:
        """The newest migration that it knows."""
        return max(_numbers(path.name for path in (self.folder / _VERSIONS).iterdir()))


def find_commit() -> str:
    """The commit to upgrade from. Without the history nothing can be shown: that is told, and in CI it fails."""
    if _git("rev-parse", "--is-inside-work-tree") != "true" or _git("rev-parse", "--is-shallow-repository") != "false":
        _cannot("the checkout has no history: fetch all of it (git fetch --unshallow)")
    ours = _numbers(path.name for path in (ROOT / _VERSIONS).iterdir())
    for commit in _git("log", "--first-parent", "--format=%H", "--", _VERSIONS).splitlines():
        before = _git("rev-parse", "--verify", "--quiet", f"{commit}^")
        theirs = _numbers(_git("ls-tree", "--name-only", f"{before}:{_VERSIONS}").splitlines()) if before else set()
        if theirs and theirs < ours:
            return before
    return _cannot("no commit has an older schema")


def lay_out(commit: str, folder: Path) -> Former:
    """Its code, with the built files of ours, which no commit holds."""
    archive = subprocess.run(["git", "archive", commit, *_CODE], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
    (folder / _BUILT).mkdir(exist_ok=True)
    for built in (ROOT / _BUILT).iterdir():
        (folder / _BUILT / built.name).write_bytes(built.read_bytes())
    return Former(commit, folder)


def _numbers(names: Iterable[str]) -> set[str]:
    return {name.partition("_")[0] for name in names if name[:1].isdigit()}


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def _cannot(why: str) -> NoReturn:
    tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    tell(f"side by side with the version before cannot be shown: {why}")
