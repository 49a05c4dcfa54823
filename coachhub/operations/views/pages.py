"""The blueprint of this domain, and the one page that it has."""

from flask import Blueprint, render_template

from coachhub.metrics.routes import busiest_routes
from coachhub.operations import wording
from coachhub.operations.forms import HoldForm
from coachhub.operations.service.checks import examine
from coachhub.operations.service.mail_status import mail_status
from coachhub.operations.service.operators import is_operator
from coachhub.operations.service.standing import queues, rows_open
from coachhub.platform import clock
from coachhub.platform.ports import ports

pages = Blueprint("operations", __name__)
_MOST_ROUTES = 12


@pages.app_context_processor
def _for_the_account() -> dict[str, object]:
    """Asked for by the page of the account alone, which leads operators here."""
    return {"is_operator": is_operator}


def the_page(form: HoldForm | None = None) -> str:
    """Everything at a glance. No transaction is open."""
    settings = ports().settings
    return render_template(
        "operations/glance.html",
        checks=examine(settings, ports().clock),
        mail=mail_status(),
        rows=rows_open(),
        queues=queues(settings.redis_url.get_secret_value()),
        routes=busiest_routes(_MOST_ROUTES),
        form=form or HoldForm(),
        now=clock.now(),
        words=wording,
    )
