"""Moments that whoever looks from another machine wants to know of, noted in Valkey: an emptied one knows of none.

Of backups only those are known that `coachhub backup` has written whole, and not those of a provider. They are noted
here because the role that backs up may be one that can write nothing into the database.
"""

from dataclasses import dataclass
from datetime import datetime

from coachhub.platform.jobs import connect


@dataclass(frozen=True)
class Moment:
    """The last time that something happened, under a key of its own."""

    key: str

    def note(self, redis_url: str, now: datetime) -> None:
        """Note that it has just happened. Raises redis.RedisError."""
        with connect(redis_url) as connection:
            connection.set(self.key, now.isoformat())

    def last(self, redis_url: str) -> datetime | None:
        """When it last did, None where it is not known to. Raises redis.RedisError."""
        with connect(redis_url) as connection:
            kept = connection.get(self.key)
        return datetime.fromisoformat(kept.decode()) if isinstance(kept, bytes) else None


TICK = Moment("coachhub:tick")
"""The scheduler has ticked, and a worker heard it."""
BACKUP = Moment("coachhub:backup")
"""A backup was whole."""
