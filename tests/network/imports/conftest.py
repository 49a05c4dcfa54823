"""Ben brings in files: what he does on his pages, and the worker that does what was rung for."""

from uuid import UUID

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coachhub.network.service.imports.staging import read_import
from coachhub.network.service.imports.taking import take_import
from coachhub.network.service.imports.tending import tend_imports
from tests.cast import Cast
from tests.fakes import KeptQueue
from tests.network.conftest import acting  # noqa: F401 (a fixture of these tests too)
from tests.network.imports.shelf import LINKEDIN

JOBS = {"workers.jobs.read_import": read_import, "workers.jobs.take_import": take_import}


def linkedin(*lines: str) -> bytes:
    """A file of LinkedIn's with these lines: first name, last name, URL, address, company, position, date."""
    return (LINKEDIN + "\n".join(lines)).encode()


def somebody(number: int) -> str:
    """A line of LinkedIn's."""
    return f"Eli,Eriksen {number},https://www.linkedin.com/in/eli-{number},eli{number}@example.com,Acme,CTO,26 Jul 2015"


class Importing:
    """Ben's browser, the worker, and a look behind the policies."""

    def __init__(self, cast: Cast, worker: Flask, queue: KeptQueue, admin: psycopg.Connection) -> None:
        self.cast, self.worker, self.queue, self.admin = cast, worker, queue, admin
        self.ben: FlaskClient = cast.browser(cast.ben)

    def upload(self, content: bytes, name: str = "Connections.csv") -> TestResponse:
        """Send a file, as a browser does; werkzeug's own way leaves a temporary file open."""
        head = f'--part\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = b"".join((head.encode(), content, b"\r\n--part--\r\n"))
        return self.ben.post("/friends/import", data=body, content_type="multipart/form-data; boundary=part")

    def bring_in(self, content: bytes, name: str = "Connections.csv") -> UUID:
        """Send a file and have it read; the import's id."""
        answer = self.upload(content, name)
        assert answer.status_code == 303, answer.text
        self.work()
        return UUID(answer.location.rpartition("/")[2])

    def work(self) -> None:
        """Do what is rung for, as a worker does."""
        with self.worker.app_context():
            while self.queue.rings:
                ring = self.queue.rings.pop(0)
                if ring.job in JOBS:
                    JOBS[ring.job](*map(UUID, ring.arguments))

    def sweep(self) -> None:
        """Do as the sweep does, and what it rings for."""
        with self.worker.app_context():
            tend_imports()
        self.work()

    def page(self, import_id: UUID, **asked: str) -> str:
        """What the import's page shows."""
        answer = self.ben.get(f"/friends/import/{import_id}", query_string=asked)
        assert answer.status_code == 200
        return answer.text

    def press(self, import_id: UUID, do: str, **sent: object) -> TestResponse:
        """Press a button of the preview."""
        return self.ben.post(f"/friends/import/{import_id}/ticks", data={"do": do, **sent})

    def take(self, import_id: UUID, **sent: object) -> None:
        """Add those who are ticked."""
        self.press(import_id, "take", **sent)
        self.work()

    def names(self) -> list[str]:
        """Ben's friends, in the order of their numbers."""
        query = "select name from friends where client_id = %s order by number, name"
        return [name for (name,) in self.admin.execute(query, [self.cast.ben.client_id])]

    def one(self, query: str, *values: object) -> object:
        """One value, seen behind the policies."""
        row = self.admin.execute(query, values).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None

    def state(self, import_id: UUID) -> object:
        """Where an import stands."""
        return self.one("select state from imports where id = %s", import_id)

    def kinds(self, import_id: UUID) -> dict[str, int]:
        """How many lines of each kind are laid out."""
        query = "select kind, count(*) from import_rows where import_id = %s group by kind"
        return dict(self.admin.execute(query, [import_id]).fetchall())

    def lying_about(self) -> tuple[object, object]:
        """How many pieces of files and how many lines are kept."""
        return self.one("select count(*) from import_chunks"), self.one("select count(*) from import_rows")


@pytest.fixture
def importing(cast: Cast, worker_app: Flask, queue: KeptQueue, admin: psycopg.Connection) -> Importing:
    """Ben, who knows Dan Dorsey of Acme."""
    return Importing(cast, worker_app, queue, admin)
