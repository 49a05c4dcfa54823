"""A real server, and visitors who ask it over HTTP on connections that stay open."""

import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from coachhub.bench.crew import environment_of, home
from coachhub.bench.scratch import Scratch

WORKERS, CONNECTIONS = 2, 8
_COMMAND = (
    *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", str(WORKERS), "--blocking-threads", "4"),
    *("--no-ws", "--log-level", "warning", "--factory", "coachhub.bench.served:serve"),
)
_PATIENCE = 30
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@contextmanager
def server(scratch: Scratch) -> Iterator[int]:
    """A server of the application, as `script/up` starts it; gives its port. It believes one proxy before it."""
    port = _free_port()
    environment = environment_of(scratch.settings) | {"TRUSTED_PROXIES": "1"}
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, "-m", *_COMMAND, "--port", str(port)]
        child = subprocess.Popen(command, cwd=home(), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait_for(port)
            yield port
        finally:
            child.terminate()
            child.wait(_PATIENCE)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


@contextmanager
def open_connections(port: int) -> Iterator[list[socket.socket]]:
    """As many connections as visitors who ask at once, for the length of the block."""
    made = [socket.create_connection(("127.0.0.1", port), _PATIENCE) for _ in range(CONNECTIONS)]
    try:
        yield made
    finally:
        for connection in made:
            connection.close()


def ask(connections: list[socket.socket], path: str, times: int, cookie: str = "") -> None:
    """Ask for a page so many times, on all connections at once, the next time when the answer is there.

    It does as little as a client can, as it shares the machine with the server. Raises RuntimeError unless all are 200.
    """
    signed_in = f"Cookie: {cookie}\r\n" if cookie else ""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{signed_in}\r\n".encode()
    left = times
    with selectors.DefaultSelector() as ready:
        for connection in connections:
            ready.register(connection, selectors.EVENT_READ, bytearray())
            connection.sendall(request)
            left -= 1
        while ready.get_map():
            for key, _ in ready.select(_PATIENCE):
                asked = key.fileobj
                assert isinstance(asked, socket.socket)  # noqa: S101 (nothing else is registered)
                if not _is_answered(asked, key.data):
                    continue
                if left > 0:
                    key.data.clear()
                    asked.sendall(request)
                    left -= 1
                else:
                    ready.unregister(asked)


def _is_answered(connection: socket.socket, so_far: bytearray) -> bool:
    so_far += connection.recv(1 << 18)
    head, end, body = so_far.partition(b"\r\n\r\n")
    if not end:
        return False
    length = _LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 200") or length is None:
        raise RuntimeError(f"the server answered {bytes(head[:200])!r}")
    return len(body) >= int(length[1])
