"""Addresses of our own pages that differ in ids alone: one of them is made by the rules, the others are like it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from re import compile as pattern
from typing import Any
from uuid import UUID

_MOST = 1024
_LONG, _NEEDS_NO_QUOTING = 20, pattern(r"[A-Za-z0-9._-]+")
_Shape = tuple[tuple[str, object], ...]


class Addresses:
    """What `make` (Flask's `url_for`) writes, remembered by the endpoint and its values, an id counting as any id.

    So does a token, which stands in an address as it is. What else a value may be, and an address that is more than
    a path of ours (`_external`), is made each time.
    """

    def __init__(self, make: Callable[..., str]) -> None:
        self._make = make
        self._alike = lru_cache(maxsize=_MOST)(self._first)

    def of(self, root: str, endpoint: str, values: Mapping[str, Any]) -> str:
        """The address of an endpoint, for an application that is mounted at `root`."""
        shape: list[tuple[str, object]] = []
        varying: list[str] = []
        for name, value in values.items():
            kind = type(value)
            if name[0] == "_" or kind not in (UUID, str, int, type(None)):
                return self._make(endpoint, **values)
            if kind is str and len(value) > _LONG and not _NEEDS_NO_QUOTING.fullmatch(value):
                return self._make(endpoint, **values)
            varies = kind is UUID or (kind is str and len(value) > _LONG)
            shape.append((name, kind if varies else value))
            if varies:
                varying.append(str(value))
        written = self._alike(root, endpoint, tuple(shape))
        for number, each in enumerate(varying):
            written = written.replace(_stand_in(number), each)
        return written

    def _first(self, _root: str, endpoint: str, shape: _Shape) -> str:
        values: dict[str, object] = {}
        number = 0
        for name, value in shape:
            if value is UUID or value is str:
                values[name] = value(_stand_in(number))
                number += 1
            else:
                values[name] = value
        return self._make(endpoint, **values)


@lru_cache
def _stand_in(number: int) -> str:
    """An id that no row has: ours are of version 7 or 4, and this is of none."""
    return str(UUID(int=number + 1))
