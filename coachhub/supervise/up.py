"""The order of a start: folder, servers, schema, demo, application; and of the stop, backwards."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

import psycopg
import redis
from dotenv import dotenv_values

from coachhub.platform import embedded
from coachhub.platform.config import SETTINGS_FILE, Settings, SettingsError, data_folder, load_settings
from coachhub.platform.embedded import AlreadyRunning, EmbeddedError, Layout
from coachhub.platform.leftovers import stop_leftovers
from coachhub.supervise.choice import Choice, choose, refuse_taken_port, settle
from coachhub.supervise.fleet import fleet_environment, fleet_programs
from coachhub.supervise.programs import APPLICATION, application_programs, configuration
from coachhub.supervise.readiness import readiness
from coachhub.supervise.supervisor import StartFailed, Supervisor, last_lines
from coachhub.supervise.watch import Watch

_READY_SECONDS = 60
_TRIES = 3
_STAFF_SECONDS = 15
_KNOWN_STAFF_SECONDS = 1.5  # a later start is to be quick; a worker that lags behind is seen by the doctor
_asked_to_stop = Event()
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stop(BaseException):
    """Somebody asked us to stop; not an error."""


def up(*, as_fleet: bool = False) -> int:
    """Run everything until we are asked to stop. Returns the exit code.

    `as_fleet`: in the process layout of many machines.
    """
    try:
        with _stoppable():
            _run(data_folder(), as_fleet)
    except _Stop:
        _say("Stopped.")
    except AlreadyRunning as error:
        return _fail(f"{error} {_where(data_folder())}")
    except (SettingsError, EmbeddedError, StartFailed) as error:
        return _fail(str(error))
    except (psycopg.OperationalError, redis.RedisError) as error:
        return _fail(f"A server that the environment names does not answer: {error}")
    return 0


def _run(folder: Path, as_fleet: bool) -> None:
    choice = choose(os.environ)
    layout = embedded.lay_out(folder)
    with embedded.hold(layout.folder), _cleared(layout):
        for name in stop_leftovers(layout.pids):
            _say(f"Stopped {name}, left over from an earlier start.")
        settings = _settle(layout.folder, choice)
        embedded.prepare(layout.folder, choice.servers)
        with _supervised(layout, choice, settings, as_fleet) as supervisor:
            is_new = _make_ready(settings, choice)
            supervisor.start_group(APPLICATION)
            _wait_for_web(settings, supervisor, layout)
            _wait_for_staff(settings, _STAFF_SECONDS if is_new else _KNOWN_STAFF_SECONDS)
            _greet(settings, layout)
            _watch(supervisor, layout)


def _settle(folder: Path, choice: Choice) -> Settings:
    settle(folder, choice, embedded.addresses(folder))
    settings = load_settings()
    refuse_taken_port(settings.host, settings.port)
    return settings


@contextmanager
def _supervised(layout: Layout, choice: Choice, settings: Settings, as_fleet: bool) -> Iterator[Supervisor]:
    servers = embedded.commands(layout.folder, choice.servers)
    programs = fleet_programs(settings, layout) if as_fleet else application_programs(settings, layout)
    around = fleet_environment(settings) if as_fleet else {}
    supervisor = Supervisor.start(layout, configuration(servers, programs, layout), around)
    try:
        yield supervisor
    finally:
        _ignore_signals()
        _say("Stopping; a job under way is finished first.")
        supervisor.stop()


@contextmanager
def _cleared(layout: Layout) -> Iterator[None]:
    try:
        yield
    finally:
        embedded.leave(layout)


def _make_ready(settings: Settings, choice: Choice) -> bool:
    """Database, schema and demo. Returns whether the schema changed.

    Imported here: loading all that while the servers start saves a second.
    """
    from coachhub import demo
    from coachhub.platform.jobs import connect
    from coachhub.platform.migrate import upgrade

    addresses = embedded.addresses(settings.data)
    embedded.wait_until_ready(addresses, choice.servers)
    if "postgres" in choice.servers:
        embedded.ensure_database(addresses)
    connect(settings.redis_url.get_secret_value()).ping()
    assert settings.database_owner_url is not None  # noqa: S101 - `choose` saw to it
    changed = upgrade(settings.database_owner_url.get_secret_value())
    if not settings.is_production:
        demo.seed_if_empty(settings)
    return changed


def _wait_for_web(settings: Settings, supervisor: Supervisor, layout: Layout) -> None:
    end = time.monotonic() + _READY_SECONDS
    tried: set[int] = set()
    while not (asked := readiness(settings)).is_ready:
        tried |= {state.pid for state in supervisor.states() if state.name in ("web", "web-1") and state.pid}
        if time.monotonic() > end or len(tried) >= _TRIES or supervisor.ended():
            said = last_lines(layout.log / "web.log", 20)
            raise StartFailed(f"The web server is not ready ({asked.answer}).\n{said}")
        time.sleep(0.1)


def _wait_for_staff(settings: Settings, patience: float) -> None:
    """Until the workers and the first tick are there, so that who asks the doctor at once is told the truth."""
    from coachhub.operations.service.checks import has_staff

    end = time.monotonic() + patience
    while time.monotonic() < end and not has_staff(settings):
        time.sleep(0.1)


def _greet(settings: Settings, layout: Layout) -> None:
    _say(f"\nCoachHub is at {settings.base_url}")
    if not settings.is_production:
        from coachhub.demo import LOGINS

        for role, email, password in LOGINS:
            _say(f"  {role:8} {email:28} {password}")
    _say(f"Everything it keeps is in {layout.folder}, its logs in {layout.log}. Ctrl-C stops it.\n")


def _watch(supervisor: Supervisor, layout: Layout) -> None:
    watch = Watch(layout.log, supervisor.states())
    while not supervisor.ended():
        time.sleep(1)
        if _asked_to_stop.is_set():  # raised where nobody hears it, such as in a destructor
            raise _Stop
        for line in watch.look(supervisor.states()):
            _say(line)
    raise StartFailed(f"The supervisor ended unexpectedly (log: {layout.log / 'supervisord.log'}).")


@contextmanager
def _stoppable() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()
        _asked_to_stop.set()
        raise _Stop

    for number in _STOP_SIGNALS:
        signal.signal(number, stop)
    yield


def _ignore_signals() -> None:
    """While we stop: being asked twice must not leave something running."""
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _where(folder: Path) -> str:
    address = dotenv_values(folder / SETTINGS_FILE).get("BASE_URL")
    hint = "Stop that one first, or choose another folder with COACHHUB_DATA and another PORT."
    return f"It is at {address}. {hint}" if address else hint


def _say(line: str) -> None:
    print(line, flush=True)


def _fail(text: str) -> int:
    print(f"coachhub: {text}", file=sys.stderr, flush=True)
    return 1
