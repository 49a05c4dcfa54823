"""Wakes of a test: looked at, left behind, and what one sweep rings for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from flask import Flask

from coachhub.platform.jobs import Ring
from coachhub.platform.tenancy import as_practice
from coachhub.platform.wakes import look_at, mail_now
from coachhub.reminders.service.planning import ring_where_something_is_due
from tests.factories import Person
from tests.fakes import KeptQueue


def a_wake(app: Flask, person: Person, at: datetime) -> None:
    """Somebody has asked to look at the person's practice at an instant."""
    with app.app_context(), as_practice(person.practice_id):
        look_at(at)


def an_urgent_wake(app: Flask, person: Person) -> None:
    """Somebody waits for mail of the person's practice now."""
    with app.app_context(), as_practice(person.practice_id):
        mail_now(person.practice_id)


@dataclass(frozen=True)
class Sweeper:
    """One look at all practices, with the bell broken until then: what was rung before is forgotten."""

    worker_app: Flask
    queue: KeptQueue
    admin: psycopg.Connection

    def rings(self) -> list[Ring]:
        """What a sweep rings for now."""
        self.queue.rings.clear()
        with self.worker_app.app_context():
            ring_where_something_is_due()
        return list(self.queue.rings)

    def rung(self) -> list[tuple[str, UUID]]:
        """The queue and the practice of each ring of a sweep now."""
        return [(ring.queue, UUID(ring.arguments[0])) for ring in self.rings()]

    def finds(self, *people: Person) -> bool:
        """Whether the sweep rings for the practices of these, and for no other."""
        return {practice for _queue, practice in self.rung()} == {person.practice_id for person in people}

    def forget(self) -> None:
        """As if every look so far had been had."""
        self.admin.execute("delete from wakes")

    def wakes(self, person: Person) -> Sequence[datetime]:
        """When the practice of the person is to be looked at."""
        rows = self.admin.execute("select at from wakes where practice_id = %s order by at", [person.practice_id])
        return [at for (at,) in rows]
