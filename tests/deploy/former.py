"""The version before: the code of the last commit whose schema came before ours, out of the repository."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

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
        return max(_numbers_in(self.folder))


def find_commit(root: Path = ROOT) -> str:
    """The commit to upgrade from: the newest whose migrations are the first ones of those that lie here.

    Amid merges a commit may have a later migration without an earlier one, and no database was ever so. A checkout
    without git, or as shallow as CI's often are, has no such commit: nothing can be shown there, and nothing is wrong.
    """
    ours = _numbers_in(root)
    for commit in _before_each_migration(root):
        theirs = _numbers(_git(root, "ls-tree", "--name-only", f"{commit}:{_VERSIONS}").splitlines())
        if theirs and theirs < ours and max(theirs) < min(ours - theirs):
            return commit
    pytest.skip(
        "NOT SHOWN, side by side with the version before: no commit here has an older schema (git fetch --unshallow)"
    )


def _before_each_migration(root: Path) -> Iterator[str]:
    yield "HEAD"  # what lies here may have a migration that is not committed yet
    for commit in _git(root, "log", "--first-parent", "--format=%H", "--", _VERSIONS).splitlines():
        yield f"{commit}^"


def lay_out(commit: str, folder: Path) -> Former:
    """Its code, with the built files of ours, which no commit holds. In CI the history that is there must be of use."""
    packed = subprocess.run(["git", "archive", commit, *_CODE], cwd=ROOT, capture_output=True)
    if packed.returncode != 0:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell(f"NOT SHOWN, side by side with the version before: {packed.stderr.decode()}")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as unpacked:
        unpacked.extractall(folder, filter="data")
    (folder / _BUILT).mkdir(exist_ok=True)
    for built in (ROOT / _BUILT).iterdir():
        (folder / _BUILT / built.name).write_bytes(built.read_bytes())
    return Former(commit, folder)


def _numbers_in(folder: Path) -> set[str]:
    return _numbers(path.name for path in (folder / _VERSIONS).iterdir())


def _numbers(names: Iterable[str]) -> set[str]:
    return {name.partition("_")[0] for name in names if name[:1].isdigit()}


def _git(root: Path, *arguments: str) -> str:
    """What git says; nothing where there is no git, or it does not like whose the checkout is."""
    try:
        return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True).stdout
    except FileNotFoundError:
        return ""
