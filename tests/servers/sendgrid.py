"""A SendGrid to test against: real HTTP on loopback, strict by SendGrid's own description, faults on demand.

with SendGridServer(key="SG.key") as server:
    server.next(Fault.LOST)          # what happens to the next request; without one it is taken
    server.when(to_address(400, "bad@example.com"))     # what happens to each request of a kind
    ...                              # the real client talks to server.url
    server.taken, server.mails()     # the bodies that were accepted, and the mails that their readers got
    server.deliveries                # how often each delivery id was taken
    server.tell(webhook, [server.event(delivery_id, "delivered")])      # post a signed event webhook

As a process of its own, which writes a line for each delivery that it takes:
    python -m tests.servers.sendgrid --port 8025 --ledger FILE [--delay 0.2] [--judge-every 100] [--next 429 lost]
"""

import json
import os
import re
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from tests.servers.sendgrid_events import ReceivedMail, SigningKey, an_event, mails_of
from tests.servers.sendgrid_words import MOST_BYTES, complaints

_DELIVERY = re.compile(rb'"delivery_id": ?"([0-9a-f-]{36})"')
_SUPPRESSION = re.compile(r"/v3/suppression/(bounces|blocks|spam_reports|invalid_emails)/([^/]+)")


class Fault(Enum):
    """What happens to a request.

    LOST: it is taken, and then the connection ends without an answer. EATEN: it is read and not taken, and the
    connection ends. CUT: the connection ends before the body was read. HANGS: it is not taken and nothing is answered
    until the server closes; SLOW: the same, but it is taken.
    """

    LOST = "lost"
    EATEN = "eaten"
    CUT = "cut"
    HANGS = "hangs"
    SLOW = "slow"

    @property
    def takes(self) -> bool:
        return self in (Fault.LOST, Fault.SLOW)


What = int | Fault
Rule = Callable[[dict[str, Any]], What | None]


def to_address(what: What, *addresses: str) -> Rule:
    """A rule: this happens to each request with one of the addresses among its recipients."""

    def asked(body: dict[str, Any]) -> What | None:
        found = {person["email"].lower() for each in body["personalizations"] for person in each["to"]}
        return what if found & set(addresses) else None

    return asked


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


