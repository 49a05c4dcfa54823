"""A server that takes what is posted to it over real HTTP on loopback, unpacked, and answers 200 with nothing."""

import gzip
import threading
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

_UNPACK = {"gzip": gzip.decompress, "deflate": zlib.decompress}


@dataclass(frozen=True)
class Posted:
    """One request: where to, in which type, what; who asks, and the id that the request has."""

    path: str
    content_type: str
    authorization: str
    request_id: str
    body: bytes


@dataclass
class Receiver:
    """Listens while the block runs; `posted`: what it took, oldest first."""

    posted: list[Posted] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            body = _UNPACK.get(self.headers.get("Content-Encoding", ""), bytes)(body)
            told = [self.headers.get(name, "") for name in ("Content-Type", "X-Sentry-Auth", "X-Request-ID")]
            receiver.posted.append(Posted(self.path, *told, body))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_about: object) -> None:
            """Say nothing."""

    return Handler
