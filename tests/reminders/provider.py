"""What a provider tells, for tests: kept as the webhook keeps it, taken in as the worker does."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
from flask import Flask

from coachhub.platform.mail_news import Fate, News
from coachhub.platform.tenancy import as_practice, as_visitor
from coachhub.reminders.service.events import keep_news, take_in
from coachhub.reminders.service.outbox import Ended, note_sent
from tests.conftest import NOW
from tests.factories import Person


@dataclass(frozen=True)
class Provider:
    """Tells of the mails of one practice."""

    web: Flask
    worker: Flask
    admin: psycopg.Connection
    person: Person

    def news(self, delivery_id: UUID, fate: Fate, after: int = 0, **more: str) -> News:
        """Something that happened so many minutes after noon."""
        at = NOW + timedelta(minutes=after)
        reason = "" if fate in (Fate.TAKEN, Fate.DELIVERED, Fate.UNSUBSCRIBED) else f"{fate.value} at {at:%H:%M}"
        address = self.person.email if fate.is_about_address else ""
        given = {"reason": reason, "address": address} | more
        return News(uuid4().hex, self.person.practice_id, delivery_id, fate, at, **given)

    def tell(self, *news: News) -> None:
        """Keep it, and let the worker act on it."""
        with self.web.app_context(), as_visitor():
            keep_news(news)
        self.take_in()

    def take_in(self) -> int:
        with self.worker.app_context():
            return take_in(self.person.practice_id)

    def mark_sent(self, message_id: UUID) -> None:
        """Our own mark after the call, whenever it comes."""
        with self.worker.app_context(), as_practice(self.person.practice_id):
            note_sent([Ended(message_id, 0, message_id, was_handed=True, kind="new_month")], "provider's id")

    def a_message(self, state: str = "sent", **more: object) -> UUID:
        """A message in the outbox, in any state."""
        message_id = more.pop("id", None) or uuid4()
        settled = None if state in ("due", "claimed") else NOW
        row = {
            "practice_id": self.person.practice_id,
            "id": message_id,
            "kind": "new_month",
            "key": str(message_id),
            "client_id": self.person.client_id,
            "due_at": NOW,
            "planned_at": NOW,
            "state": state,
            "delivery_id": message_id,
            "settled_at": settled,
            "is_trouble": state in ("unknown", "failed"),
        } | more
        marks = ", ".join(["%s"] * len(row))
        self.admin.execute(f"insert into outbox ({', '.join(row)}) values ({marks})", list(row.values()))
        return UUID(str(message_id))

    def message(self, message_id: UUID) -> tuple[str, str | None, bool, bool]:
        """Its state and reason, whether it is trouble, and whether it is settled."""
        query = "select state, reason, is_trouble, settled_at is not null from outbox where id = %s"
        row = self.admin.execute(query, [message_id]).fetchone()
        assert row is not None
        return row

    def state(self, message_id: UUID) -> str:
        return self.message(message_id)[0]
