"""The stand-in itself: what it refuses, what its readers get, and how many calls it takes at once."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from tests.fitness.source import ROOT
from tests.servers.sendgrid import Fault, SendGridServer, to_address
from tests.servers.sendgrid_words import complaints

BODY: dict[str, Any] = {
    "personalizations": [{"to": [{"email": "ben@example.com"}]}],
    "from": {"email": "hi@us.example"},
    "subject": "Hello",
    "content": [{"type": "text/plain", "value": "Hello"}],
}


def one(**more: Any) -> dict[str, Any]:
    """The body with something more in its only personalization."""
    return BODY | {"personalizations": [BODY["personalizations"][0] | more]}


@pytest.fixture
def sendgrid() -> Iterator[SendGridServer]:
    with SendGridServer() as server:
        yield server


def post(server: SendGridServer | SimpleNamespace, body: dict[str, Any], key: str = "SG.test") -> int:
    return asked(server, "POST", "/v3/mail/send", json.dumps(body), key)


def asked(
    server: SendGridServer | SimpleNamespace, method: str, path: str, body: str | None = None, key: str = "SG.test"
) -> int:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with closing(HTTPConnection(server.url.removeprefix("http://"), timeout=5)) as connection:
        connection.request(method, path, body, headers)
        return connection.getresponse().status


@pytest.mark.parametrize(
    "body",
    [
        BODY | {"personalizations": []},
        BODY | {"personalizations": BODY["personalizations"] * 1001},
        BODY | {"subject": ""},
        BODY | {"content": []},
        BODY | {"content": [{"type": "text/html", "value": "x"}, *BODY["content"]]},
        BODY | {"categories": [str(number) for number in range(11)]},
        BODY | {"categories": ["twice", "twice"]},
        BODY | {"send_at": 4_000_000_000},
        BODY | {"headers": {"Reply-To": "somebody@example.com"}},
        one(to=[]),
        one(to=[{"email": "ben"}]),
        one(to=[{"email": "ben@example.com", "name": "Berger, Ben"}]),
        one(to=[{"email": "ben@example.com"}], cc=[{"email": "BEN@example.com"}]),
        one(substitutions={"%{name}%": 7}),
        one(substitutions={"%{name}%": "é" * 5_000}),
        one(headers={"Content-Type": "text/plain"}),
        one(headers={"List-Unsubscribe": "<https://a.example>\r\nBcc: x@example.com"}),
        one(headers={"List-Unsubscribe": "<https://ü.example>"}),
        one(custom_args={"count": 7}),
        one(custom_args={"long": "x" * 10_000}),
        BODY | {"attachments": [{"content": "AAAA", "filename": "a.ics", "type": "text/calendar; method=X"}]},
        BODY | {"attachments": [{"content": "no base 64", "filename": "a.ics"}]},
    ],
)
def test_it_refuses_what_sendgrid_refuses(body: dict[str, Any]) -> None:
    assert complaints(BODY, 0) == []
    assert complaints(body, 0)


def test_it_answers_as_sendgrid_does(sendgrid: SendGridServer) -> None:
    assert [post(sendgrid, BODY), post(sendgrid, BODY, key="SG.other"), post(sendgrid, {})] == [202, 401, 400]
    assert post(sendgrid, BODY | {"mail_settings": {"sandbox_mode": {"enable": True}}}) == 200
    assert len(sendgrid.taken) == 1


def test_it_gives_each_reader_a_mail_of_their_own(sendgrid: SendGridServer) -> None:
    letter = {"subject": "%{name}%, hello", "content": [{"type": "text/html", "value": "<b>%{name}% %{other}%</b>"}]}
    post(sendgrid, one(substitutions={"%{name}%": "Ben %{other}%", "%{other}%": "!"}) | letter)
    [mail] = sendgrid.mails()
    assert (mail.to, mail.subject, mail.html) == ("ben@example.com", "Ben %{other}%, hello", "<b>Ben %{other}% !</b>")


def test_it_does_as_a_rule_says_and_as_it_is_told_next(sendgrid: SendGridServer) -> None:
    sendgrid.when(to_address(400, "ben@example.com"))
    sendgrid.next(429)
    assert [post(sendgrid, BODY), post(sendgrid, BODY)] == [429, 400]
    sendgrid.forgive()
    assert post(sendgrid, BODY) == 202


@pytest.mark.parametrize("fault", [Fault.LOST, Fault.EATEN, Fault.CUT])
def test_it_ends_the_connection_without_an_answer(sendgrid: SendGridServer, fault: Fault) -> None:
    sendgrid.next(fault)
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        post(sendgrid, BODY)
    assert len(sendgrid.taken) == (fault is Fault.LOST)


def test_it_takes_many_slow_calls_at_once_and_keeps_a_ledger(tmp_path: Path) -> None:
    ids = [str(uuid4()) for _ in range(20)]
    ledger = tmp_path / "ledger"
    start = time.monotonic()
    with SendGridServer(delay=0.2, ledger=ledger, keeps_bodies=False, judge_every=10) as server:
        bodies = [one(custom_args={"delivery_id": delivery_id}) for delivery_id in [*ids, ids[0]]]
        with ThreadPoolExecutor(len(bodies)) as pool:
            assert set(pool.map(lambda body: post(server, body), bodies)) == {202}
    assert time.monotonic() - start < 2
    assert sorted(ledger.read_text().split()) == sorted([*ids, ids[0]])
    assert (len(server.deliveries), server.doubled, server.taken) == (20, [ids[0]], [])


def test_it_takes_addresses_off_its_lists(sendgrid: SendGridServer) -> None:
    sendgrid.suppressed["bounces"] = {"ben@example.com"}
    path = "/v3/suppression/bounces/ben%40example.com"
    assert [asked(sendgrid, "DELETE", path), asked(sendgrid, "DELETE", path)] == [204, 404]


def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    ledger, delivery_id = tmp_path / "ledger", str(uuid4())
    command = [sys.executable, "-m", "tests.servers.sendgrid", "--ledger", str(ledger), "--next", "429", "lost"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            server = SimpleNamespace(url=child.stdout.readline().strip())
            body = one(custom_args={"delivery_id": delivery_id})
            assert post(server, body) == 429
            with pytest.raises((RemoteDisconnected, ConnectionResetError)):
                post(server, body)
            assert post(server, body) == 202
        finally:
            child.terminate()
    assert ledger.read_text().split() == [delivery_id, delivery_id]
