"""Lists that a browser asks for again and that have not changed: it is told so, and keeps what it has.

The tag is made of all that the page is made of: the versions of its rows, who asks and as whom they are signed in, the
address, the language, the reader's day, what their form session holds, and our own code. It is signed with our key, so
it tells nobody anything. The browser keeps the page for itself alone and asks each time before it shows it; signing
out makes it forget.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from flask import Response, current_app, g, make_response, request, session
from werkzeug.http import quote_etag

from coachhub.platform.along import Along
from coachhub.platform.identity import signed_in_as
from coachhub.platform.same_again import UNCHANGED, all_told, note_same
from coachhub.platform.tongues import tongue
from coachhub.platform.web import templates_folder

View = TypeVar("View", bound=Callable[..., Any])
Version = Callable[[], str | None]
"""All rows that a page is made of, as one word that changes with them; None where it has to be made in any case."""

_ASKED_EACH_TIME = "private, no-cache"
_FLASHED = "_flashes"
_TOLD = "version_told"
_CODE = (".py", ".html", ".css", ".js", ".svg", ".mo")


def same_until(
    version: Version, *, is_told: bool = False, asks: Callable[[], Along] | None = None
) -> Callable[[View], View]:
    """For a view that answers somebody signed in with a page of which `version` tells whether it is still the same.

    The version is read before the page is: what changes meanwhile shows the next time. `is_told`: the view says by
    `tell_version` of which version its page is, so only a browser that has one already is asked about beforehand.
    `asks`: what `version` takes along, where nothing but who asks and when decides what it is; then the short way is
    open to whoever asks a second time (same_again.py). A limit on the view is not counted there.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def answer(*arguments: Any, **named: Any) -> Response:
            if _FLASHED in session:
                return make_response(view(*arguments, **named))
            seen = _seen()
            known = version() if is_kept() or not is_told else None
            tag = _tag(known, seen)
            if tag is not None and request.if_none_match.contains_weak(tag):
                if asks is not None:
                    note_same(asks, signed_in_as(), known)
                return _tagged(Response(status=UNCHANGED), tag)
            made = make_response(view(*arguments, **named))
            if is_told and not is_kept():
                tag = _tag(g.pop(_TOLD, None), seen)
            return _tagged(made, tag) if tag is not None and made.status_code == 200 else made

        return answer  # type: ignore[return-value]

    return mark


def is_kept() -> bool:
    """Whether the browser has some version of the page, and asks whether it is still the same."""
    return bool(request.if_none_match)


def tell_version(version: str | None) -> None:
    """What `version` of `same_until` would have said before the page that is being made was read."""
    setattr(g, _TOLD, version)


def _tagged(response: Response, tag: str) -> Response:
    response.headers["ETag"] = quote_etag(tag, weak=True)
    response.headers["Cache-Control"] = _ASKED_EACH_TIME
    if "Vary" in response.headers:
        response.vary.update(("Cookie", "HX-Request"))
    else:
        response.headers["Vary"] = "Cookie, HX-Request"
    return response


def _seen() -> tuple[object, ...]:
    """All that the request says of which page it wants."""
    return (
        request.full_path,
        request.headers.get("HX-Request"),
        tongue().tag,
        sorted((name, repr(value)) for name, value in session.items()),
        _code(),
    )


def _tag(version: str | None, seen: tuple[object, ...]) -> str | None:
    if version is None:
        return None
    told = repr((all_told(signed_in_as(), version), *seen)).encode()
    return hashlib.blake2b(told, key=_key(str(current_app.config["SECRET_KEY"])), digest_size=16).hexdigest()


@cache
def _key(secret: str) -> bytes:
    """Of the length that BLAKE2 takes: it signs by itself, and for something this short without another thread's turn,
    for which HMAC gives way.
    """
    return hashlib.sha256(secret.encode()).digest()


@cache
def _code() -> str:
    """Our own files, all of them: a page of an earlier version is none of this one."""
    found = hashlib.sha256()
    for folder in (Path(__file__).resolve().parents[1], templates_folder()):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _CODE):
            found.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return found.hexdigest()
