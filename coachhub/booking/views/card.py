"""The picture that messages and other sites show beside a link to a practice: its name on its colour."""

from functools import lru_cache

from flask import Response
from flask.typing import ResponseReturnValue

from coachhub.booking.service.profiles import practice_page
from coachhub.booking.views.pages import pages
from coachhub.booking.views.visit import enter
from coachhub.platform.brand_colour import is_colour, shades_of
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import public
from coachhub.platform.language import as_reader, direction, lang
from coachhub.platform.typeset import draw

_OURS = "#0b6b5d"
_AN_HOUR = 3600


@pages.get("/p/<slug>/card.png")
@public
def practice_card(slug: str) -> ResponseReturnValue:
    """The same for all pages of a practice; nowhere while it is closed."""
    enter(slug)
    practice = practice_page()
    if not practice.is_open:
        raise NotFound
    with as_reader(practice.locale, practice.time_zone):
        drawn = _drawn(practice.name, practice.headline, practice.accent or _OURS, lang(), direction())
    response = Response(drawn, mimetype="image/png")
    response.headers["Cache-Control"] = f"public, max-age={_AN_HOUR}"
    return response


@lru_cache(maxsize=64)
def _drawn(name: str, headline: str, accent: str, language: str, side: str) -> bytes:
    light, _dark = shades_of(accent if is_colour(accent) else _OURS)
    words = {"name": name, "headline": headline, "lang": language.partition("-")[0], "dir": side}
    return draw("card.typ", words | {"ground": light.accent, "ink": light.on})
