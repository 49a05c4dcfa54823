"""The practice page: who the coaches are, what they offer, and when they are free next.

Two visitors who would see the same see the same page: it is written once.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from coachhub.booking.service.visiting import PublicPage
from coachhub.booking.views.offer_lines import OFFER_LINES
from coachhub.booking.views.pages import pages
from coachhub.booking.views.visit import Clock, clock_of_reader, visit
from coachhub.platform import clock
from coachhub.platform.guards import public
from coachhub.platform.identity import identity
from coachhub.platform.links import address_of
from coachhub.platform.markdown import as_html
from coachhub.platform.written_once import writes_anew

_DESCRIPTION = 200


@dataclass(frozen=True)
class _Page:
    """What the page depends on, and nothing else does. What it tells is read anew for each visitor.

    `root` is where the application is; `locale` and `this_year` decide how it is written.
    """

    found: PublicPage
    reader: Clock
    address: str
    root: str
    locale: str
    this_year: int


@pages.get("/p/<slug>")
@public
def practice_page(slug: str) -> ResponseReturnValue:
    """All that a visitor needs to choose, and a link to each booker.

    Whoever is signed in, or is to be told something once, has a page of their own.
    """
    found = visit(slug)
    page = _Page(
        found=found,
        reader=clock_of_reader(found.practice.time_zone),
        address=address_of(f"/p/{slug}"),
        root=request.root_path,
        locale=str(get_locale() or "en"),
        this_year=clock.now().year,
    )
    is_like_others = identity() is None and "_flashes" not in session and not writes_anew()
    return _written(page) if is_like_others else _write(page)


def _write(page: _Page) -> str:
    practice = page.found.practice
    return render_template(
        "booking/practice_page.html",
        page=page.found,
        offers=OFFER_LINES.each(page.found.offerings, practice.slug, page.reader.zone.key, page.this_year),
        practice=practice,
        logo=page.found.logo,
        reader=page.reader,
        address=page.address,
        description=described(page.found),
    )


_written = lru_cache(maxsize=64)(_write)
"""A page takes some 5 kB, and more with what is written about the practice; each booking makes another one of it."""


def described(page: PublicPage) -> str:
    """What a search engine or a message shows of the page: the headline, else how the text about them begins."""
    practice = page.practice
    words = practice.headline or " ".join(as_html(practice.about).striptags().split())
    return words if len(words) <= _DESCRIPTION else f"{words[: _DESCRIPTION - 1].rsplit(' ', 1)[0]}…"
