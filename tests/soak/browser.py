"""As much of a browser as the load needs: cookies, hidden fields, an address of its own, a record of all it asks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from tests.soak.record import CUT, Record

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
_PATIENCE = 60


@dataclass(frozen=True)
class Page:
    """What came back; `status` is 0 where nobody answered."""

    status: int
    text: str = ""
    location: str = ""

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of its forms."""
        return dict(_HIDDEN.findall(self.text))

    @property
    def failed(self) -> bool:
        return self.status == CUT or self.status >= 500


@dataclass
class Browser:
    """One person's. `number` chooses the loopback address that it comes from, for limits count by address."""

    record: Record
    port: int
    number: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        high, low = divmod(self.number, 250)
        self._connection = HTTPConnection(
            "127.0.0.1", self.port, timeout=_PATIENCE, source_address=(f"127.1.{high % 250}.{low + 1}", 0)
        )

    def get(self, kind: str, path: str) -> Page:
        """Ask for a page."""
        return self._ask(kind, "GET", path, None)

    def post(self, kind: str, path: str, form: Mapping[str, object]) -> Page:
        """Send a form."""
        return self._ask(kind, "POST", path, urlencode({name: str(value) for name, value in form.items()}))

    def post_until_answered(self, kind: str, path: str, form: Mapping[str, object], tries: int = 5) -> Page:
        """Send a form, and the very same again where we failed, as who is told "please try again" does."""
        for _ in range(tries):
            page = self.post(kind, path, form)
            if not page.failed:
                break
        return page

    def close(self) -> None:
        self._connection.close()

    def _ask(self, kind: str, method: str, path: str, body: str | None) -> Page:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with self.record.asking(kind) as asked:
            try:
                self._connection.request(method, path, body, headers)
                answer = self._connection.getresponse()
                text = answer.read().decode(errors="replace")
            except (OSError, HTTPException):
                self._connection.close()
                return Page(CUT)
            asked.status = answer.status
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        where = urlsplit(answer.headers.get("Location", ""))
        location = where.geturl() if where.netloc and where.port != self.port else where._replace(scheme="", netloc="")
        return Page(answer.status, text, location if isinstance(location, str) else location.geturl())
