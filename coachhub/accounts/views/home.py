"""What a visitor reads first, and the two pages of small print."""

from dataclasses import dataclass

from babel.dates import get_month_names
from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from coachhub.accounts.views.pages import first_page, pages
from coachhub.platform.guards import public
from coachhub.platform.identity import identity


@dataclass(frozen=True)
class Month:
    """A square of the example: its name, what it shows and how strongly, 0 to 3."""

    label: str
    kind: str
    level: int
    words: str


@pages.get("/")
@public
def home() -> ResponseReturnValue:
    person = identity()
    if person:
        return redirect(first_page(person.role))
    return render_template("accounts/home.html", year=_example_year())


def _example_year() -> list[Month]:
    """A believable year for the picture: a client met somebody in most months."""
    names = get_month_names("abbreviated", "stand-alone", locale=get_locale())
    words = {
        "done": _("met somebody"),
        "bridged": _("missed, bridged by the months around it"),
        "paused": _("paused"),
        "current": _("the month that has begun"),
    }
    kinds = ("done", "done", "bridged", "done", "done", "done", "paused", "done", "done", "done", "done", "current")
    levels = (1, 2, 0, 2, 1, 3, 0, 2, 3, 2, 3, 0)
    return [
        Month(names[n], kind, level, words[kind]) for n, (kind, level) in enumerate(zip(kinds, levels, strict=True), 1)
    ]


@pages.get("/privacy")
@public
def privacy() -> str:
    return render_template("accounts/privacy.html")


@pages.get("/terms")
@public
def terms() -> str:
    return render_template("accounts/terms.html")
