"""Chromium once a worker, the application over HTTP, and a window for each person who needs one."""

import os
import shutil
from collections.abc import Callable, Iterator

import psycopg
import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from redis import Redis

from coachhub.accounts.service.logins import start_login
from coachhub.app import create_app, create_worker_app
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_visitor
from tests.cast import Cast, Casting
from tests.e2e.post import Post
from tests.e2e.served import FleetTraffic, Traffic, free_port, served
from tests.e2e.shift import Shift
from tests.e2e.window import DESKTOP_LIGHT, Look, Window
from tests.emptying import Empty
from tests.factories import Person
from tests.fakes import KeptQueue, OutboxMailer
from tests.layout.running import fleet_site
from tests.layout.shared import SharedSettings
from tests.prepared import with_templates

Opener = Callable[..., Window]

_COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first is the same engine without what a screen needs: half the work. The others are taken where it is not."""
_QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--no-first-run",
    "--no-pings",
    "--site-per-process",  # what is sandboxed is kept apart, as it is by itself where there is a screen
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


def chromium_path() -> str | None:
    """Chromium of this machine: the one named by COACHHUB_CHROMIUM, or the first one found."""
    named = os.environ.get("COACHHUB_CHROMIUM")
    return named or next((path for name in _COMMANDS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of this worker. Without one they are skipped, and fail where CI is true."""
    path = chromium_path()
    if path is None:
        no = "no Chromium here: install it, or name it by COACHHUB_CHROMIUM"
        pytest.fail(no) if os.environ.get("CI") == "true" else pytest.skip(f"!!! {no}")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*_QUIET, *sandbox])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def web_settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of a site that is really reached by its address."""
    address = f"http://127.0.0.1:{free_port()}"
    return settings.model_copy(update={"base_url": address, "data": tmp_path_factory.mktemp("site")})


@pytest.fixture(scope="session")
def tell_site(web_settings: Settings, as_fleet: bool) -> Callable[[Settings], None]:
    """Has a site in other processes follow changed settings; one in this process is changed in place."""
    if not as_fleet:
        return lambda _settings: None
    shared = SharedSettings(web_settings.redis_url.get_secret_value())
    shared.tell(web_settings)
    return shared.tell


@pytest.fixture(scope="session")
def web(web_settings: Settings, clock: FixedClock, mailer: OutboxMailer, queue: KeptQueue) -> Iterator[Flask]:
    """The web application as people meet it: with form tokens and limits on."""
    made = with_templates(create_app(web_settings, clock=clock, mailer=mailer, queue=queue))
    yield made
    _let_go(made)


@pytest.fixture(scope="session")
def web_worker(web_settings: Settings, clock: FixedClock, mailer: OutboxMailer, queue: KeptQueue) -> Iterator[Flask]:
    """The services as the worker of that site, for the mails that it writes."""
    made = with_templates(create_worker_app(web_settings, clock=clock, mailer=mailer, queue=queue))
    yield made
    _let_go(made)


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def traffic(web: Flask, as_fleet: bool, admin: psycopg.Connection) -> Traffic | FleetTraffic:
    """What the site is asked for at this moment."""
    if as_fleet:
        return FleetTraffic(admin)
    counted = Traffic(web)
    web.wsgi_app = counted  # type: ignore[method-assign]
    return counted


@pytest.fixture(scope="session")
def site(
    web: Flask, web_settings: Settings, traffic: Traffic, as_fleet: bool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address at which the application answers."""
    if as_fleet:
        with fleet_site(web_settings, (free_port(), free_port()), tmp_path_factory.mktemp("fleet")):
            yield web_settings.base_url
        return
    with served(web, int(web_settings.base_url.rpartition(":")[2])) as base_url:
        yield base_url


@pytest.fixture(scope="session")
def untried(web_settings: Settings) -> Iterator[Empty]:
    """Forgets who has tried what how often."""
    with Redis.from_url(web_settings.redis_url.get_secret_value()) as valkey:
        yield lambda: valkey.flushdb()


@pytest.fixture
def fresh(clean: None, untried: Empty) -> None:
    """An empty database, and nobody's tries counted yet."""
    untried()


@pytest.fixture
def post(web_worker: Flask, mailer: OutboxMailer, fresh: None) -> Post:
    """The site's mails."""
    return Post(web_worker, mailer)


@pytest.fixture
def shift(web_worker: Flask, queue: KeptQueue, fresh: None) -> Shift:
    """The site's workers."""
    return Shift(web_worker, queue)


@pytest.fixture
def people(web: Flask, fresh: None, casting: Casting) -> Cast:
    """The cast, of the site that is served."""
    return casting(web)


@pytest.fixture
def open_window(browser: Browser, web: Flask, site: str, traffic: Traffic) -> Iterator[Opener]:
    """Open a window, signed in as the person where one is given; at the end no page may have complained.

    Nothing is under way any more when the next test empties the database.
    """
    windows: list[Window] = []

    def opener(person: Person | None = None, look: Look = DESKTOP_LIGHT, *, javascript: bool = True) -> Window:
        context = browser.new_context(
            viewport={"width": look.width, "height": look.height},
            color_scheme=look.theme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/London",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(10_000)
        if person is not None:
            context.add_cookies([{"name": web.config["SIGN_IN_COOKIE"], "value": _token(web, person), "url": site}])
        windows.append(Window(context.new_page(), site))
        return windows[-1]

    yield opener
    for window in windows:
        window.page.wait_for_load_state()
        window.page.context.close()
    traffic.settle()
    assert [complaint for window in windows for complaint in window.complaints] == []


def _token(web: Flask, person: Person) -> str:
    with web.app_context(), as_visitor():
        return start_login(person.user_id, person.practice_id)
