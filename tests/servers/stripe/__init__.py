"""A Stripe to test against: real HTTP on loopback, strict by Stripe's own description, stateful, faults on demand.

with StripeServer(key="sk_test_x") as stripe:
    stripe.listen("http://127.0.0.1:8000/webhooks/stripe", "whsec_1", is_connected=True)
    account = stripe.open_account()               # a connected account that takes money
    ...                                           # the official client talks to stripe.url
    stripe.pay(checkout_id)                       # or pay_later, decline, expire; or a browser opens the session's url
    stripe.post.deliver()                         # the webhooks of it: in order, doubled, shuffled, some, none
    stripe.next(Fault.LOST, 429)                  # what happens to the next requests; without one they are answered
    stripe.clock.advance(1860); stripe.tick()     # what time ends, ends
    stripe.ledger(account)                        # the money that moved there, by currency, in Stripe's unit

As a process of its own: python -m tests.servers.stripe --port 12111
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Self

from tests.servers.stripe import accounts, billing, checkout, refunds
from tests.servers.stripe.events import Delivery, Endpoint, Post
from tests.servers.stripe.front import Answer, Asked, Fault, Front, Rule, What
from tests.servers.stripe.state import PLATFORM, Call, Clock, Object, World

__all__ = ["PLATFORM", "Asked", "Clock", "Delivery", "Endpoint", "Fault", "StripeServer", "What", "on"]
_SOMEBODY = {"email": "visitor@example.com", "name": "Vera Visitor"}


def on(what: What, method: str, beginning: str) -> Rule:
    """A rule: this happens to each request of a method whose path begins so."""
    return lambda asked: what if asked.method == method and asked.path.startswith(beginning) else None


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


@dataclass
class StripeServer:
    """Listens while the block runs; any number of calls at a time. `delay`: how long each takes, in seconds."""

    key: str = "sk_test_of_tests"
    port: int = 0
    delay: float = 0
    source: Callable[[], float] | None = None
    is_prompt: bool = False
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        if self.source is not None:
            self.world.clock.source = self.source
        self.front = Front(self.world, self.key, self.delay)
        self.post = Post(self.world.now)
        self.world.told.append(self.post.hear)
        self.closing = threading.Event()

    @property
    def clock(self) -> Clock:
        """The server's time."""
        return self.world.clock

    @property
    def url(self) -> str:
        """Where the API and the hosted pages are."""
        return self.world.url

    @property
    def asked(self) -> list[tuple[Asked, int]]:
        """Each request so far, with the status of its answer."""
        return [(asked, answer.status) for asked, answer in self.front.answers]

    def next(self, *planned: What) -> None:
        """What happens to the next requests: a status such as 429, or a fault."""
        self.front.planned.extend(planned)

    def when(self, rule: Rule) -> None:
        """What happens to each request of which the rule says something."""
        self.front.rules.append(rule)

    def forgive(self) -> None:
        """Nothing happens to any request any more."""
        self.front.rules.clear()
        self.front.planned.clear()

    def listen(self, url: str, secret: str, *, is_connected: bool = False, is_thin: bool = False) -> Endpoint:
        """Tell an address: of the platform's events, of the connected accounts', or of v2's thin ones."""
        endpoint = Endpoint(url, secret, is_connected, is_thin)
        self.post.endpoints.append(endpoint)
        return endpoint

    def tick(self) -> None:
        """What time has ended since is over now."""
        with self.world.lock:
            checkout.end_what_is_over(self.world)
            billing.end_what_is_given_up(self.world)

    def open_account(self, name: str = "Ana Coaching", country: str = "us", *, is_ready: bool = True) -> str:
        """A connected account, as the API makes it, that takes money already."""
        merchant = {"merchant": {"capabilities": {"card_payments": {"requested": True}}}}
        responsible = {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}}
        params = {"display_name": name, "contact_email": "ana@example.com", "dashboard": "full"}
        params |= {"configuration": merchant, "defaults": responsible, "identity": {"country": country}}
        call = Call("post", "/v2/core/accounts", "/v2/core/accounts", {}, params, PLATFORM, "req_test")
        with self.world.lock:
            made = accounts._create_account(self.world, call)
        if is_ready:
            self.set_account(str(made["id"]))
        return str(made["id"])

    def set_account(self, account: str, status: str = "active", wants: tuple[str, ...] = ()) -> None:
        """How an account stands, and what Stripe wants of it."""
        with self.world.lock:
            accounts.set_capability(self.world, account, status, wants)

    def checkout(self, checkout_id: str) -> Object:
        """A checkout session as it stands."""
        return self._session(checkout_id)[1]

    def _session(self, checkout_id: str) -> tuple[str, Object]:
        self.tick()
        return self.world.where("checkout.session", checkout_id)

    def pay(self, checkout_id: str, payer: dict[str, str] | None = None) -> str:
        """Somebody pays by card; returns the payment's id. Raises ValueError where the page is closed."""
        with self.world.lock:
            account, session = self._session(checkout_id)
            checkout.pay(self.world, account, session, self._payer(session, payer))
            return str(session["payment_intent"])

    def pay_later(self, checkout_id: str, payer: dict[str, str] | None = None) -> str:
        """Somebody pays in a way that the bank decides upon later: see `decide`."""
        with self.world.lock:
            account, session = self._session(checkout_id)
            checkout.pay_later(self.world, account, session, self._payer(session, payer))
            return str(session["payment_intent"])

    def decide(self, checkout_id: str, *, is_paid: bool = True) -> None:
        """The bank decides upon what was paid later."""
        with self.world.lock:
            account, session = self._session(checkout_id)
            checkout.decide(self.world, account, session, is_paid=is_paid)

    def decline(self, checkout_id: str, code: str = "card_declined") -> None:
        """Somebody tries to pay and the bank says no; the page stays open."""
        with self.world.lock:
            account, session = self._session(checkout_id)
            checkout.decline(self.world, account, session, code, self._payer(session, None))

    def expire(self, checkout_id: str) -> None:
        """The page of a checkout that is open closes."""
        with self.world.lock:
            account, session = self._session(checkout_id)
            if session["status"] != "open":
                raise ValueError(f"this checkout is {session['status']}")
            checkout.end(self.world, account, session)

    def _payer(self, session: Object, payer: dict[str, str] | None) -> dict[str, str]:
        return payer or {**_SOMEBODY, "email": session["customer_email"] or _SOMEBODY["email"]}

    def _charge(self, payment_id: str) -> tuple[str, Object]:
        account, intent = self.world.where("payment_intent", payment_id)
        return account, self.world.the(account, "charge", intent["latest_charge"])

    def refund_outside(self, payment_id: str, amount: int | None = None) -> str:
        """The practice refunds in Stripe's own dashboard; returns the refund's id."""
        with self.world.lock:
            account, charge = self._charge(payment_id)
            left = charge["amount"] - charge["amount_refunded"]
            made = refunds.give_back(self.world, account, charge, left if amount is None else amount, None, {})
            return str(made["id"])

    def hold_next_refund(self) -> None:
        """The next refund waits, until `settle_refund` or `fail_refund`."""
        self.world.next_refund_waits = True

    def settle_refund(self, refund_id: str) -> None:
        """A refund that waited is paid out."""
        with self.world.lock:
            refunds.settle_refund(self.world, *self.world.where("refund", refund_id))

    def fail_refund(self, refund_id: str, reason: str = "lost_or_stolen_card") -> None:
        """The bank sends a refund back, even one that was paid out."""
        with self.world.lock:
            refunds.fail_refund(self.world, *self.world.where("refund", refund_id), reason)

    def dispute(
        self, payment_id: str, amount: int | None = None, reason: str = "fraudulent", *, is_inquiry: bool = False
    ) -> str:
        """A bank questions a payment and takes its money, but for an inquiry; returns the dispute's id."""
        with self.world.lock:
            account, charge = self._charge(payment_id)
            asked = charge["amount"] if amount is None else amount
            made = refunds.open_dispute(self.world, account, charge, asked, reason, is_inquiry=is_inquiry)
            return str(made["id"])

    def close_dispute(self, dispute_id: str, *, is_won: bool) -> None:
        """The bank decides; where the practice won, the money comes back."""
        with self.world.lock:
            refunds.close_dispute(self.world, *self.world.where("dispute", dispute_id), is_won=is_won)

    def renew(self, subscription_id: str, *, is_paid: bool = True) -> None:
        """The next period of a subscription begins, and its card is charged or fails."""
        with self.world.lock:
            billing.renew(self.world, *self.world.where("subscription", subscription_id), is_paid=is_paid)

    def set_subscription(self, subscription_id: str, status: str) -> None:
        """What became of a subscription: `active` again, `past_due`, `unpaid`, `canceled`."""
        with self.world.lock:
            billing.set_status(self.world, *self.world.where("subscription", subscription_id), status)

    def ledger(self, account: str = PLATFORM) -> dict[str, int]:
        """The money that came into an account less what went out, by currency, before anybody's fees."""
        moved: Counter[str] = Counter()
        for row in self.world.all(account, "balance_transaction"):
            moved[row["currency"]] += row["amount"]
        return dict(moved)

    def answer(self, asked: Asked) -> Answer | Fault:
        """What becomes of a request over the wire."""
        fault = self.front.fault_of(asked)
        if isinstance(fault, Fault):
            if fault.does:
                self.front.answer(asked)
            return fault
        answer = self.front.answer(asked, fault)
        if self.is_prompt:
            threading.Thread(target=self.post.deliver, daemon=True).start()
        return answer

    def __enter__(self) -> Self:
        from tests.servers.stripe.wire import handler

        self._http = _Http(("127.0.0.1", self.port), handler(self))
        self.world.url = f"http://127.0.0.1:{self._http.server_address[1]}"
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
