"""Fakes at the ports that several processes share: what one sets or rings, the others see. Kept in Valkey."""

import json
from dataclasses import asdict
from datetime import datetime

from pydantic import SecretStr
from redis import Redis

from coachhub.platform.clock import FixedClock
from coachhub.platform.config import Settings
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


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.get_secret_value() if isinstance(value, SecretStr) else value


_TELLING = ("stripe_secret_key", "stripe_webhook_secrets", "stripe_api_base", "stripe_price_id")


class SharedSettings:
    """Settings of money that a test changes while the site runs."""

    def __init__(self, redis_url: str) -> None:
        self._valkey, prefix = shelf(redis_url)
        self._name = f"{prefix}settings"

    def tell(self, settings: Settings) -> None:
        """From the next request on these hold, in each of the processes."""
        found = {name: _plain(getattr(settings, name)) for name in _TELLING}
        self._valkey.set(self._name, json.dumps(found))

    def told(self, settings: Settings) -> Settings:
        """The settings with what was told."""
        kept = self._valkey.get(self._name)
        return Settings(**settings.model_dump() | json.loads(str(kept))) if kept else settings
