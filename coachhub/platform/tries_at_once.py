"""All limits of a view asked of Valkey in one trip, where none of them is reached: that is nearly every request."""

import hashlib
import os
from collections.abc import Sequence
from functools import lru_cache
from threading import local
from typing import Any, NamedTuple, Protocol, cast

from limits.storage import RedisStorage, Storage
from redis import ConnectionPool, Redis
from redis.exceptions import NoScriptError
from redis.typing import EncodableT

from coachhub.platform import clock

# Each key is a list as the library keeps it for a moving window: when somebody tried, the newest first, and no more of
# them than its limit. So the limit is reached while the last that may stand in it is not too long ago. What a view's
# limits are stands in the script itself, so that nobody has to say so each time.
_SCRIPT = """
local now, limits = tonumber(ARGV[1]), {%s}
for number, limit in ipairs(limits) do
    local last = redis.call('lindex', KEYS[number], limit[1] - 1)
    if last and tonumber(last) >= now - limit[2] then
        return 0
    end
end
for number, limit in ipairs(limits) do
    if limit[3] then
        if redis.call('lpush', KEYS[number], ARGV[1]) > limit[1] then
            redis.call('ltrim', KEYS[number], 0, limit[1] - 1)
        end
        redis.call('expire', KEYS[number], limit[2])
    end
end
return 1
"""


class Window(NamedTuple):
    """A limit: so many tries in so many seconds; `counts`: a request is one of them."""

    most: int
    seconds: int
    counts: bool


class Ask(Protocol):
    """Whether all of them let the request in, which is then counted. Where one does not, nothing is counted.

    By which key each is counted is told beside them.
    """

    def __call__(self, windows: tuple[Window, ...], keys: Sequence[str]) -> bool: ...


def at_once(storage: Storage | None) -> Ask | None:
    """Of a storage that takes scripts; None for one in memory, which is asked without a trip."""
    if not isinstance(storage, RedisStorage):
        return None
    prefixed, pool = storage.prefixed_key, cast(Redis, storage.get_connection()).connection_pool
    line = _Line()

    def trip(*command: EncodableT) -> bool:
        """Over a connection of the running thread's own; one that broke opens again with the next command.

        Whoever asks is led to the library's client where it fails, so nothing is tried again here.
        """
        connection = line.connection(pool)
        connection.send_command(*command)
        return bool(connection.read_response())

    def ask(windows: tuple[Window, ...], keys: Sequence[str]) -> bool:
        script = _script(windows)
        told: list[EncodableT] = [len(keys), *map(prefixed, keys), clock.machine_now().timestamp()]
        try:
            return trip("EVALSHA", script.name, *told)
        except NoScriptError:
            return trip("EVAL", script.text, *told)

    return ask


class _Line(local):
    """A connection to Valkey as the library makes it, for each thread, and for each process that was forked.

    Of its pool it looks each time whether anything has come unasked: three calls into the system, in each of which
    another thread may go first, and as long as the trip itself (12 of 23 us).
    """

    _kept: tuple[int, Any] = (0, None)

    def connection(self, pool: ConnectionPool) -> Any:
        """Only ever used by its own thread."""
        process, connection = self._kept
        if process != os.getpid():
            connection = pool.make_connection()
            self._kept = os.getpid(), connection
        return connection


class _Script(NamedTuple):
    """A script, and by which name Valkey knows it once it was sent."""

    text: bytes
    name: str


@lru_cache
def _script(windows: tuple[Window, ...]) -> _Script:
    text = (_SCRIPT % ", ".join(map(_written, windows))).encode()
    return _Script(text, hashlib.sha1(text, usedforsecurity=False).hexdigest())


def _written(window: Window) -> str:
    return f"{{{window.most:d}, {window.seconds:d}, {str(window.counts).lower()}}}"
