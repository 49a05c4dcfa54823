"""Jobs for tests of the workers: each leaves a mark in a file."""

import time
from pathlib import Path

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
