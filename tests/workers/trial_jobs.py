"""Jobs for tests of the workers: each leaves a mark in a file."""

import time
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import as_practice
from workers import application

SLOW_SECONDS = 2


def take_a_while(log: str) -> None:
    """Say when it begins and when it has ended."""
    _mark(log, "begun")
    time.sleep(SLOW_SECONDS)
    _mark(log, "done")


def take_for_ever(log: str) -> None:
    """Never end by itself."""
    _mark(log, "begun")
    time.sleep(600)


def fail(log: str) -> None:
    """Fail with words that nobody should read in a list."""
    _mark(log, "begun")
    raise LookupError("ben@example.com")


def mark(log: str) -> None:
    """Just say that it ran."""
    _mark(log, "ran")


def _mark(log: str, word: str) -> None:
    with Path(log).open("a") as file:
        file.write(f"{word}\n")


def ask_slowly(log: str) -> None:
    """Ask the database something that takes its time, as a practice."""
    practice_id = UUID(Path(log).name)
    with application().app_context(), as_practice(practice_id):
        for _ in range(2):
            db.session.execute(text("select pg_sleep(0.05)"))
    mark(log)


def quote(words: str) -> None:
    """Fail with what it was given, as libraries do."""
    int(words)


def ring_back(log: str) -> None:
    """Ask for another job, as a practice."""
    with application().app_context(), as_practice(UUID(Path(log).name)):
        enqueue("tests.workers.trial_jobs.mark", log)
