"""Webhooks: who is told of what, signed as Stripe signs, and delivered when the test says so."""

import hashlib
import hmac
import json
import random
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from tests.servers.stripe.state import PLATFORM, Call, Object, World, a_list, answers

SIGNATURE = "Stripe-Signature"


@answers("get", "/v1/events/{id}")
def _retrieve_event(world: World, call: Call) -> Object:
    return world.shown(call.account, world.the(call.account, "event", call.ids["id"]), call["expand"])


@answers("get", "/v1/events")
def _list_events(world: World, call: Call) -> Object:
    kinds = set(call["types"] or ()) | ({call["type"]} if call["type"] else set())
    return a_list(world, call, "event", lambda event: not kinds or event["type"] in kinds)


@dataclass(frozen=True)
class Endpoint:
    """An address that is told: of the platform's own events, or of the connected accounts'; thin ones or snapshots."""

    url: str
    secret: str
    is_connected: bool = False
    is_thin: bool = False
    kinds: frozenset[str] = frozenset()

    def hears(self, account: str, event: Object) -> bool:
        """Whether an event of an account is for it."""
        is_thin = event["object"] == "v2.core.event"
        fits = self.is_thin if is_thin else not self.is_thin and self.is_connected == (account != PLATFORM)
        return fits and (not self.kinds or event["type"] in self.kinds)


@dataclass(frozen=True)
class Delivery:
    """An event on its way to an endpoint. Told again it is the same event with a new signature."""

    endpoint: Endpoint
    event: Object
    now: Callable[[], int] = field(repr=False, compare=False)

    @property
    def kind(self) -> str:
        return str(self.event["type"])

    @property
    def body(self) -> bytes:
        return json.dumps(self.event, indent=2).encode()

    def headers(self, at: float | None = None, secret: str | None = None) -> dict[str, str]:
        """The headers, signed at an instant with the endpoint's secret."""
        instant = int(self.now() if at is None else at)
        signed = hmac.new((secret or self.endpoint.secret).encode(), b"%d." % instant + self.body, hashlib.sha256)
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            SIGNATURE: f"t={instant},v1={signed.hexdigest()},v0={'0' * 64}",
        }

    def send(self, at: float | None = None) -> int:
        """Post it; returns the status that came back, 0 where nobody answered."""
        where = urlsplit(self.endpoint.url)
        try:
            with closing(HTTPConnection(where.netloc, timeout=10)) as connection:
                connection.request("POST", where.path or "/", self.body, self.headers(at))
                return connection.getresponse().status
        except (OSError, HTTPException):
            return 0


@dataclass
class Post:
    """What is to be delivered, and what was. Nothing goes out by itself but where `is_prompt` says so."""

    now: Callable[[], int]
    endpoints: list[Endpoint] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)
    delivered: list[tuple[Delivery, int]] = field(default_factory=list)

    def hear(self, account: str, event: Object) -> None:
        """An event has come about."""
        self.waiting += [Delivery(each, event, self.now) for each in self.endpoints if each.hears(account, event)]

    def deliver(self, *kinds: str, times: int = 1, shuffled: random.Random | None = None) -> list[int]:
        """Post what waits, or of it those kinds: in the order of happening, or shuffled; each so many times.

        What is answered with anything but a 2xx goes on waiting, as at Stripe.
        """
        chosen = [each for each in self.waiting if not kinds or each.kind in kinds] * times
        if shuffled is not None:
            shuffled.shuffle(chosen)
        return self.send(chosen)

    def send(self, deliveries: Iterable[Delivery]) -> list[int]:
        """Post these, in this order."""
        answers = []
        for delivery in deliveries:
            status = delivery.send()
            answers.append(status)
            self.delivered.append((delivery, status))
            if 200 <= status < 300 and delivery in self.waiting:
                self.waiting.remove(delivery)
        return answers

    def take(self) -> list[Delivery]:
        """What waits, for the test to deliver in its own way."""
        taken, self.waiting = self.waiting, []
        return taken

    def lose(self, *kinds: str) -> None:
        """What waits, or of it those kinds, is never delivered."""
        self.waiting = [each for each in self.waiting if kinds and each.kind not in kinds]
