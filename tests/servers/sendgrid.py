"""A SendGrid to test against: real HTTP on loopback, strict by SendGrid's own description, faults on demand.

with SendGridServer(key="SG.key") as server:
    server.next(Fault.LOST)          # what happens to the next request; without one it is taken
    ...                              # the real client talks to server.url
    server.taken                     # the bodies that were accepted, oldest first
"""

import base64
import json
import re
import threading
from collections import deque
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import jsonschema_rs

_DESCRIPTION = json.loads((Path(__file__).parent / "sendgrid-mail.json").read_text())
_SEND = _DESCRIPTION["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
_VALIDATOR = jsonschema_rs.Draft202012Validator(
    _SEND | {"components": _DESCRIPTION["components"]}, validate_formats=True
)
_MOST_BYTES = 30 * 1024 * 1024
_MOST_CUSTOM_BYTES = 10_000


class Fault(Enum):
    """What happens to a request. LOST: it is taken, and then the connection ends without an answer.

    HANGS: nothing is answered until the server closes; CUT: the connection ends before the body was read.
    """

    LOST = "lost"
    HANGS = "hangs"
    CUT = "cut"


@dataclass
class SendGridServer:
    """Listens while the block runs. `taken`: accepted bodies; `refused`: (status, body) of the others."""

    key: str = "SG.test"
    taken: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    _planned: deque[int | Fault] = field(default_factory=deque)

    def next(self, *planned: int | Fault) -> None:
        """What happens to the next requests: a status such as 429, or a fault."""
        self._planned.extend(planned)

    def take_plan(self) -> int | Fault | None:
        return self._planned.popleft() if self._planned else None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _handler(server: SendGridServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            planned = server.take_plan()
            if planned is Fault.CUT:
                self.close_connection = True
                return
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if planned is Fault.HANGS:
                server.closing.wait(30)
                self.close_connection = True
            elif isinstance(planned, int):
                self._refuse(planned, body, "as the test asked")
            else:
                self._judge(body, is_answered=planned is not Fault.LOST)

        def do_GET(self) -> None:
            self._refuse(405, b"", "method not allowed")

        def _judge(self, body: bytes, *, is_answered: bool) -> None:
            status, why = _verdict(server.key, self.path, dict(self.headers), body)
            if status != 202:
                self._refuse(status, body, why)
                return
            server.taken.append(json.loads(body))
            if is_answered:
                self._answer(202, b"", {"X-Message-Id": uuid4().hex[:22]})
            else:
                self.close_connection = True

        def _refuse(self, status: int, body: bytes, why: str) -> None:
            server.refused.append((status, body))
            errors = {"errors": [{"message": why, "field": None, "help": None}]}
            self._answer(status, json.dumps(errors).encode(), {"Content-Type": "application/json"})

        def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Tests keep their own record."""

    return Handler


def _verdict(key: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, str]:
    """The status that SendGrid would answer, and its reason."""
    if path != "/v3/mail/send":
        return 404, "not found"
    if headers.get("Authorization") != f"Bearer {key}":
        return 401, "The provided authorization grant is invalid, expired, or revoked"
    if len(body) > _MOST_BYTES:
        return 413, "content too large"
    if not re.match(r"application/json\b", headers.get("Content-Type", "")):
        return 415, "Content-Type should be application/json."
    try:
        asked = json.loads(body)
    except ValueError:
        return 400, "Bad Request"
    problems = [f"{error.instance_path}: {error.message}" for error in _VALIDATOR.iter_errors(asked)]
    problems += _beyond_the_description(asked) if not problems else []
    return (400, "; ".join(problems)) if problems else (202, "")


def _beyond_the_description(asked: dict[str, Any]) -> list[str]:
    """What SendGrid's documentation says in words, or its service does."""
    found = []
    kinds = [content["type"] for content in asked.get("content", [])]
    if kinds != sorted(kinds, key=["text/plain", "text/html"].index):
        found.append("If present, text/plain and text/html may only be provided once, text/plain first.")
    if not asked.get("subject") and not all(each.get("subject") for each in asked["personalizations"]):
        found.append("The subject is required.")
    addresses = [to["email"].lower() for each in asked["personalizations"] for to in each["to"]]
    if not addresses or any("@" not in address for address in addresses):
        found.append("Does not contain a valid address.")
    for each in asked["personalizations"]:
        values = each.get("custom_args", {})
        if any(not isinstance(value, str) for value in values.values()):
            found.append("The custom argument must be a string.")
        if len(json.dumps(values)) > _MOST_CUSTOM_BYTES:
            found.append("The custom arguments are too long.")
    for name in ("type", "filename", "disposition"):
        if any(sign in str(each.get(name, "")) for each in asked.get("attachments", []) for sign in ";\r\n"):
            found.append(f"The attachment {name} cannot contain ';', or CRLF characters.")
    if any(not _is_base64(each["content"]) for each in asked.get("attachments", [])):
        found.append("The attachment content must be base64 encoded.")
    if len(asked.get("categories", [])) > 10 or any(len(name) > 255 for name in asked.get("categories", [])):
        found.append("There may be ten categories of 255 characters.")
    return found


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text, validate=True))
    except ValueError:
        return False
