"""Jobs that were given up: tried once more, or taken off the list."""

import structlog
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from redis import RedisError

from coachhub.operations.views.pages import pages
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_operator, outside
from coachhub.platform.identity import signed_in_as
from coachhub.platform.jobs import forget_failed, retry_failed
from coachhub.platform.ports import ports

log = structlog.get_logger(__name__)
_DOES = {"retry": retry_failed, "forget": forget_failed}


@pages.post("/operations/jobs")
@outside
@for_operator
def see_to_job() -> ResponseReturnValue:
    wish, named = request.form.get("do", ""), request.form.get("job", "")
    if wish not in _DOES:
        raise Refused(400, _("Choose what is to be done with the job."))
    try:
        done = _DOES[wish](ports().settings.redis_url.get_secret_value(), [named])
    except RedisError:
        raise Refused(503, _("Valkey does not answer. Try again in a moment.")) from None
    log.info("job_seen_to", operator=signed_in_as().user_id, wish=wish, is_done=bool(done))
    flash(_("Done.") if done else _("That job is not among the failed ones any more."))
    return redirect(url_for("operations.glance"), 303)
