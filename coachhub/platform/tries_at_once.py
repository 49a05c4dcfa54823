"""All limits of a view asked of Valkey in one trip, where none of them is reached: that is nearly every request."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from limits.storage import RedisStorage, Storage

from coachhub.platform import clock

# Each key is a list as the library keeps it for a moving window: when somebody tried, the newest first, and no more of
# them than its limit. So the limit is reached while the last that may stand in it is not too long ago.
_SCRIPT = """
local now = tonumber(ARGV[1])
for number, key in ipairs(KEYS) do
    local most, seconds = tonumber(ARGV[number * 3 - 1]), tonumber(ARGV[number * 3])
    local last = redis.call('lindex', key, most - 1)
    if last and tonumber(last) >= now - seconds then
        return 0
    end
end
for number, key in ipairs(KEYS) do
    if ARGV[number * 3 + 1] == '1' then
        local most = tonumber(ARGV[number * 3 - 1])
        if redis.call('lpush', key, ARGV[1]) > most then
            redis.call('ltrim', key, 0, most - 1)
        end
        redis.call('expire', key, ARGV[number * 3])
    end
end
return 1
"""


class Window(NamedTuple):
    """A limit as it stands for one request: so many tries in so many seconds; `counts`: this is one of them."""

    key: str
    most: int
    seconds: int
    counts: bool


class Ask(Protocol):
    """Whether all of them let the request in, which is then counted. Where one does not, nothing is counted."""

    def __call__(self, windows: Sequence[Window]) -> bool: ...


def at_once(storage: Storage | None) -> Ask | None:
    """Of a storage that takes scripts; None for one in memory, which is asked without a trip."""
    if not isinstance(storage, RedisStorage):
        return None
    script, prefixed = storage.get_connection().register_script(_SCRIPT), storage.prefixed_key

    def ask(windows: Sequence[Window]) -> bool:
        values: list[float | int] = [clock.machine_now().timestamp()]
        for window in windows:
            values += (window.most, window.seconds, int(window.counts))
        return bool(script([prefixed(window.key) for window in windows], values))

    return ask