@dataclass
class SendGridServer:
    """Listens while the block runs; any number of calls at a time, each of which takes `delay` seconds.

    `taken`: accepted bodies; `refused`: (status, body) of the others; `deliveries`: how often each delivery id was
    taken; `suppressed`: the addresses on each of its lists. For a bench: `judge_every` n-th request is held against the
    schema, and without `keeps_bodies` only the delivery ids are kept.
    """

    key: str = "SG.test"
    port: int = 0
    delay: float = 0
    judge_every: int = 1
    keeps_bodies: bool = True
    ledger: Path | None = None
    taken: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[int, bytes]] = field(default_factory=list)
    deliveries: Counter[str] = field(default_factory=Counter)
    suppressed: dict[str, set[str]] = field(default_factory=dict)
    signing_key: SigningKey = field(default_factory=SigningKey)
    calls: int = 0
    _message_ids: list[str] = field(default_factory=list)
    _planned: deque[What] = field(default_factory=deque)
    _rules: list[Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, *planned: What) -> None:
        """What happens to the next requests: a status such as 429, or a fault."""
        self._planned.extend(planned)

    def when(self, rule: Rule) -> None:
        """What happens to each request of which the rule says something."""
        self._rules.append(rule)

    def forgive(self) -> None:
        """Nothing happens to any request any more."""
        self._rules.clear()
        self._planned.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def doubled(self) -> list[str]:
        """The delivery ids that were taken more than once."""
        return [delivery_id for delivery_id, times in self.deliveries.items() if times > 1]

    def mails(self) -> list[ReceivedMail]:
        """Every mail that a reader has got, oldest first."""
        with self._lock:
            bodies = list(zip(self.taken, self._message_ids, strict=True))
        return [mail for body, message_id in bodies for mail in mails_of(body, message_id)]

    def mail(self, delivery_id: object) -> ReceivedMail:
        """The mail of a delivery that was taken."""
        return next(mail for mail in self.mails() if mail.custom_args.get("delivery_id") == str(delivery_id))

    def event(self, delivery_id: object, event: str, at: float | None = None, **more: Any) -> dict[str, Any]:
        """An event about a delivery that was taken, for `tell` or `signing_key.signed`."""
        return an_event(self.mail(delivery_id), event, time.time() if at is None else at, **more)

    def tell(self, webhook: str, events: Iterable[dict[str, Any]], at: float | None = None) -> int:
        """Post events to an address, signed at an instant; returns the status that came back."""
        body, headers = self.signing_key.signed(events, time.time() if at is None else at)
        where = urlsplit(webhook)
        with closing(HTTPConnection(where.netloc, timeout=10)) as connection:
            connection.request("POST", where.path, body, headers)
            return connection.getresponse().status

    def take(self, raw: bytes, body: dict[str, Any] | None, message_id: str) -> None:
        """A body is SendGrid's now."""
        deliveries = [found.decode() for found in _DELIVERY.findall(raw)]
        with self._lock:
            self.deliveries.update(deliveries)
            if self.keeps_bodies and body is not None:
                self.taken.append(body)
                self._message_ids.append(message_id)
        if self.ledger is not None:
            ledger = os.open(self.ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            os.write(ledger, "".join(f"{delivery_id}\n" for delivery_id in deliveries).encode())
            os.close(ledger)

    def what_happens(self, raw: bytes) -> tuple[What | None, dict[str, Any] | None, str]:
        """What becomes of a body, the body where it was looked into, and why it is refused."""
        with self._lock:
            self.calls += 1
            planned = self._planned.popleft() if self._planned else None
            is_judged = self.calls % self.judge_every == 0
        if isinstance(planned, int) or not (self.keeps_bodies or self._rules or is_judged):
            return planned, None, "as the test asked"
        try:
            body = json.loads(raw)
        except ValueError:
            return 400, None, "Bad Request"
        problems = complaints(body, time.time()) if is_judged else []
        if problems:
            return 400, None, "; ".join(problems)
        ruled = next((what for rule in self._rules if (what := rule(body)) is not None), None)
        return planned if planned is not None else ruled, body, "as the test asked"

    def __enter__(self) -> Self:
        self.closing = threading.Event()
        self._http = _Http(("127.0.0.1", self.port), _handler(self))
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
    class Handler(_Handler):
        sendgrid = server

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    sendgrid: SendGridServer

    def do_POST(self) -> None:
        if self._next_is_cut():
            self.close_connection = True
            return
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        refusal = _refusal_of_request(self.sendgrid.key, self.path, self.headers, raw)
        if refusal is not None:
            self._refuse(*refusal, raw)
            return
        what, body, why = self.sendgrid.what_happens(raw)
        time.sleep(self.sendgrid.delay / 2)
        if isinstance(what, int):
            self._refuse(what, why, raw)
        elif body is not None and _is_sandboxed(body):
            self._answer(200)
        else:
            self._take(raw, body, what)

    def do_DELETE(self) -> None:
        found = _SUPPRESSION.fullmatch(self.path)
        refusal = _refusal_of_key(self.sendgrid.key, self.headers)
        if found is None or refusal is not None:
            self._refuse(*(refusal or (404, "not found")), b"")
            return
        listed, address = self.sendgrid.suppressed.get(found[1], set()), unquote(found[2])
        is_listed = address in listed
        listed.discard(address)
        self._answer(204 if is_listed else 404)

    def do_GET(self) -> None:
        self._refuse(405, "method not allowed", b"")

    def _next_is_cut(self) -> bool:
        planned = self.sendgrid._planned
        return bool(planned) and planned[0] is Fault.CUT and planned.popleft() is Fault.CUT

    def _take(self, raw: bytes, body: dict[str, Any] | None, fault: Fault | None) -> None:
        message_id = uuid4().hex[:22]
        if fault is None or fault.takes:
            self.sendgrid.take(raw, body, message_id)
        if fault is None:
            time.sleep(self.sendgrid.delay / 2)
            self._answer(202, headers={"X-Message-Id": message_id})
            return
        if fault in (Fault.HANGS, Fault.SLOW):
            self.sendgrid.closing.wait(60)
        self.close_connection = True

    def _refuse(self, status: int, why: str, body: bytes) -> None:
        self.sendgrid.refused.append((status, body))
        errors = {"errors": [{"message": why, "field": None, "help": None}]}
        self._answer(status, json.dumps(errors).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests keep their own record."""


def _refusal_of_key(key: str, headers: Any) -> tuple[int, str] | None:
    if headers.get("Authorization") != f"Bearer {key}":
        return 401, "The provided authorization grant is invalid, expired, or revoked"
    return None


def _refusal_of_request(key: str, path: str, headers: Any, raw: bytes) -> tuple[int, str] | None:
    """What is wrong with a request before anybody looks into its body."""
    if path != "/v3/mail/send":
        return 404, "not found"
    if len(raw) > MOST_BYTES:
        return 413, "content too large"
    if not re.match(r"application/json\b", headers.get("Content-Type", "")):
        return 415, "Content-Type should be application/json."
    return _refusal_of_key(key, headers)


def _is_sandboxed(body: dict[str, Any]) -> bool:
    return bool(body.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"))


def main() -> None:
    """Serve until the process is ended."""
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--ledger", type=Path)
    parser.add_argument("--key", default="SG.test")
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--judge-every", type=int, default=1)
    parser.add_argument("--next", nargs="*", default=[], help="what happens to the first requests: 429, lost, ...")
    parser.add_argument("--refuse", nargs="*", default=[], help="addresses over which a request is refused")
    given = parser.parse_args()
    server = SendGridServer(given.key, given.port, given.delay, given.judge_every, keeps_bodies=False)
    server.ledger = given.ledger
    server.next(*(int(what) if what.isdigit() else Fault(what) for what in given.next))
    if given.refuse:
        server.when(to_address(400, *given.refuse))
    with server:
        print(server.url, flush=True)
        server.closing.wait()


if __name__ == "__main__":
    main()
