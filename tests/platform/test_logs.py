"""A log may be read by whoever keeps the machine: it says where something broke, never what people wrote."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import insert

from coachhub.accounts.models import User
from coachhub.app import create_app
from coachhub.platform import clock, embedded
from coachhub.platform.clock import FixedClock
from coachhub.platform.config import ROOT, Settings
from coachhub.platform.db import db
from coachhub.platform.guards import public
from coachhub.platform.tenancy import current_scope
from tests.cast import Cast
from tests.fakes import KeptQueue, OutboxMailer
from tests.workers.processes import environment

SECRET = "late bus green moon"


@pytest.fixture
def breaking(settings: Settings, clock: FixedClock, cast: Cast) -> Iterator[Flask]:
    """An application with two pages that break."""
    made = create_app(settings, clock=clock, mailer=OutboxMailer(), queue=KeptQueue())
    made.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    made.add_url_rule("/break", "break", _break)
    made.add_url_rule("/collide", "collide", _collide)
    yield made
    with made.app_context():
        db.engine.dispose()


@public
def _break() -> str:
    password = SECRET
    raise RuntimeError(f"a mistake of ours, at letter {len(password)}")


@public
def _collide() -> str:
    same = {"email": "ben@example.com", "name": "Ben\nBerger", "locale": "en", "time_zone": "UTC"}
    me = current_scope().user_id
    db.session.execute(insert(User).values(id=me, password_hash=SECRET, created_at=clock.now(), **same))
    return ""


def test_it_logs_an_error_without_the_variables(breaking: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    answer = breaking.test_client().get("/break")
    said = capfd.readouterr().out
    assert (answer.status_code, SECRET in answer.text) == (500, False)
    assert "[error" in said
    assert "RuntimeError: a mistake of ours, at letter 19" in said
    assert "in _break" in said
    assert SECRET not in said


def test_it_logs_an_error_of_the_database_without_the_row(
    breaking: Flask, cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    browser = breaking.test_client()
    with breaking.app_context():
        token = cast.browser(cast.ben).get_cookie(breaking.config["SIGN_IN_COOKIE"])
    assert token is not None
    browser.set_cookie(breaking.config["SIGN_IN_COOKIE"], token.value)
    assert browser.get("/collide").status_code == 500
    said = capfd.readouterr().out
    assert "UniqueViolation" in said
    assert "[SQL: INSERT INTO users" in said
    assert not [secret for secret in (SECRET, "ben@example.com", "Berger", str(cast.ben.user_id)) if secret in said]


def test_it_answers_though_nobody_reads_its_log_any_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with open(write_end, "w", buffering=1) as unread:  # noqa: PTH123 (it has no path)
        monkeypatch.setattr(sys, "stdout", unread)
        assert cast.browser().get("/sign-in").status_code == 200
        monkeypatch.undo()
        with suppress(OSError):
            unread.close()


_COLLIDE = """
import sys
import psycopg

url = sys.argv.pop()

def collide(*_):
    with psycopg.connect(url) as connection:
        connection.execute("create temporary table mails (address text primary key)")
        for _ in range(2):
            connection.execute("insert into mails values ('ben@example.com')")
"""
_BREAKING_OFF = {
    "a command": "from coachhub.cli import main; main.command('break')(collide); main(['break'])",
    "the scheduler": "import workers.boot as boot; boot.jobs.run_scheduler = collide; boot.main()",
    "a thread": (
        "import threading; import workers.boot as boot; "
        "boot.jobs.run_scheduler = lambda *_: threading.Thread(target=collide).start(); boot.main()"
    ),
}


@pytest.mark.parametrize("way", _BREAKING_OFF)
def test_it_breaks_off_without_the_row_that_it_broke_at(
    settings: Settings, addresses: embedded.Addresses, way: str
) -> None:
    argv = [sys.executable, "-c", _COLLIDE + _BREAKING_OFF[way], "scheduler", addresses.admin_url]
    done = subprocess.run(argv, cwd=ROOT, env=environment(settings), capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert "UniqueViolation" in said
    assert "constraint=mails_pkey" in said
    assert "ben@example.com" not in said
