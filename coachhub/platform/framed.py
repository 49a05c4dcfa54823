"""Pages of who is signed in, around which all read the same: document, navigation, and what every page loads.

That frame is written once for each language and place in the navigation, with stand-ins for the title and the
person's header; what a page itself shows is written each time.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from flask import render_template, request, session

from coachhub.platform.identity import identity
from coachhub.platform.language import lang
from coachhub.platform.signed_in_parts import signed_in_top
from coachhub.platform.written_alike import Pieces, filled, pieces_of, stand_in
from coachhub.platform.written_once import writes_anew

_ALONE = "layouts/main_alone.html"
_TITLE, _TOP, _MAIN = range(3)


class Frame(NamedTuple):
    """A layout of signed-in pages, the endpoint of its first page, and the page's place in its navigation."""

    layout: str
    home: str
    active: str


def render_framed(template: str, frame: Frame, title: str, **context: Any) -> str:
    """As `render_template`, of a template that extends the `layout` that it is given and has nothing but a main part.

    Where the page says more around it, the whole of it is written.
    """
    if is_whole():
        return render_template(template, layout=frame.layout, title=title, **context)
    main = render_template(template, layout=_ALONE, title=title, **context)
    around = _around(frame, lang(), request.script_root)
    return filled(around, (title, signed_in_top(frame.home), _Main(main)))


def is_whole() -> bool:
    """Whether the page is written as a whole: it says something once, asks to confirm an address, or is looked at."""
    person = identity()
    return person is None or not person.email_verified or "_flashes" in session or writes_anew()


class _Main(str):
    """What is written already."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@lru_cache(maxsize=16)
def _around(frame: Frame, _language: str, _root: str) -> Pieces:
    written = render_template(
        "layouts/framed.html",
        layout=frame.layout,
        active=frame.active,
        title=stand_in(_TITLE),
        main=stand_in(_MAIN),
        signed_in_top=lambda _home: stand_in(_TOP),
    )
    return pieces_of(written)
