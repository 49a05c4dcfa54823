"""Pages as a browser asks for them, with every statement counted."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from flask.testing import FlaskClient

from coachhub.bench.figures import Count
from coachhub.bench.rounds import Watch, measured
from coachhub.bench.scratch import Scratch, counting


def page_count(
    scratch: Scratch,
    browser: FlaskClient,
    name: str,
    path: str,
    rounds: int,
    most: int | None,
    fresh: Callable[[], object] = nullcontext,
) -> Count:
    """One page so often, each time after `fresh`: the most statements of a time, and how long each took."""
    statements, taken = [], []
    for _ in range(rounds + 1):
        fresh()
        with counting(scratch.web) as count:
            steps = measured(partial(_open, browser, path))
            statements.append(count())
        taken.append(steps["page"])
    return Count(name, "statements", max(statements), most, taken[1:])


def _open(browser: FlaskClient, path: str, watch: Watch) -> None:
    with watch.step("page"):
        answer = browser.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
