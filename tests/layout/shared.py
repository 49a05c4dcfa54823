"""Fakes at the ports that several processes share: what one sets or rings, the others see. Kept in Valkey."""

import json
from dataclasses import asdict
from datetime import datetime

from redis import Redis

from coachhub.platform.clock import FixedClock
from coachhub.platform.jobs import Ring
from tests.fakes import KeptQueue

_APART = 15
"""A database of Valkey that no test empties."""


def shelf(redis_url: str) -> tuple[Redis, str]:
    """Where the fakes of one site are kept, and what their names begin with."""
    place, _, mark = redis_url.rpartition("db=")
    url = f"{place}db={_APART}"
    return Redis.from_url(url, decode_responses=True), f"fleet:{mark}:"


class SharedClock(FixedClock):
    """Stands still for every process, until one of them moves it."""

    def __init__(self, redis_url: str, instant: datetime | None = None) -> None:
        self._valkey, self._prefix = shelf(redis_url)
        if instant is not None:
            self.instant = instant

    @property
    def instant(self) -> datetime:  # type: ignore[override]
        return datetime.fromisoformat(str(self._valkey.get(f"{self._prefix}clock")))

    @instant.setter
    def instant(self, instant: datetime) -> None:
        self._valkey.set(f"{self._prefix}clock", instant.isoformat())


class SharedQueue(KeptQueue):
    """Remembers what was rung, by whichever process."""

    def __init__(self, redis_url: str) -> None:
        self._valkey, prefix = shelf(redis_url)
        self._name = f"{prefix}rings"
        self._heard: list[Ring] = []

    def put(self, ring: Ring) -> None:
        self._valkey.rpush(self._name, json.dumps(asdict(ring), default=str))

    @property
    def rings(self) -> list[Ring]:  # type: ignore[override]
        while (kept := self._valkey.lpop(self._name)) is not None:
            found = json.loads(str(kept))
            self._heard.append(Ring(**found | {"arguments": tuple(found["arguments"])}))
        return self._heard
