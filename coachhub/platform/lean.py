"""Imported first by each program of ours: two libraries of every process, without what they would bring along.

structlog loads `rich` wherever it is installed, to colour what we never colour; redis-py the metrics of OpenTelemetry,
to be ready for measurements that nobody asks it for, and `cryptography`, to ask an authority about a certificate, which
nobody asks it for either. They do without where there is none; together they are a third of what a worker imports till
it knows its own name.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType


@contextmanager
def out_of_sight(*names: str) -> Iterator[None]:
    """Inside the block these cannot be imported; afterwards they can, by whoever needs them."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None there is how Python says "not to be had"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextmanager
def as_empty(*names: str) -> Iterator[None]:
    """Inside the block these packages are imported without what they say themselves; what lies in them can be had.

    For a part that a library imports itself and does not use. Whoever imports it afterwards gets it whole.
    """
    emptied = {name: _empty(name) for name in names if name not in sys.modules}
    sys.modules.update(emptied)
    try:
        yield
    finally:
        for name in emptied:
            del sys.modules[name]


def _empty(name: str) -> ModuleType:
    library, *inside = name.split(".")
    spec = find_spec(library)
    module = ModuleType(name)
    module.__path__ = [str(Path(place, *inside)) for place in (spec and spec.submodule_search_locations) or ()]
    return module


with as_empty("redis.asyncio"), out_of_sight("rich", "opentelemetry", "cryptography"):
    import redis  # noqa: F401
    import structlog  # noqa: F401
