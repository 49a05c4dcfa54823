"""A window of a browser as one person has it: it remembers every complaint, and what each page weighs."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Response

MOST_BYTES = 120 * 1024
_REFUSALS = ("404", "409", "410", "422", "429")
_WEIGHT = """() => performance.getEntries()
  .filter((entry) => entry.entryType === "navigation" || entry.entryType === "resource")
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
_VIOLATIONS = "() => axe.run({ resultTypes: ['violations'] }).then((results) => results.violations)"
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")]
    .filter((part) => part.getBoundingClientRect().right > width + 1)
    .map((part) => part.tagName + "." + part.className).slice(0, 5);
}"""


@dataclass(frozen=True)
class Look:
    """How a page is looked at: the size of the window and the theme of the system."""

    name: str
    width: int
    height: int
    theme: str


PHONE_LIGHT = Look("phone-light", 390, 844, "light")
PHONE_DARK = Look("phone-dark", 390, 844, "dark")
DESKTOP_LIGHT = Look("desktop-light", 1280, 900, "light")
DESKTOP_DARK = Look("desktop-dark", 1280, 900, "dark")
PHONES, DESKTOPS = (PHONE_LIGHT, PHONE_DARK), (DESKTOP_LIGHT, DESKTOP_DARK)
LOOKS = (*PHONES, *DESKTOPS)


@dataclass
class Window:
    """One page of a browser, at the address of the application."""

    page: Page
    base_url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        """A refused page is a console error to Chromium; it is none to us where the page itself was refused."""
        if message.type not in ("error", "warning"):
            return
        is_of_page = message.location.get("url", "") == self.page.url
        is_refusal = message.text.startswith("Failed to load resource") and any(
            f"status of {status}" in message.text for status in _REFUSALS
        )
        if not (is_of_page and is_refusal):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def visit(self, path: str) -> Response:
        """Open an address of ours and wait until the page has loaded."""
        answer = self.page.goto(path if path.startswith("http") else f"{self.base_url}{path}")
        assert answer is not None
        return answer

    def shown_as(self, look: Look) -> "Window":
        """Change the size of the window and the theme of the system."""
        self.page.set_viewport_size({"width": look.width, "height": look.height})
        self.page.emulate_media(color_scheme=look.theme)  # type: ignore[arg-type]
        return self

    def faults_in(self, looks: Iterable[Look], *, axe: bool = True, without: Collection[str] = ()) -> list[str]:
        """The faults of the open page in each look: as when the window is resized or the evening comes."""
        return [
            f"{look.name}: {fault}" for look in looks for fault in self.shown_as(look).faults(axe=axe, without=without)
        ]

    def asks(self, question: str) -> None:
        """Wait for the page whose first heading holds these words."""
        self.page.get_by_role("heading", level=1).filter(has_text=question).wait_for()

    def reads(self, words: str) -> None:
        """Wait for words on the page."""
        self.page.get_by_text(words).first.wait_for()

    def follow(self, name: str, *, exact: bool = False) -> None:
        """Click a link by its words."""
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    def press(self, name: str, *, exact: bool = False) -> None:
        """Click a button by its words."""
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label).first.fill(text)

    def shows(self, text: str) -> bool:
        """Whether the page shows the text."""
        return text in self.page.locator("body").inner_text()

    def address_in(self, selector: str) -> str:
        """The address of ours that stands in a text of the page."""
        found = re.search(rf"{re.escape(self.base_url)}\S+", self.page.locator(selector).inner_text())
        assert found is not None
        return found[0]

    def shoot(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=True)

    def faults(self, *, axe: bool = True, without: Collection[str] = ()) -> list[str]:
        """What design.md forbids on the page that is open: unreachable for some, too wide, too heavy.

        `axe=False` where no script runs; `without` names rules of axe that do not apply.
        """
        self.page.wait_for_load_state()  # after a click the next page may only have begun
        found = [f"too wide: {part}" for part in self.page.evaluate(_TOO_WIDE)]
        weight = self.page.evaluate(_WEIGHT)
        if weight > MOST_BYTES:
            found.append(f"weighs {weight} bytes")
        return found + (self._violations(without) if axe else [])

    def _violations(self, without: Collection[str]) -> list[str]:
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(_VIOLATIONS)
        return [
            f"axe {violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for violation in found
            if violation["id"] not in without
            for node in violation["nodes"]
        ]


@dataclass
class Steps:
    """Does what a person does, and counts it: each field filled in and each click."""

    window: Window
    taken: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.taken)

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.taken.append(f"fill {label}")
        self.window.fill(label, text)

    def press(self, name: str) -> None:
        """Click a button."""
        self.taken.append(f"press {name}")
        self.window.press(name)

    def follow(self, name: str) -> None:
        """Click a link."""
        self.taken.append(f"follow {name}")
        self.window.follow(name)

    def tick(self, label: str) -> None:
        """Choose a radio button or a box by its words."""
        self.taken.append(f"tick {label}")
        self.window.page.get_by_label(label).first.check()

    def open(self, address: str) -> None:
        """Click the link in a mail."""
        self.taken.append("open the link in the mail")
        self.window.visit(address)
