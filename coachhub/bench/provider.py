"""A mail provider that only counts, in a process of its own, so that what a bench measures is ours.

It speaks as much of SendGrid's `POST /v3/mail/send` as its client needs, and judges nothing.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urlsplit

from coachhub.platform.launcher import die_with_parent

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_DELIVERY = re.compile(rb'"delivery_id": ?"([0-9a-f-]{36})"')
_TAKEN = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: counted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_COUNTS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"


@dataclass(frozen=True)
class Counts:
    """How many calls came, with how many mails, and how many of these had come before."""

    calls: int
    mails: int
    doubled: int


@dataclass(frozen=True)
class Provider:
    """The running process, by its address."""

    url: str

    def counts(self) -> Counts:
        """What it has taken until now."""
        with _ask(self.url, "GET", "/counts") as answer:
            return Counts(**json.loads(answer))


@contextmanager
def counting_provider(delay: float = 0.0) -> Iterator[Provider]:
    """Run one for the length of the block; it answers each call `delay` seconds after it came, any number at once."""
    command = [sys.executable, "-m", "coachhub.bench.provider", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None  # noqa: S101 (it is a pipe)
        try:
            yield Provider(child.stdout.readline().strip())
        finally:
            child.terminate()


@contextmanager
def _ask(url: str, method: str, path: str) -> Iterator[bytes]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request(method, path)
        yield connection.getresponse().read()
    finally:
        connection.close()


@dataclass
class _Ledger:
    """Every delivery id that has come."""

    delay: float
    calls: int = 0
    mails: int = 0
    seen: set[bytes] = field(default_factory=set)

    def take(self, body: bytes) -> None:
        """One call: a delivery id for each of its mails."""
        deliveries = _DELIVERY.findall(body)
        self.calls += 1
        self.mails += len(deliveries)
        self.seen.update(deliveries)

    def counts(self) -> bytes:
        told = {"calls": self.calls, "mails": self.mails, "doubled": self.mails - len(self.seen)}
        return json.dumps(told).encode()


class _Call(asyncio.Protocol):
    """One connection, which carries one request."""

    def __init__(self, ledger: _Ledger) -> None:
        self.ledger = ledger
        self.pieces: list[bytes] = []
        self.missing: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing to do until it speaks."""
        self.transport = transport

    def data_received(self, piece: bytes) -> None:
        """Collect until the length that the head names is there."""
        self.pieces.append(piece)
        if self.missing is None:
            head, end, body = b"".join(self.pieces).partition(b"\r\n\r\n")
            if not end:
                return
            length = _LENGTH.search(head)
            self.missing = (int(length[1]) if length else 0) - len(body)
        else:
            self.missing -= len(piece)
        if self.missing <= 0:
            self._answer(b"".join(self.pieces))

    def _answer(self, request: bytes) -> None:
        if request.startswith(b"GET"):
            counts = self.ledger.counts()
            self._end(_COUNTS % (len(counts), counts))
            return
        self.ledger.take(request)
        asyncio.get_running_loop().call_later(self.ledger.delay, self._end, _TAKEN)

    def _end(self, answer: bytes) -> None:
        assert isinstance(self.transport, asyncio.Transport)  # noqa: S101 (TCP is both ways)
        self.transport.write(answer)
        self.transport.close()


async def _serve(delay: float) -> None:
    ledger = _Ledger(delay)
    server = await asyncio.get_running_loop().create_server(lambda: _Call(ledger), "127.0.0.1", 0, backlog=1_024)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    die_with_parent()
    asyncio.run(_serve(float(sys.argv[1])))
