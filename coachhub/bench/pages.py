"""Pages as a browser asks for them, with every statement counted."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from flask.testing import FlaskClient

from coachhub.bench.figures import Count
from coachhub.bench.load import Page
from coachhub.bench.rounds import Watch, measured
from coachhub.bench.scratch import Scratch, counting


def page_count(
    scratch: Scratch,
    browser: FlaskClient,
    name: str,
    page: Page,
    rounds: int,
    most: int | None,
    fresh: Callable[[], object] = nullcontext,
) -> Count:
    """One page so often, each time after `fresh`: the most statements of a time, and how long each took."""
    statements, taken = [], []
    for _ in range(rounds + 1):
        fresh()
        with counting(scratch.web) as count:
            steps = measured(partial(open_often, browser, page, 1))
            statements.append(count())
        taken.append(steps["page"])
    return Count(name, "statements", max(statements), most, taken[1:])


def open_often(browser: FlaskClient, page: Page, times: int, watch: Watch) -> None:
    """A page so many times, as one step."""
    with watch.step("page"):
        for _ in range(times):
            body_of(browser, page)


def body_of(browser: FlaskClient, page: Page) -> bytes:
    """What the page answers with. Raises RuntimeError where that is another status than it should be."""
    answer = browser.get(page.path, headers=dict(page.headers))
    if answer.status_code != page.status:
        raise RuntimeError(f"{page.path} answered {answer.status}")
    return answer.get_data()
