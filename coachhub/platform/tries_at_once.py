"""All limits of a view asked of Valkey in one trip, where none of them is reached: that is nearly every request."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from limits.storage import RedisStorage, Storage

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
    prefixed, client = storage.prefixed_key, storage.get_connection()
    script = lru_cache(lambda windows: client.register_script((_SCRIPT % ", ".join(map(_written, windows))).encode()))

    def ask(windows: tuple[Window, ...], keys: Sequence[str]) -> bool:
        return bool(script(windows)([prefixed(key) for key in keys], [clock.machine_now().timestamp()]))

    return ask


def _written(window: Window) -> str:
    return f"{{{window.most:d}, {window.seconds:d}, {str(window.counts).lower()}}}"
