"""Threads that do what people do: visitors book and pay, clients log, coaches look, providers tell, time goes by."""

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Lock, Thread
from uuid import UUID

import psycopg

from coachhub.booking.service.slots import Slot
from coachhub.platform.clock import SystemClock
from tests.servers.sendgrid import SendGridServer
from tests.servers.sendgrid_events import an_event, mails_of
from tests.servers.stripe import StripeServer
from tests.soak.browser import Browser, Page
from tests.soak.record import Record
from tests.soak.town import COOKIE, FREE, PAID, Resident, Town, make_due

_CHECKOUT = re.compile(r"cs_\w+")
_FAR = 10_000
_PATIENCE_AT_WEBHOOK = 5


@dataclass
class Deeds:
    """What was done, as those who did it know: to be held against the database at the end."""

    booked: list[str] = field(default_factory=list)
    paid: list[str] = field(default_factory=list)
    left: int = 0
    too_late: int = 0
    logs: list[tuple[UUID, str]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    turns: int = 0
    troubles: list[str] = field(default_factory=list)


@dataclass
class People:
    """Everybody, from `begin` until `end`."""

    town: Town
    port: int
    stripe: StripeServer
    sendgrid: SendGridServer
    record: Record = field(default_factory=Record)
    deeds: Deeds = field(default_factory=Deeds)
    mails_a_turn: int = 5
    pause: float = 0.2
    _over: Event = field(default_factory=Event)
    _quiet: Event = field(default_factory=Event)
    _threads: list[Thread] = field(default_factory=list)
    _providers: list[Thread] = field(default_factory=list)
    _browsers: list[Browser] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, visitors: int = 3, clients: int = 2, coaches: int = 2) -> None:
        """Everybody sets out."""
        doers = [self._visits(seed) for seed in range(visitors)]
        doers += [self._lives(resident) for resident in self.town.clients[:clients]]
        doers += [self._works(resident) for resident in self.town.coaches[:coaches]]
        self._threads = [self._thread(does, self._over) for does in [*doers, self._goes_by]]
        self._providers = [self._thread(does, self._quiet) for does in (self._stripe_tells(), self._sendgrid_tells())]

    def end(self) -> None:
        """Nobody begins anything more; the providers still tell what there is to tell."""
        self._over.set()
        for thread in self._threads:
            thread.join(90)
            assert not thread.is_alive()
        for browser in self._browsers:
            browser.close()

    def fall_silent(self) -> None:
        """The providers end, too."""
        self._quiet.set()
        for thread in self._providers:
            thread.join(90)

    def _thread(self, does: Callable[[], None], over: Event) -> Thread:
        thread = Thread(target=self._again_and_again, args=(does, over), daemon=True)
        thread.start()
        return thread

    def _again_and_again(self, does: Callable[[], None], over: Event) -> None:
        while not over.wait(self.pause):
            try:
                does()
            except psycopg.OperationalError:  # the database is killed as well
                time.sleep(0.5)
            except Exception as error:
                self.deeds.troubles.append(f"{type(error).__name__}: {error}"[:500])

    def browser(self, resident: Resident | None = None) -> Browser:
        """A browser of its own address, signed in as the resident."""
        cookies = {COOKIE: resident.token} if resident else {}
        with self._lock:
            self._browsers.append(Browser(self.record, self.port, len(self._browsers), cookies))
            return self._browsers[-1]

    # --- visitors

    def _visits(self, seed: int) -> Callable[[], None]:
        chance = random.Random(seed)  # noqa: S311 (who does what, no secret)

        def visit() -> None:
            browser = self.browser()
            if chance.random() < 0.3:
                browser.get("visitor: practice page", f"/p/{self.town.slug}")
                browser.get("visitor: month", f"/p/{self.town.slug}/{PAID}")
            self._books(browser, chance.choice(self.town.slots[:_FAR]), chance)
            browser.close()

        return visit

    def _books(self, browser: Browser, slot: Slot, chance: random.Random) -> None:
        is_free, name = chance.random() < 0.25, f"visitor-{browser.number}"
        path = f"/p/{self.town.slug}/{FREE if is_free else PAID}"
        form = browser.get("visitor: form", f"{path}?at={slot.starts_at:%Y-%m-%dT%H:%MZ}")
        if form.status != 200:
            return self._gave_up(form)
        fields = form.hidden | {"name": name, "email": f"{name}@example.org"}
        held = browser.post_until_answered("visitor: book", path, fields)
        if held.status != 303:
            return self._gave_up(held)
        self.deeds.booked.append(f"{name}@example.org")
        if is_free:
            browser.get("visitor: booking", held.location)
            return None
        return self._pays(browser, held.location, chance)

    def _pays(self, browser: Browser, path: str, chance: random.Random) -> None:
        page = browser.get("visitor: pay page", path)
        if chance.random() < 0.1 or page.status != 200:
            self.deeds.left += 1
            return
        answer = browser.post_until_answered("visitor: pay", path, page.hidden)
        found = _CHECKOUT.search(answer.location)
        if found is None:
            self.deeds.left += 1
            return
        self.stripe.pay(found[0])
        self.deeds.paid.append(found[0])
        here = path.replace("/pay", "/paid")
        for again in ("", "?again=1", "?again=1"):
            browser.get("visitor: paid page", here + again)
            time.sleep(self.pause)

    def _gave_up(self, page: Page) -> None:
        if page.status in (409, 422):
            self.deeds.too_late += 1

    # --- clients and coaches

    def _lives(self, client: Resident) -> Callable[[], None]:
        browser, times = self.browser(client), 0
        began = SystemClock().now().replace(second=0, microsecond=0)

        def live() -> None:
            nonlocal times
            times += 1
            browser.get("client: month", "/month")
            browser.get("client: friends", "/friends")
            friend_id = client.friends[times % len(client.friends)]
            page = browser.get("client: how was it", f"/friends/{friend_id}/met")
            if page.status != 200:
                return
            at = began - timedelta(hours=3, minutes=7 * times)
            written = f"{at:%Y-%m-%d %H:%M}"
            said = {
                "feeling": 3,
                "minutes": 45,
                "learned": f"log {written}",
                "day": f"{at:%Y-%m-%d}",
                "at": f"{at:%H:%M}",
            }
            answer = browser.post_until_answered("client: log", f"/friends/{friend_id}/met", page.hidden | said)
            if answer.status == 303:
                self.deeds.logs.append((friend_id, f"log {written}"))
                browser.get("client: meetup", answer.location)

        return live

    def _works(self, coach: Resident) -> Callable[[], None]:
        browser = self.browser(coach)
        some_client = self.town.clients[0].person.client_id

        def work() -> None:
            for page in ("/today", "/clients", f"/clients/{some_client}", "/calendar", "/payments", "/settings/outbox"):
                kind = page.replace(str(some_client), "(one)")
                browser.get(f"coach: {kind}", page)
                time.sleep(self.pause)

        return work

    # --- time and providers

    def _goes_by(self) -> None:
        """Somebody has met a friend two days ago."""
        with self.town.look() as admin:
            make_due(admin, self.town, self.deeds.turns, self.mails_a_turn)
        self.deeds.turns += 1
        time.sleep(1)

    def _stripe_tells(self) -> Callable[[], None]:
        def tell() -> None:
            for delivery in list(self.stripe.post.waiting)[:20]:
                with self.record.asking("webhook: stripe") as asked:
                    [status] = self.stripe.post.send([delivery])
                    asked.status = status
                if status == 204:
                    self.deeds.heard.append(str(delivery.event["id"]))

        return tell

    def _sendgrid_tells(self) -> Callable[[], None]:
        told = 0

        def tell() -> None:
            nonlocal told
            with self.sendgrid._lock:
                bodies = list(zip(self.sendgrid.taken, self.sendgrid._message_ids, strict=True))[told:]
            mails = [mail for body, message_id in bodies for mail in mails_of(body, message_id)]
            events = [an_event(mail, event, time.time()) for mail in mails for event in ("processed", "delivered")]
            while events and not self._post_events(events):
                time.sleep(0.5)
            self.deeds.heard += [event["sg_event_id"] for event in events]
            told += len(bodies)

        return tell

    def _post_events(self, events: list[dict[str, object]]) -> bool:
        with self.record.asking("webhook: sendgrid") as asked:
            try:
                asked.status = self.sendgrid.tell(f"http://127.0.0.1:{self.port}/webhooks/sendgrid", events)
            except OSError:
                return False
        return asked.status == 204
