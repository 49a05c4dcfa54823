"""A client's own settings."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.clients.forms import MySettingsForm
from coachhub.clients.service.records import change_my_record, client_of_user
from coachhub.clients.views.pages import pages
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as


@pages.get("/my/settings")
@for_client
def my_settings() -> ResponseReturnValue:
    """Name, time zone, and what the coach sees."""
    client = client_of_user(signed_in_as().user_id)
    return render_template("clients/my_settings.html", client=client, form=MySettingsForm().fill(client))


@pages.post("/my/settings")
@for_client
def save_my_settings() -> ResponseReturnValue:
    """Change name and time zone."""
    person = signed_in_as()
    client = client_of_user(person.user_id)
    form = MySettingsForm().fill(client)
    if not form.validate():
        return render_template("clients/my_settings.html", client=client, form=form), 422
    change_my_record(person.user_id, form.name.data, form.time_zone.data, person.locale)
    flash(_("Saved."))
    return redirect(url_for("clients.my_settings"), 303)
