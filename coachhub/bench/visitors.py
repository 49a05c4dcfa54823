"""Visitors of our own, for machines without h2load: they ask over HTTP on connections that stay open."""

import itertools
import re
import selectors
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

_PATIENCE = 30
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_NO_BODY = 304


def ask(
    port: int, paths: Sequence[str], headers: Mapping[str, str], status: int, times: int, connections: int
) -> tuple[float, list[float], float]:
    """Ask for a page so many times, on all connections at once, the next time when the answer is there.

    Gives the seconds of all of it, the milliseconds of each answer, and the seconds of a core that asking took. It does
    as little as a client can, as it shares the machine with the server. Raises RuntimeError at another status.
    """
    named = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "localhost", **headers}.items())
    requests = [f"GET {path} HTTP/1.1\r\n{named}\r\n".encode() for path in paths]
    with _open_connections(port, min(connections, times)) as opened:
        began, worked = time.perf_counter(), time.process_time()
        answers = _answers(opened, requests, status, times)
        return time.perf_counter() - began, answers, time.process_time() - worked


@contextmanager
def _open_connections(port: int, count: int) -> Iterator[list[socket.socket]]:
    made = [socket.create_connection(("127.0.0.1", port), _PATIENCE) for _ in range(count)]
    try:
        yield made
    finally:
        for connection in made:
            connection.close()


def _answers(connections: list[socket.socket], requests: Sequence[bytes], status: int, times: int) -> list[float]:
    answers: list[float] = []
    asked_at: dict[int, float] = {}
    left = itertools.islice(itertools.cycle(requests), times)
    with selectors.DefaultSelector() as ready:
        for connection in connections:
            ready.register(connection, selectors.EVENT_READ, bytearray())
            _ask_once(connection, next(left), asked_at)
        while ready.get_map():
            for key, _ in ready.select(_PATIENCE):
                asked = key.fileobj
                assert isinstance(asked, socket.socket)  # noqa: S101 (nothing else is registered)
                if not _is_answered(asked, key.data, status):
                    continue
                answers.append((time.perf_counter() - asked_at[key.fd]) * 1000)
                request = next(left, None)
                if request is None:
                    ready.unregister(asked)
                    continue
                key.data.clear()
                _ask_once(asked, request, asked_at)
    return answers


def _ask_once(connection: socket.socket, request: bytes, asked_at: dict[int, float]) -> None:
    asked_at[connection.fileno()] = time.perf_counter()
    connection.sendall(request)


def _is_answered(connection: socket.socket, so_far: bytearray, status: int) -> bool:
    so_far += connection.recv(1 << 18)
    head, end, body = so_far.partition(b"\r\n\r\n")
    if not end:
        return False
    length = _LENGTH.search(head)
    is_whole = length is not None or status == _NO_BODY
    if not head.startswith(b"HTTP/1.1 %d" % status) or not is_whole:
        raise RuntimeError(f"the server answered {bytes(head[:200])!r}")
    return status == _NO_BODY or (length is not None and len(body) >= int(length[1]))
