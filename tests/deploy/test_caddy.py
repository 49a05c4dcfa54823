"""The proxy's own log: it names a request by our id, and nothing that only its visitor may know."""

import os
import subprocess
import sys
from pathlib import Path

import requests

from tests.deploy.described import DEPLOY
from tests.e2e.served import free_port
from tests.log_lines import MARK, lines_of
from tests.servers.receiver import Receiver
from tests.workers.processes import eventually


def test_it_gives_each_request_an_id_and_logs_no_address(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "caddy.log"
    with Receiver() as web, log.open("wb") as sink:
        places = {
            "BASE_URL": f"http://127.0.0.1:{port}",
            "COACHHUB_WEB": web.host,
            "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        }
        folders = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        argv = [
            Path(sys.executable).with_name("caddy"),
            "run",
            "--adapter",
            "caddyfile",
            "--config",
            DEPLOY / "Caddyfile",
        ]
        with subprocess.Popen(argv, env=os.environ | places | folders, stderr=sink) as caddy:
            try:
                eventually(lambda: _posts(port, web), log.read_text)
            finally:
                caddy.terminate()
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
