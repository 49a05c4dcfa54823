"""Makes the pictures of README.md from the demo that script/up has made and runs.

    BASE_URL=http://localhost:8000 COACHHUB_DATA=.coachhub .venv/bin/python deploy/docs/make_pictures.py

People and figures are invented, the days are today's.
"""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright

from coachhub.bench.linkedin_file import linkedin_file
from coachhub.demo import LOGINS
from coachhub.demo.people import PRACTICE

HERE = Path(__file__).parent
BASE_URL = os.environ.get("BASE_URL", "http://localhost:8000")
MOST_BYTES = 300 * 1024
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
MAIL = {"width": 640, "height": 800}


def main() -> None:
    """Every picture, and a complaint about one that is too heavy for a repository."""
    _write_mails()
    chromium = os.environ.get("COACHHUB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        _coach(browser)
        _visitor(browser)
        _client(browser)
        _mail(browser)
        browser.close()
    heavy = [path.name for path in HERE.glob("*.png") if path.stat().st_size > MOST_BYTES]
    if heavy:
        sys.exit(f"heavier than {MOST_BYTES} bytes: {', '.join(heavy)}")


def _write_mails() -> None:
    """The mails of the next month's first days, kept on this machine."""
    first = (datetime.now(UTC).replace(day=1) + timedelta(days=32)).replace(day=1)
    at = (first + timedelta(days=2)).strftime("%Y-%m-%dT12:00:00Z")
    command = Path(sys.executable).with_name("coachhub")
    subprocess.run([command, "reminders", "run", "--at", at], check=True)


def _coach(browser: Browser) -> None:
    page = _signed_in(browser, "owner", DESKTOP)
    _shoot(page, "/today", "today")
    _shoot(page, "/clients", "clients")
    _open_client(page, "Ana+Beatriz")
    page.screenshot(path=HERE / "client.png")
    _papers(page)
    _shoot(page, "/reports", "cohort")
    _shoot(page, "/reports/coaches", "coaches")
    _shoot(page, "/operations", "operations")
    _shoot(page, "/calendar", "calendar")
    _shoot(page, "/payments", "payments")
    _shoot(page, "/settings/messages/new_month", "words")
    _shoot(page, "/settings/outbox?state=delivered", "outbox")
    page.goto(f"{BASE_URL}/today")
    page.get_by_role("link", name=re.compile("^Message (all|them)")).first.click()
    page.get_by_role("button", name=re.compile("^Send to")).wait_for()
    page.screenshot(path=HERE / "nudge.png")


def _open_client(page: Page, name: str) -> None:
    page.goto(f"{BASE_URL}/clients?q={name}")
    page.locator("th a[href^='/clients/']").first.click()
    page.wait_for_url("**/clients/*-*")


def _papers(page: Page) -> None:
    """The session that comes next for a client, with its brief, and a report's first page."""
    _open_client(page, "Ben")
    client = page.url
    page.goto(f"{client}/sessions")
    page.get_by_role("link", name=re.compile(r"\d\d:\d\d$")).first.click()
    page.wait_for_url("**/sessions/*-*")
    page.screenshot(path=HERE / "session.png")
    page.goto(f"{client}/reports")
    address = page.locator("main a[href*='/reports/']").first.get_attribute("href")
    document = pypdfium2.PdfDocument(page.request.get(f"{BASE_URL}{address}/report.pdf").body())
    document[0].render(scale=1.2).to_pil().save(HERE / "report.png", optimize=True)


def _visitor(browser: Browser) -> None:
    """Somebody finds a time with a coach whom they do not know yet."""
    page = _window(browser, PHONE)
    _shoot(page, f"/p/{PRACTICE[1]}", "practice")
    page.get_by_role("link", name="See all times").nth(1).click()
    page.get_by_role("heading", name="Career session").wait_for()
    page.screenshot(path=HERE / "booker.png")


def _client(browser: Browser) -> None:
    page = _signed_in(browser, "client", PHONE)
    _shoot(page, "/month", "month")
    _shoot(page, "/friends", "friends")
    page.set_viewport_size(DESKTOP)
    _shoot(page, "/friends/network", "network")
    _import(page)
    _reply(browser, page)


def _import(page: Page) -> None:
    """People out of a file, before anybody is a friend; afterwards it is forgotten."""
    page.goto(f"{BASE_URL}/friends/import")
    file = {"name": "Connections.csv", "mimeType": "text/csv", "buffer": linkedin_file(240)}
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Read this file").click()
    page.get_by_role("heading", name="Whom did you like working with?").wait_for()
    for tick in page.get_by_role("checkbox").all()[:2]:
        tick.check()
    page.get_by_text("2 of 240 chosen").wait_for()
    page.screenshot(path=HERE / "import.png")
    page.get_by_text("I do not want this file").click()
    page.get_by_role("button", name="Discard this file").click()


def _reply(browser: Browser, page: Page) -> None:
    """What a friend sees under the link of a message that is just being written."""
    page.goto(f"{BASE_URL}/month?ask=choose")
    page.get_by_role("button", name="Write to").first.click()
    page.get_by_role("heading", name="is written").wait_for()
    [link] = re.findall(rf"{re.escape(BASE_URL)}/r/\S+", page.locator("#letter").inner_text())
    friend = _window(browser, PHONE)
    friend.goto(link)
    friend.screenshot(path=HERE / "reply.png")


def _mail(browser: Browser) -> None:
    page = _window(browser, MAIL)
    page.goto(f"{BASE_URL}/dev/outbox")
    newest = page.locator(".card", has_text="ben@demo.example").locator("h2 a").first.get_attribute("href")
    page.goto(f"{BASE_URL}{newest}/html")
    page.screenshot(path=HERE / "mail.png", full_page=True)


def _signed_in(browser: Browser, role: str, size: dict[str, int]) -> Page:
    [(_, email, password)] = [login for login in LOGINS if login[0] == role]
    page = _window(browser, size)
    page.goto(f"{BASE_URL}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def _window(browser: Browser, size: dict[str, int]) -> Page:
    context = browser.new_context(viewport=size, locale="en-GB", timezone_id="Europe/London", color_scheme="light")
    return context.new_page()


def _shoot(page: Page, path: str, name: str) -> None:
    page.goto(f"{BASE_URL}{path}")
    page.screenshot(path=HERE / f"{name}.png")


if __name__ == "__main__":
    main()
