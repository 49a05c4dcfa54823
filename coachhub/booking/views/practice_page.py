"""The practice page: who the coaches are, what they offer, and when they are free next."""

from flask import render_template
from flask.typing import ResponseReturnValue

from coachhub.booking.service.visiting import PublicPage
from coachhub.booking.views.offer_lines import OFFER_LINES
from coachhub.booking.views.pages import pages
from coachhub.booking.views.visit import clock_of_reader, visit
from coachhub.platform import clock
from coachhub.platform.guards import public
from coachhub.platform.links import address_of
from coachhub.platform.markdown import as_html

_DESCRIPTION = 200


@pages.get("/p/<slug>")
@public
def practice_page(slug: str) -> ResponseReturnValue:
    """All that a visitor needs to choose, and a link to each booker."""
    found = visit(slug)
    reader = clock_of_reader(found.practice.time_zone)
    return render_template(
        "booking/practice_page.html",
        page=found,
        offers=OFFER_LINES.each(found.offerings, found.practice.slug, reader.zone.key, clock.now().year),
        practice=found.practice,
        logo=found.logo,
        reader=reader,
        address=address_of(f"/p/{slug}"),
        description=described(found),
    )


def described(page: PublicPage) -> str:
    """What a search engine or a message shows of the page: the headline, else how the text about them begins."""
    practice = page.practice
    words = practice.headline or " ".join(as_html(practice.about).striptags().split())
    return words if len(words) <= _DESCRIPTION else f"{words[: _DESCRIPTION - 1].rsplit(' ', 1)[0]}…"
