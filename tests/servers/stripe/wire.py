"""The wire: HTTP/1.1 on loopback, with connections that are kept, cut or left hanging."""

from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING

from tests.servers.stripe.front import Asked, Fault
from tests.servers.stripe.pages import page

if TYPE_CHECKING:
    from tests.servers.stripe import StripeServer


def handler(server: "StripeServer") -> type[BaseHTTPRequestHandler]:
    """A handler class for one server."""

    class Handler(_Handler):
        stripe = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    stripe: "StripeServer"

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        is_api = self.path.startswith(("/v1/", "/v2/"))
        if is_api and self._next_is_cut():
            self.close_connection = True
            return
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not is_api:
            self._show(raw)
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.stripe.answer(Asked(self.command, self.path, headers, raw))
        if isinstance(answer, Fault):
            if answer in (Fault.HANGS, Fault.SLOW):
                self.stripe.closing.wait(60)
            self.close_connection = True
            return
        self._answer(answer.status, answer.body, answer.headers)

    def _next_is_cut(self) -> bool:
        planned = self.stripe.front.planned
        return bool(planned) and planned[0] is Fault.CUT and planned.popleft() is Fault.CUT

    def _show(self, raw: bytes) -> None:
        found = page(self.stripe.world, self.command, self.path, raw)
        if found is None:
            self._answer(404, b"not found", {"Content-Type": "text/plain"})
            return
        status, html, onward = found
        headers = {"Content-Type": "text/html; charset=utf-8"} | ({"Location": onward} if onward else {})
        self._answer(status, html.encode(), headers)
        if self.stripe.is_prompt and self.command == "POST":
            self.stripe.post.deliver()

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests keep their own record."""
