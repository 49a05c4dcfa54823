"""SendGrid's webhook: nothing without a signature, nothing twice, nothing lost, and no address in a log."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from coachhub.platform import sendgrid_news
from coachhub.platform.config import Settings
from coachhub.platform.mailer import Copy, Mailing
from coachhub.platform.ports import ports
from coachhub.platform.sendgrid_mailer import SendGridMailer
from coachhub.reminders.service.events import ring_where_something_was_told, take_in
from tests.cast import Cast
from tests.conftest import NOW
from tests.factories import Person
from tests.fakes import KeptQueue
from tests.reminders.provider import Provider
from tests.servers.sendgrid import SendGridServer
from tests.servers.sendgrid_events import SIGNATURE, TIMESTAMP, SigningKey

NOON = NOW.timestamp()
OLD_KEY, KEY = SigningKey(), SigningKey()


@pytest.fixture(autouse=True)
def keys(app: Flask) -> Iterator[None]:
    """The webhook is set up with two keys, one of which is on its way out."""
    with app.app_context():
        wired = ports()
    usual = wired.settings
    wired.settings = usual.model_copy(update={"sendgrid_webhook_keys": [OLD_KEY.public, KEY.public]})
    yield
    wired.settings = usual


@pytest.fixture
def provider(cast: Cast, worker_app: Flask, admin: psycopg.Connection) -> Provider:
    return Provider(cast.app, worker_app, admin, cast.ben)


def an_event(person: Person, delivery_id: UUID, event: str = "delivered", **more: Any) -> dict[str, Any]:
    ours = {"practice_id": str(person.practice_id), "delivery_id": str(delivery_id), "kind": "new_month"}
    told = {"email": person.email, "timestamp": int(NOON), "event": event, "sg_event_id": uuid4().hex}
    return told | ours | more


def post(app: Flask, *events: object, key: SigningKey = KEY, at: float = NOON, **changed: Any) -> TestResponse:
    body, headers = key.signed(events, at)
    answer = app.test_client().post(
        "/webhooks/sendgrid", data=changed.get("body", body), headers=headers | changed.get("headers", {})
    )
    assert "Set-Cookie" not in answer.headers
    return answer


def kept(admin: psycopg.Connection) -> list[tuple[Any, ...]]:
    return admin.execute("select delivery_id, event, reason, address from mail_events order by event").fetchall()


@pytest.mark.parametrize("key", [KEY, OLD_KEY])
def test_it_keeps_what_is_signed_and_rings(
    cast: Cast, admin: psycopg.Connection, queue: KeptQueue, key: SigningKey
) -> None:
    delivery_id = uuid4()
    bounce = an_event(cast.ben, delivery_id, "bounce", type="bounce", reason="550 <ben@example.com>: no such user")
    answer = post(cast.app, an_event(cast.ben, delivery_id), bounce, key=key)
    assert (answer.status_code, answer.data) == (204, b"")
    assert kept(admin) == [
        (delivery_id, "bounced", "550 <…>: no such user", "ben@example.com"),
        (delivery_id, "delivered", "", ""),
    ]
    [ring] = queue.rings
    assert (ring.job, ring.arguments) == ("workers.jobs.take_in_events", (str(cast.ben.practice_id),))


def test_it_takes_events_of_several_practices_in_one_call(cast: Cast, admin: psycopg.Connection) -> None:
    assert post(cast.app, an_event(cast.ben, uuid4()), an_event(cast.cleo, uuid4())).status_code == 204
    practices = admin.execute("select practice_id from mail_events").fetchall()
    assert {practice_id for (practice_id,) in practices} == {cast.ben.practice_id, cast.cleo.practice_id}


def test_it_keeps_an_event_that_is_told_twice_once(cast: Cast, admin: psycopg.Connection) -> None:
    event = an_event(cast.ben, uuid4())
    assert [post(cast.app, event, event).status_code, post(cast.app, event).status_code] == [204, 204]
    assert len(kept(admin)) == 1


_STRANGE = [
    {"practice_id": str(uuid4())},
    {"practice_id": "A"},
    {"practice_id": None},
    {"delivery_id": 7},
    {"event": "account_status_change"},
    {"event": ["delivered"]},
    {"sg_event_id": ""},
]


@pytest.mark.parametrize("strange", _STRANGE)
def test_it_passes_over_what_is_not_ours(cast: Cast, admin: psycopg.Connection, strange: dict[str, Any]) -> None:
    assert post(cast.app, an_event(cast.ben, uuid4()) | strange, "no event", None).status_code == 204
    assert kept(admin) == []


def test_it_keeps_what_other_systems_cannot_write(cast: Cast, admin: psycopg.Connection) -> None:
    odd = {"reason": "no\0 \ud800 " + "x" * 2_000, "timestamp": -1, "email": 7, "sg_event_id": "a\0b"}
    assert post(cast.app, an_event(cast.ben, uuid4(), "bounce") | odd).status_code == 204
    [(_, event, reason, address)] = kept(admin)
    assert (event, reason[:5], len(reason) <= 500, address) == ("bounced", "no xx", True, "")


_UNSIGNED = {
    "another key": {"key": SigningKey()},
    "another body": {"body": b"[]"},
    "no signature": {"headers": {SIGNATURE: ""}},
    "no base 64": {"headers": {SIGNATURE: "é!"}},
    "no point on the curve": {"headers": {SIGNATURE: "AAAA"}},
    "another time": {"headers": {TIMESTAMP: str(int(NOON) + 1)}},
    "no time": {"headers": {TIMESTAMP: "٣"}},
    "a long time": {"headers": {TIMESTAMP: "9" * 5_000}},
    "of last week": {"at": NOON - 7 * 86_400},
    "of the future": {"at": NOON + 600},
}


@pytest.mark.parametrize("how", _UNSIGNED)
def test_it_refuses_what_is_not_signed_lately(cast: Cast, admin: psycopg.Connection, how: str) -> None:
    assert post(cast.app, an_event(cast.ben, uuid4()), **_UNSIGNED[how]).status_code == 403
    assert kept(admin) == []


def test_it_takes_what_sendgrid_tries_again_for_a_day(cast: Cast) -> None:
    assert post(cast.app, an_event(cast.ben, uuid4()), at=NOON - 86_400).status_code == 204


@pytest.mark.parametrize("body", [b"", b"{}", b"[", b"[" * 100_000, b"\xff"])
def test_it_understands_lists_of_events_alone(cast: Cast, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sendgrid_news, "_is_signed", lambda *_given: True)
    assert post(cast.app, body=body).status_code == 400


def test_it_reads_no_endless_body(cast: Cast) -> None:
    assert post(cast.app, body=b"[" + b" " * sendgrid_news.MOST_BYTES + b"]").status_code == 400


def test_it_does_not_exist_without_a_key(cast: Cast) -> None:
    with cast.app.app_context():
        ports().settings = ports().settings.model_copy(update={"sendgrid_webhook_keys": []})
    assert post(cast.app, an_event(cast.ben, uuid4())).status_code == 404


def test_it_has_sendgrid_tell_again_what_could_not_be_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_news: object) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr("coachhub.reminders.views.sendgrid_events.keep_news", broken)
    assert post(cast.app, an_event(cast.ben, uuid4())).status_code == 500


def test_it_finds_what_was_told_though_the_ring_is_lost(provider: Provider, queue: KeptQueue) -> None:
    message = provider.a_message("unknown")
    post(provider.web, an_event(provider.person, message))
    queue.rings.clear()
    with provider.worker.app_context():
        ring_where_something_was_told()
        [ring] = queue.rings
        assert take_in(UUID(ring.arguments[0])) == 1
        queue.rings.clear()
        ring_where_something_was_told()
    assert (provider.state(message), queue.rings) == ("delivered", [])


def test_it_settles_a_mail_that_the_real_client_sent(provider: Provider, settings: Settings) -> None:
    message = provider.a_message("unknown")
    copy = Copy(message, "ben@example.com", "Ben")
    mailing = Mailing(provider.person.practice_id, "new_month", "Ana", None, "Hello", "Hello", "<p>Hello</p>", (copy,))
    with SendGridServer(signing_key=KEY) as sendgrid:
        given = {"mailer": "sendgrid", "sendgrid_api_key": "SG.test", "sendgrid_host": sendgrid.url}
        SendGridMailer(Settings(**(settings.model_dump() | given))).send(mailing)
        told = [sendgrid.event(message, event, NOON + number) for number, event in enumerate(["processed", "bounce"])]
    assert json.dumps(told).count(str(message)) == 2
    assert post(provider.web, *reversed(told)).status_code == 204
    provider.take_in()
    assert provider.message(message)[:2] == ("bounced", "550 5.1.1 no such user")
