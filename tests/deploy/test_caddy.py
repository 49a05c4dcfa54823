"""The proxy: it names a request by our id, logs nothing that only its visitor may know, and waits for slow ones."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from coachhub.platform.config import ROOT, Settings
from tests.deploy.described import DEPLOY
from tests.e2e.served import free_port
from tests.log_lines import MARK, lines_of
from tests.servers.receiver import Receiver
from tests.workers.processes import environment, eventually

_THREADS = 4


@contextmanager
def _proxy(web: str, folder: Path) -> Iterator[tuple[int, Path]]:
    """Caddy with our file before a web server, its port and its log."""
    port, log = free_port(), folder / "caddy.log"
    places = {
        "BASE_URL": f"http://127.0.0.1:{port}",
        "COACHHUB_WEB": web,
        "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
    }
    folders = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    program = Path(sys.executable).with_name("caddy")
    argv = [program, "run", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"]
    with log.open("wb") as sink, subprocess.Popen(argv, env=os.environ | places | folders, stderr=sink) as caddy:
        try:
            yield port, log
        finally:
            caddy.terminate()


def test_it_gives_each_request_an_id_and_logs_no_address(tmp_path: Path) -> None:
    with Receiver() as web, _proxy(web.host, tmp_path) as (port, log):
        eventually(lambda: _posts(port, web), log.read_text)
    told = [line for line in lines_of(log.read_text()) if line["msg"] == "handled request"]
    assert told[-1]["request_id"] == web.posted[-1].request_id
    assert len(told[-1]["request_id"]) == 36
    assert [word for word in (MARK, "python-requests", "remote_ip") if word in log.read_text()] == []


def _posts(port: int, web: Receiver) -> bool:
    try:
        headers = {"X-Request-ID": MARK, "Cookie": MARK}
        requests.post(f"http://127.0.0.1:{port}/r/{MARK}?q={MARK}", MARK, headers=headers, timeout=25)
    except requests.ConnectionError:
        return False
    return bool(web.posted)


@contextmanager
def _web(settings: Settings, folder: Path) -> Iterator[int]:
    """A web server of one process, and its port."""
    port = free_port()
    options = ["--interface", "wsgi", "--port", str(port), "--no-ws", "--blocking-threads", str(_THREADS)]
    argv = [sys.executable, "-m", "coachhub.serving", *options, "coachhub.wsgi:app"]
    with (
        (folder / "web.log").open("wb") as sink,
        subprocess.Popen(argv, cwd=ROOT, env=environment(settings), stdout=sink, stderr=sink) as web,
    ):
        try:
            eventually(lambda: _answers(port), (folder / "web.log").read_text)
            yield port
        finally:
            web.terminate()


def _answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10).status_code == 200
    except requests.ConnectionError:
        return False


def _begin_to_send(port: int, stack: ExitStack) -> None:
    """Open a form and send a part of it, more than a proxy puts together before it passes on the beginning."""
    begun = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
    kind = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 900000"
    begun.sendall(f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{kind}\r\n\r\na={'b' * 99_999}".encode())


@pytest.mark.lengthy
def test_it_lends_no_thread_of_the_web_to_who_sends_slowly(settings: Settings, clean: None, tmp_path: Path) -> None:
    with _web(settings, tmp_path) as web, _proxy(f"127.0.0.1:{web}", tmp_path) as (port, log), ExitStack() as slow:
        eventually(lambda: _answers(port), log.read_text)
        for _ in range(2 * _THREADS):
            _begin_to_send(port, slow)
        for _ in range(10):  # for as long as it takes all of them to arrive
            assert _answers(port)
            time.sleep(0.2)
