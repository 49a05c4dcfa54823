"""Mail is held back and let out again."""

import structlog
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.operations.forms import HoldForm
from coachhub.operations.service.pausing import NoSuchThing, pause_mail, resume_mail
from coachhub.operations.views.pages import pages, the_page
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_operator, outside
from coachhub.platform.identity import signed_in_as

log = structlog.get_logger(__name__)


@pages.post("/operations/hold")
@outside
@for_operator
def hold() -> ResponseReturnValue:
    form = HoldForm()
    if not form.validate():
        return the_page(form), 422
    practice, kind = form.which()
    try:
        is_new = pause_mail(practice, kind, by=signed_in_as().user_id)
    except NoSuchThing:
        form.practice.errors = [_("There is no practice at this address. Look it up on its practice page.")]
        return the_page(form), 422
    log.info("mail_held_back", operator=signed_in_as().user_id, practice=practice, kind=kind, is_new=is_new)
    flash(_("It is held back until you let it out.") if is_new else _("It was held back already."))
    return redirect(url_for("operations.glance"), 303)


@pages.post("/operations/let-out")
@outside
@for_operator
def let_out() -> ResponseReturnValue:
    practice, kind = request.form.get("practice") or None, request.form.get("kind") or None
    try:
        is_ended = resume_mail(practice, kind, by=signed_in_as().user_id)
    except NoSuchThing:
        raise NotFound from None
    log.info("mail_let_out", operator=signed_in_as().user_id, practice=practice, kind=kind, is_ended=is_ended)
    flash(_("It is let out. Workers begin within a minute.") if is_ended else _("It was let out already."))
    return redirect(url_for("operations.glance"), 303)
