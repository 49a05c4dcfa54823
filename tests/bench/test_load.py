"""Whoever asks a server for the measurements: h2load where it is installed, and visitors of our own."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from coachhub.bench import h2load, visitors

Ask = Callable[..., tuple[float, list[float], float]]
ASKS = [visitors.ask, pytest.param(h2load.ask, marks=pytest.mark.skipif(not h2load.version(), reason="no h2load here"))]


class Answering(BaseHTTPRequestHandler):
    """Answers as the address says, and notes who asked for what."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Cookie"]))
        status = int(self.path.strip("/").split("/")[0])
        body = b"" if status == 304 else b"<p>A page.</p>" * 20_000
        self.send_response(status)
        if body:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


class Server(ThreadingHTTPServer):
    """One whose visitors may come all at once, and leave before their answer is there."""

    request_queue_size = 64  # whoever finds it full tries again after a second

    def handle_error(self, *_of_it: object) -> None:
        """They are not missed."""


@pytest.fixture
def port() -> Iterator[int]:
    Answering.asked = []
    with Server(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("ask", ASKS)
@pytest.mark.parametrize("status", [200, 304])
def test_it_takes_the_time_of_each_answer(port: int, ask: Ask, status: int) -> None:
    seconds, answers, work = ask(port, [f"/{status}/a", f"/{status}/b"], {"Cookie": "one=two"}, status, 50, 8)
    assert len(answers) == 50
    assert 0 < max(answers) <= seconds * 1000
    assert work > 0
    assert {path for path, _ in Answering.asked} == {f"/{status}/a", f"/{status}/b"}
    assert {cookie for _, cookie in Answering.asked} == {"one=two"}


@pytest.mark.parametrize("ask", ASKS)
def test_it_takes_no_error_for_a_quick_page(port: int, ask: Ask) -> None:
    with pytest.raises(RuntimeError, match="429"):
        ask(port, ["/429/a"], {}, 200, 16, 8)
