"""When `coachhub backup` last wrote a whole file: noted in Valkey, where whoever looks from another machine finds it.

The role that backs up may be one that can write nothing into the database. An emptied Valkey knows of none until the
next one; backups that somebody else makes, such as a provider's, are not known here at all.
"""

from datetime import datetime

from coachhub.platform.jobs import connect

_MADE = "coachhub:backup"


def record_backup(redis_url: str, now: datetime) -> None:
    """Note that a backup is whole. Raises redis.RedisError."""
    with connect(redis_url) as connection:
        connection.set(_MADE, now.isoformat())


def last_backup(redis_url: str) -> datetime | None:
    """When the last one was made, None where none is known. Raises redis.RedisError."""
    with connect(redis_url) as connection:
        kept = connection.get(_MADE)
    return datetime.fromisoformat(kept.decode()) if isinstance(kept, bytes) else None
