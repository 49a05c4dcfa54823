"""The short way of an unchanged list: a browser that asks again whether what it has is still the same is told so again.

Such an answer depends on the request, letter by letter, on who asks, on the version of the list's rows and on the
reader's day. The last three are found out anew each time, by the statement that always does. What is left out is what
comes after that: to make a request of Flask's of it, and to find the view and its answer, which are the same.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from flask import Response, g, request

from coachhub.platform import clock
from coachhub.platform.along import Along
from coachhub.platform.identity import Identity
from coachhub.platform.local_time import local_day
from coachhub.platform.request_log import HEADER

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

UNCHANGED = 304
_MOST = 256
"""So many answers are remembered, a kilobyte each; the oldest makes room."""
_NOTED = "same_again"
_TOLD_ON = (
    *("REQUEST_METHOD", "wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
    *("HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_HX_REQUEST", "HTTP_ACCEPT_LANGUAGE"),
)
"""All of a request that such an answer depends on."""


@dataclass(frozen=True, slots=True)
class Same:
    """An answer "not modified": the view that gave it, what that reads along, what it was told, and its headers."""

    endpoint: str
    asks: Callable[[], Along]
    told: object
    headers: tuple[tuple[str, str], ...]


class SameAgain:
    """What this process has answered so lately, by a hash of what was asked."""

    def __init__(self) -> None:
        self._kept: dict[bytes, Same] = {}
        self._keeping = Lock()

    def keep(self, response: Response) -> None:
        """Remember the running request's answer, which is on its way out, where its view has noted that it may be."""
        noted: tuple[Callable[[], Along], object] | None = g.pop(_NOTED, None)
        if noted is None or response.status_code != UNCHANGED or "Set-Cookie" in response.headers:
            return
        asks, told = noted
        headers = tuple(each for each in response.get_wsgi_headers(request.environ) if each[0] != HEADER)
        with self._keeping:
            self._kept[_key(request.environ)] = Same(str(request.endpoint), asks, told, headers)
            if len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]

    def find(self, environ: "WSGIEnvironment") -> Same | None:
        """How just this was answered, if it was; whether that still holds is not known yet."""
        return self._kept.get(_key(environ)) if "HTTP_IF_NONE_MATCH" in environ else None


def note_same(asks: Callable[[], Along], person: Identity, version: object) -> None:
    """Say of the running request that its answer depends on nothing else: `asks` reads the version along."""
    setattr(g, _NOTED, (asks, all_told(person, version)))


def all_told(person: Identity, version: object) -> object:
    """What such an answer is made of beside its request; `last_seen_at` is on no page, and moves every ten minutes."""
    return version, local_day(clock.now(), person.zone), {**vars(person), "last_seen_at": None}


def _key(environ: "WSGIEnvironment") -> bytes:
    asked = repr([environ.get(name) for name in _TOLD_ON])
    return hashlib.sha256(asked.encode("utf-8", "surrogateescape")).digest()
