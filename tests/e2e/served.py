"""The web application over real HTTP on a free port of this machine, served by a thread."""

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Thread
from typing import Any

import psycopg
from flask import Flask
from werkzeug.serving import make_server

_PATIENCE_SECONDS = 10
_UNDER_WAY = (
    "select count(*) from pg_stat_activity where usename = 'coachhub_web' and state <> 'idle' "
    "and datname = current_database()"
)


class Traffic:
    """An application that knows how many of its requests are under way."""

    def __init__(self, app: Flask) -> None:
        self._app = app.wsgi_app
        self._under_way = 0
        self._changed = Condition()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer one request: with it, its transaction is over."""
        self._count(1)
        try:
            return self._app(environ, start_response)
        finally:
            self._count(-1)

    def _count(self, difference: int) -> None:
        with self._changed:
            self._under_way += difference
            self._changed.notify_all()

    def settle(self) -> None:
        """Wait until nothing is under way: what a window asked for before it was closed still reads and writes."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._under_way, _PATIENCE_SECONDS)


class FleetTraffic:
    """What is under way at web servers that are other processes: seen at the database."""

    def __init__(self, admin: psycopg.Connection) -> None:
        self._admin = admin

    def settle(self) -> None:
        """Wait until no transaction of the web is under way."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while self._admin.execute(_UNDER_WAY).fetchone() != (0,):
            assert time.monotonic() < end
            time.sleep(0.01)


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        port: int = opened.getsockname()[1]
        return port


@contextmanager
def served(app: Flask, port: int) -> Iterator[str]:
    """Serve the application while the block runs; the address it has."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, app, threaded=True)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="web")
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()
