"""The style sheet of a brand colour, by the colour alone: nobody's records are asked, and browsers keep it for long."""

from flask import Blueprint, Flask, Response, url_for
from flask.typing import ResponseReturnValue

from coachhub.platform.brand_colour import is_colour, style_sheet
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import bare

_A_MONTH = 30 * 24 * 3600
pages = Blueprint("brand", __name__)


def show_brands(app: Flask) -> None:
    """Serve the style sheets, and let templates ask for the address of one."""
    app.register_blueprint(pages)
    app.add_template_global(brand_url)


def brand_url(accent: str | None) -> str:
    """Where the style sheet of a practice's colour is; empty where the practice has none."""
    return url_for("brand.style", colour=accent.removeprefix("#").lower()) if accent and is_colour(accent) else ""


@pages.get("/brand/<colour>.css")
@bare
def style(colour: str) -> ResponseReturnValue:
    """The accent of both themes, made readable."""
    if not is_colour(colour):
        raise NotFound
    response = Response(style_sheet(colour), mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={_A_MONTH}"
    return response
