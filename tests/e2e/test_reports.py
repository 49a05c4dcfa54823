"""Reports through the browser: made by a real worker while the page waits, sent, mailed, and opened by the client."""

import zipfile
from pathlib import Path

import pytest
from flask import Flask

from coachhub.platform.config import Settings
from coachhub.platform.jobs import BULK, RqQueue
from tests.cast import Cast
from tests.e2e.conftest import Opener
from tests.e2e.post import Post
from tests.e2e.shift import Shift
from tests.e2e.window import PHONE_DARK, PHONE_LIGHT, Window
from tests.factories import a_client
from tests.fakes import KeptQueue
from tests.reports.shelf.desk import Desk
from tests.workers.processes import Processes

pytestmark = pytest.mark.browser


@pytest.fixture
def desk(people: Cast, web_worker: Flask) -> Desk:
    """Ana's desk at the site that is served."""
    return Desk(people, web_worker)


def hire(settings: Settings, queue: KeptQueue, log: Path) -> Processes:
    """A real worker of the bulk queue, and what the site has rung for it."""
    bell = RqQueue(settings.redis_url.get_secret_value())
    for ring in queue.rings:
        if ring.queue == BULK:
            bell.put(ring)
    crew = Processes(settings, log)
    crew.start("workers.boot", "worker", BULK)
    return crew


def no_faults(window: Window) -> None:
    """Nothing is wrong with the page; what a document weighs is not the page's."""
    assert [fault for fault in window.faults(without=["frame-tested"]) if "weighs" not in fault] == []


def test_it_is_made_by_a_worker_mailed_and_opened(
    desk: Desk, open_window: Opener, post: Post, queue: KeptQueue, web_settings: Settings, tmp_path: Path
) -> None:
    ana = open_window(desk.cast.ana)
    ana.visit(f"/clients/{desk.cast.ben.client_id}/sessions/{desk.held()}")
    ana.press("Make the report")
    ana.asks("Session report, 5 Mar 2026")
    no_faults(ana)
    crew = hire(web_settings, queue, tmp_path / "worker.log")
    try:
        ana.page.get_by_role("button", name="Send to Ben Berger").wait_for(timeout=30_000)
    finally:
        crew.close()
    no_faults(ana)
    ana.press("Send to Ben Berger")
    ana.reads("Ben Berger gets a mail that leads to it.")
    post.send()
    ben = open_window(desk.cast.ben, PHONE_DARK)
    ben.visit(post.link("ben@example.com"))
    ben.asks("Session report, 5 Mar 2026")
    no_faults(ben)
    with ben.page.expect_download() as download:
        ben.follow("Download")
    assert download.value.suggested_filename == "Session report, 5 Mar 2026.pdf"
    ana.page.reload()
    ana.reads("Opened by the client")


def test_it_shows_how_far_a_batch_is_and_gives_one_zip(desk: Desk, open_window: Opener, shift: Shift) -> None:
    for number, name in enumerate(("नेहा शर्मा", "Łukasz Wiśniewski")):
        a_client(desk.cast.app, desk.cast.ana, name, f"{number}@example.com")
    ana = open_window(desk.cast.ana, PHONE_LIGHT)
    ana.visit("/documents")
    no_faults(ana)
    ana.press("Make them")
    ana.reads("0 of 3 made")
    ana.page.reload()
    ana.reads("0 of 3 made")
    no_faults(ana)
    shift.work()
    ana.reads("3 reports are ready.")
    no_faults(ana)
    with ana.page.expect_download() as download:
        ana.follow("Download all as a zip")
    assert download.value.suggested_filename == "Progress report, February 2026.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert [name.split(" - ")[0] for name in archive.namelist()] == [
            "Ben Berger",
            "Łukasz Wiśniewski",
            "नेहा शर्मा",
        ]


def test_it_works_without_javascript(desk: Desk, open_window: Opener, shift: Shift) -> None:
    ana = open_window(desk.cast.ana, javascript=False)
    ana.visit(f"/clients/{desk.cast.ben.client_id}/reports")
    ana.press("Make it")
    ana.asks("Progress report, February 2026")
    shift.work()
    ana.follow("Look again now")
    ana.press("Send to Ben Berger")
    ana.reads("It stands in the portal.")
