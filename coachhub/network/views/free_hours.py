"""When is the client free for a coffee? A weekly grid."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.forms.free_hours import FreeHoursForm
from coachhub.network.service.drafts import fill_open_drafts
from coachhub.network.service.free_hours import free_hours, free_times, keep_free_hours
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform.guards import for_client


@pages.get("/my/free-hours")
@for_client
def free_hours_page() -> ResponseReturnValue:
    """The grid, and the next times that come out of it."""
    mine, form = owner(), FreeHoursForm(formdata=None)
    form.start_with(free_hours(mine))
    return _page(form)


@pages.post("/my/free-hours")
@for_client
def keep_hours() -> ResponseReturnValue:
    """Replace the grid; a preset adds its hours to what is ticked."""
    mine, form = owner(), FreeHoursForm()
    if not form.validate():
        return _page(form), 422
    keep_free_hours(mine, form.slots())
    fill_open_drafts(mine)
    flash(_("Kept. Your messages offer these times from now on.") if form.slots() else _("Kept: no hours are ticked."))
    return redirect(back_to("network.free_hours_page"), 303)


def _page(form: FreeHoursForm) -> str:
    mine = owner()
    return render_template(
        "network/free_hours.html",
        form=form,
        days=[(wording.weekday_words(day), form.of_day(day)) for day in range(7)],
        presets=[(preset, wording.preset_words(preset)) for preset in form.presets],
        next_times=free_times(mine, 3),
        zone=mine.zone,
    )
