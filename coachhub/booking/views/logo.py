"""The logo of a practice: taken and let go by its owner, seen by everybody."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.service.logos import LogoMark, keep_logo, logo_picture, remove_logo
from coachhub.booking.forms.logo import LogoForm
from coachhub.booking.views.pages import pages
from coachhub.booking.views.presenting import show_page_settings
from coachhub.booking.views.visit import enter
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_owner, public
from coachhub.platform.pictures import UnfitPicture

_A_YEAR = 365 * 24 * 3600


@pages.get("/p/<slug>/logo")
@public
def practice_logo(slug: str) -> ResponseReturnValue:
    """The picture alone; a change of it changes its address, so browsers keep it."""
    enter(slug)
    picture = logo_picture()
    if picture is None:
        raise NotFound
    response = Response(picture.content, mimetype=picture.media_type)
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    return response


@pages.post("/settings/page/logo")
@for_owner
def save_logo() -> ResponseReturnValue:
    form = LogoForm()
    content = form.content()
    if content is None:
        return show_page_settings(logo_form=form), 422
    try:
        keep_logo(content)
    except UnfitPicture as refusal:
        form.refuse(refusal.why)
        return show_page_settings(logo_form=form), 422
    flash(_("Your logo is saved."))
    return redirect(url_for("booking.page_settings"), 303)


@pages.post("/settings/page/logo/remove")
@for_owner
def drop_logo() -> ResponseReturnValue:
    remove_logo()
    flash(_("Your logo is removed."))
    return redirect(url_for("booking.page_settings"), 303)


@pages.app_template_global()
def logo_url(slug: str, mark: LogoMark) -> str:
    """Where the logo of a practice is, as it is now."""
    return url_for("booking.practice_logo", slug=slug, v=mark.version)
