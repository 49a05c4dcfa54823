"""Work that a job gives to threads: each has an application context, and so a database session, of its own."""

from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

from flask import Flask, current_app

Given = TypeVar("Given")
Made = TypeVar("Made")


def in_threads(function: Callable[[Given], Made]) -> Callable[[Given], Made]:
    """The same function for threads of a pool, with what logs say of the running job."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # another thread sees no proxy

    def inside(given: Given) -> Made:
        with app.app_context():
            return function(given)

    running = copy_context()
    return lambda given: running.copy().run(inside, given)
