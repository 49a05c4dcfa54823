"""The processes of the layout that stand between a browser or an application of the tests and the database."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import redis

from coachhub.platform import embedded
from coachhub.platform.config import Settings
from coachhub.platform.embedded import Addresses, Program
from coachhub.supervise.fleet import pooler_program, proxy_program, through_pooler
from coachhub.supervise.programs import web_program
from coachhub.supervise.readiness import readiness
from tests.workers.processes import environment

_PATIENCE_SECONDS = 30


@contextmanager
def pooled(folder: Path, addresses: Addresses) -> Iterator[None]:
    """A pooler before the servers that run in a folder, for the length of a block."""
    layout = embedded.lay_out(folder)
    with _running(pooler_program([addresses.database_url, addresses.worker_url], layout), {}):
        # Not our own database, from which each worker of the tests copies: nobody may be connected with it.
        another = through_pooler(addresses.database_url).replace("/coachhub?", "/postgres?")
        _wait(lambda: psycopg.connect(another, prepare_threshold=None).close())
        yield


@contextmanager
def fleet_site(settings: Settings, ports: Sequence[int], folder: Path) -> Iterator[None]:
    """Two web servers at two ports, and a proxy before them at the address of the settings."""
    layout = embedded.lay_out(folder)
    port = int(settings.base_url.rpartition(":")[2])
    with ExitStack() as stack:
        for own in ports:
            program = web_program(f"web-{own}", settings.model_copy(update={"port": own}), layout)
            argv = [each.replace("coachhub.wsgi:app", "tests.layout.site:app") for each in program.argv]
            around = environment(settings) | {"TRUSTED_PROXIES": "1"}
            stack.enter_context(_running(Program(program.name, argv, program.stop), around))
        stack.enter_context(_running(proxy_program(port, ports, layout), environment(settings)))
        for each in (*ports, port):
            ready = settings.model_copy(update={"port": each})
            _wait(lambda ready=ready: _assert_ready(ready))
        yield


def _assert_ready(settings: Settings) -> None:
    found = readiness(settings)
    if not found.is_ready:
        raise OSError(found.answer)


@contextmanager
def _running(program: Program, around: dict[str, str]) -> Iterator[None]:
    log = Path(program.argv[program.argv.index("--pids") + 1]).parent / "log" / f"{program.name}.log"
    with log.open("ab") as sink:
        child = subprocess.Popen(
            program.argv, env=around or None, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, start_new_session=True
        )
    try:
        yield
    finally:
        child.terminate()
        child.wait(_PATIENCE_SECONDS)


def _wait(attempt) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            attempt()
            return
        except (OSError, psycopg.OperationalError, redis.RedisError):
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
