"""A server to test against that takes error reports as Sentry does: envelopes over HTTP, one event in each.

with ErrorCollector() as sentry:
    ...                     # SENTRY_DSN=sentry.dsn
    sentry.events()         # what has arrived
"""

import json
from typing import Any

from tests.servers.receiver import Receiver

_KEY, _PROJECT = "0123456789abcdef0123456789abcdef", "7"


class ErrorCollector(Receiver):
    """Takes envelopes at `/api/<project>/envelope/` from whoever shows its key."""

    @property
    def dsn(self) -> str:
        return f"http://{_KEY}@{self.host}/{_PROJECT}"

    def events(self) -> list[dict[str, Any]]:
        """Every event that has arrived, oldest first."""
        found = []
        for posted in self.posted:
            assert posted.path == f"/api/{_PROJECT}/envelope/"
            assert f"sentry_key={_KEY}" in posted.authorization
            found += [event for kind, event in _items(posted.body) if kind == "event"]
        return found

    def everything(self) -> bytes:
        """What has arrived, as it was sent."""
        return b"".join(posted.body for posted in self.posted)


def _items(envelope: bytes) -> list[tuple[str, dict[str, Any]]]:
    _head, _, rest = envelope.partition(b"\n")
    found = []
    while rest.strip():
        head, _, rest = rest.partition(b"\n")
        described = json.loads(head)
        length = described.get("length", rest.find(b"\n"))
        found.append((described["type"], json.loads(rest[:length])))
        rest = rest[length:].lstrip(b"\n")
    return found
