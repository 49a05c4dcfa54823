"""What visitors read: the practice page, for its owner, and each coach's profile."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.accounts.service.logos import logo_mark
from coachhub.booking.forms.logo import LogoForm
from coachhub.booking.forms.presenting import CoachProfileForm, PracticePageForm
from coachhub.booking.service.presenting import keep_practice_page, keep_profile
from coachhub.booking.service.profiles import coach_profile, practice_page
from coachhub.booking.views.pages import pages
from coachhub.platform.guards import for_owner, for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.platform.links import address_of


@pages.get("/settings/page")
@for_owner
def page_settings() -> str:
    return show_page_settings()


@pages.post("/settings/page")
@for_owner
def save_page() -> ResponseReturnValue:
    form = PracticePageForm()
    if not form.validate():
        return show_page_settings(form), 422
    keep_practice_page(form.entry())
    flash(_("Your changes are saved."))
    return redirect(url_for("booking.page_settings"), 303)


@pages.get("/settings/profile")
@for_staff
def profile_settings() -> str:
    return _profile(CoachProfileForm(obj=coach_profile(signed_in_as().user_id)))


@pages.post("/settings/profile")
@for_staff
def save_coach_profile() -> ResponseReturnValue:
    form = CoachProfileForm()
    if not form.validate():
        return _profile(form), 422
    keep_profile(signed_in_as().user_id, form.entry())
    flash(_("Your changes are saved."))
    return redirect(url_for("booking.profile_settings"), 303)


def show_page_settings(form: PracticePageForm | None = None, logo_form: LogoForm | None = None) -> str:
    """The settings of the practice page, with what was typed into one of its forms and not taken."""
    practice = practice_page()
    return render_template(
        "booking/office/page.html",
        form=form or PracticePageForm(practice, formdata=None),
        logo_form=logo_form or LogoForm(formdata=None),
        logo=logo_mark(),
        practice=practice,
        address=address_of(url_for("booking.practice_page", slug=practice.slug)),
    )


def _profile(form: CoachProfileForm) -> str:
    return render_template("booking/office/profile.html", form=form, practice=practice_page())
