"""What every figure means, on one page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from coachhub.platform.guards import for_staff
from coachhub.reports.views.pages import pages
from coachhub.reports.wording.definitions import definitions


@pages.get("/reports/definitions")
@for_staff
def definitions_page() -> ResponseReturnValue:
    """Each definition has an address of its own on it."""
    return render_template("reports/figures/definitions.html", definitions=definitions)
