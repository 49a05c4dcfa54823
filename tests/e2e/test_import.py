"""Files of friends, brought in through the browser: every file on the shelf, and the whole way of one."""

from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from coachhub.network.service.imports.staging import read_import
from coachhub.network.service.imports.taking import take_import
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.window import PHONE_LIGHT, Window
from tests.fakes import KeptQueue

pytestmark = [pytest.mark.browser, pytest.mark.lengthy]

FILES = Path(__file__).parents[1] / "network/imports/files"
JOBS = {"workers.jobs.read_import": read_import, "workers.jobs.take_import": take_import}
WHOM, COLUMNS, UNREAD = "Whom did you like working with?", "What do the columns hold?", "could not be read"


class ImportPages:
    """Ben's window on his imports, and the worker that does what was rung for."""

    def __init__(self, window: Window, worker: Flask, queue: KeptQueue) -> None:
        self.window, self.worker, self.queue = window, worker, queue

    def bring_in(self, path: Path) -> None:
        """Choose a file and send it."""
        self.window.visit("/friends/import")
        self.window.page.set_input_files("#file", path)
        self.window.press("Read this file")

    def have_read(self, name: str) -> None:
        """Wait until the file has come in, let the worker read it, and look again before the page does by itself."""
        self.window.page.get_by_role("heading", level=1, name=f"Reading {name}").wait_for()
        self.work()
        self.window.page.reload()

    def work(self) -> None:
        """Do as the worker does, until nothing is rung for."""
        with self.worker.app_context():
            while self.queue.rings:
                ring = self.queue.rings.pop(0)
                if ring.job in JOBS:
                    JOBS[ring.job](*map(UUID, ring.arguments))

    def forget(self) -> None:
        """Discard the file that is open."""
        if more := self.window.page.query_selector("summary:has-text('I do not want this file')"):
            more.click()
        self.window.press("Discard this file")

    def asks(self, words: str) -> None:
        """The page's heading has these words, and nothing is wrong with the page."""
        self.window.page.get_by_role("heading", level=1, name=words).wait_for()
        assert self.window.faults() == []


@pytest.fixture
def imports(people: Cast, open_window: Opener, web_worker: Flask, queue: KeptQueue) -> ImportPages:
    """Ben, on his phone."""
    return ImportPages(open_window(people.ben, PHONE_LIGHT), web_worker, queue)


def _answer_to(name: str) -> str:
    """What the page says of a file on the shelf."""
    if name.startswith("any_"):
        return COLUMNS
    return UNREAD if name == "linkedin_nobody.csv" else WHOM


def test_it_reads_every_file_on_the_shelf(imports: ImportPages) -> None:
    for path in sorted(FILES.iterdir()):
        imports.bring_in(path)
        imports.have_read(path.name)
        imports.asks(_answer_to(path.name))
        if _answer_to(path.name) != UNREAD:
            imports.forget()


def test_it_adds_whom_the_client_ticks_and_takes_them_back(imports: ImportPages) -> None:
    page = imports.window.page
    imports.bring_in(FILES / "linkedin.csv")
    page.get_by_role("heading", level=1, name="Reading linkedin.csv").wait_for()
    assert imports.window.faults() == []
    imports.work()
    imports.asks(WHOM)  # by itself: nobody reloads
    imports.window.press("Tick none")
    page.locator("input[name=tick]").first.check()
    page.get_by_role("button", name="Add one friend").wait_for()
    imports.window.press("Add one friend")
    imports.asks("Adding your friends")
    imports.work()
    imports.asks("One friend is in your network.")
    imports.window.follow("Undo this import")
    imports.asks("Undo this import?")
    imports.window.press("Undo this import")
    imports.asks("This import is undone")


def test_it_works_without_javascript(people: Cast, open_window: Opener, web_worker: Flask, queue: KeptQueue) -> None:
    imports = ImportPages(open_window(people.ben, javascript=False), web_worker, queue)
    imports.bring_in(FILES / "google_new.csv")
    imports.work()
    imports.window.follow("Look again now")
    ticks = imports.window.page.locator("input[name=tick]")
    ticks.first.uncheck()
    wanted = ticks.count() - 1
    imports.window.press("friend")
    imports.work()
    imports.window.follow("Look again now")
    assert imports.window.shows(f"{wanted} friends are in your network." if wanted > 1 else "One friend is in")
