"""The blueprint of this domain, and the one page that it has."""

from flask import Blueprint, render_template
from redis import RedisError

from coachhub.operations import wording
from coachhub.operations.forms import HoldForm
from coachhub.operations.service.checks import examine
from coachhub.operations.service.mail_status import mail_status
from coachhub.operations.service.operators import is_operator
from coachhub.platform.jobs import FailedJob, failed_jobs
from coachhub.platform.ports import ports

pages = Blueprint("operations", __name__)


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
        failed=_failed(settings.redis_url.get_secret_value()),
        form=form or HoldForm(),
        words=wording,
    )


def _failed(redis_url: str) -> list[FailedJob]:
    """No job where Valkey does not answer: the checks say so."""
    try:
        return failed_jobs(redis_url)
    except RedisError:
        return []
