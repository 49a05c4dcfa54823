"""What a visitor reads first, and the two pages of small print."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from coachhub.accounts.views.blueprint import first_page, pages
from coachhub.platform.guards import public
from coachhub.platform.identity import identity


@pages.get("/")
@public
def home() -> ResponseReturnValue:
    person = identity()
    return redirect(first_page(person.role)) if person else render_template("accounts/home.html")


@pages.get("/privacy")
@public
def privacy() -> str:
    return render_template("accounts/privacy.html")


@pages.get("/terms")
@public
def terms() -> str:
    return render_template("accounts/terms.html")
