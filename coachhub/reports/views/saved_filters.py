"""Keeping a filter of the list under a name, and forgetting it."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_staff
from coachhub.platform.identity import signed_in_as
from coachhub.reports.forms.clients_query import kept_words, query_in
from coachhub.reports.forms.saved_filter import SavedFilterForm
from coachhub.reports.service.saved_filters import forget_filter, keep_filter
from coachhub.reports.views.clients import list_address, list_page
from coachhub.reports.views.pages import pages


@pages.post("/clients/filters")
@for_staff
def save_filter() -> ResponseReturnValue:
    """Keep the filter that the form's other fields name."""
    query, form = query_in(request.form), SavedFilterForm()
    if not form.validate():
        return list_page(query, form), 422
    try:
        keep_filter(signed_in_as().user_id, form.name.data, kept_words(query))
    except Refused as refused:
        form.name.errors = [refused.text]
        return list_page(query, form), 422
    flash(_("Kept: you find “%(name)s” above the list.", name=form.name.data))
    return redirect(list_address(query), 303)


@pages.post("/clients/filters/<uuid:saved_id>/forget")
@for_staff
def forget_saved_filter(saved_id: UUID) -> ResponseReturnValue:
    """Keep it no longer."""
    flash(
        _(
            "“%(name)s” is forgotten. The clients stay as they are.",
            name=forget_filter(signed_in_as().user_id, saved_id),
        )
    )
    return redirect(url_for("reports.clients"), 303)
