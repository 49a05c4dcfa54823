"""The two servers: made once, described as programs for the supervisor, started and awaited."""

import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis

from coachhub.platform.embedded import postgres, valkey
from coachhub.platform.embedded.layout import EmbeddedError, Layout, hold, lay_out, leave
from coachhub.platform.launcher import launch_command

SERVERS = ("postgres", "valkey")
_PATIENCE_SECONDS = 60  # recovery after a crash replays the log first


@dataclass(frozen=True)
class _Passwords:
    admin: str
    owner: str
    web: str
    worker: str


@dataclass(frozen=True)
class Addresses:
    """How to connect: the application's, the worker's, the owner's and the superuser's, and Valkey's."""

    database_url: str
    worker_url: str
    owner_url: str
    admin_url: str
    redis_url: str


@dataclass(frozen=True)
class Program:
    """A server's command line, to be run in the foreground. `stop` is the signal's name without SIG."""

    name: str
    argv: list[str]
    stop: str


def prepare(folder: Path, servers: Collection[str] = SERVERS) -> Addresses:
    """Make what `servers` need in `folder`, once: passwords, the database's files. Starts nothing."""
    layout = lay_out(folder)
    passwords = _passwords(layout)
    if "postgres" in servers:
        postgres.initialise(layout, passwords.admin)
        postgres.forget_stale_lock(layout)
    return addresses(folder)


def addresses(folder: Path) -> Addresses:
    """The addresses of the servers in `folder`, which `prepare` has seen before."""
    layout = lay_out(folder)
    passwords = _passwords(layout)
    place = f"host={quote(str(layout.run), safe='/')}&port={postgres.PORT}"

    def database(role: str, password: str, name: str = "coachhub") -> str:
        return f"postgresql://{role}:{password}@/{name}?{place}"

    return Addresses(
        database_url=database("coachhub_web", passwords.web),
        worker_url=database("coachhub_worker", passwords.worker),
        owner_url=database("coachhub_owner", passwords.owner),
        admin_url=database(postgres.ADMIN, passwords.admin, "postgres"),
        redis_url=valkey.url(layout),
    )


def commands(
    folder: Path, servers: Collection[str] = SERVERS, *, durable: bool = True, programs: Path | None = None
) -> list[Program]:
    """The programs of `servers`. Not `durable`: quicker, and a power cut may lose it all (for tests).

    `programs` is the folder of another PostgreSQL's, of the version that the files are of.
    """
    layout = lay_out(folder)
    found = []
    if "postgres" in servers:
        # INT is the fast shutdown: sessions are cut, nothing committed is lost.
        if programs is None:
            postgres.refuse_other_major(layout)
        argv = postgres.command(layout, durable, programs)
        found.append(_program(layout, "postgres", argv, layout.postgres, "INT"))
    if "valkey" in servers:
        found.append(_program(layout, "valkey", valkey.command(layout, durable), layout.valkey, "TERM"))
    return found


@contextmanager
def running(
    folder: Path, servers: Collection[str] = SERVERS, *, durable: bool = True, programs: Path | None = None
) -> Iterator[Addresses]:
    """Run `servers` for the length of a block, for tests and one-off commands, with roles and database made.

    Raises AlreadyRunning when another process runs the servers of this folder. `programs`: as `commands` takes it.
    """
    layout = lay_out(folder)
    with hold(layout.folder), ExitStack() as stack:
        stack.callback(leave, layout)
        found = prepare(folder, servers)
        for program in commands(folder, servers, durable=durable, programs=programs):
            stack.enter_context(_started(program, layout))
        wait_until_ready(found, servers)
        if "postgres" in servers:
            ensure_database(found)
        yield found


def wait_until_ready(found: Addresses, servers: Collection[str] = SERVERS) -> None:
    """Wait until `servers` answer, a minute at most. Raises EmbeddedError."""
    if "postgres" in servers:
        _wait("PostgreSQL", lambda: psycopg.connect(found.admin_url, connect_timeout=5).close())
    if "valkey" in servers:
        _wait("Valkey", lambda: valkey.ping(found.redis_url))


def ensure_database(found: Addresses) -> None:
    """Make roles, database and extensions as deploy/roles.sql says; again, it changes nothing."""
    postgres.ensure_roles(
        found.admin_url, owner_url=found.owner_url, web_url=found.database_url, worker_url=found.worker_url
    )


def _program(layout: Layout, name: str, argv: list[str], folder: Path, stop: str) -> Program:
    command = launch_command(name, argv, pids=layout.pids, folder=folder, user=layout.user, stop=stop)
    return Program(name, command, stop)


@contextmanager
def _started(program: Program, layout: Layout) -> Iterator[None]:
    log = layout.log / f"{program.name}.log"
    with log.open("ab") as sink:
        child = subprocess.Popen(
            program.argv, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
        )
    try:
        yield
    finally:
        child.send_signal(signal.Signals[f"SIG{program.stop}"])
        child.wait(_PATIENCE_SECONDS)


def _wait(name: str, attempt: Callable[[], None]) -> None:
    last: Exception | None = None
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            attempt()
            return
        except (psycopg.OperationalError, redis.ConnectionError) as error:
            last = error
            time.sleep(0.03)
    raise EmbeddedError(f"{name} did not answer within {_PATIENCE_SECONDS} seconds: {last}")


def _passwords(layout: Layout) -> _Passwords:
    kept = layout.folder / "secrets.json"
    try:
        return _Passwords(**json.loads(kept.read_text()))
    except FileNotFoundError:
        made = _Passwords(*(secrets.token_urlsafe(24) for _ in fields(_Passwords)))
    # Written whole or not at all: half a file would lock us out of our own database.
    draft = kept.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(made), file)
    draft.replace(kept)
    return made
