"""Promises: kept by one click, put off by another."""

from uuid import UUID

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network.service.promises import PutOff, keep_promise, put_promise_off, reopen_promise
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_client
from coachhub.platform.language import date_words


@pages.post("/meetups/<uuid:meetup_id>/promise/done")
@for_client
def promise_done(meetup_id: UUID) -> ResponseReturnValue:
    """The client has kept a promise."""
    keep_promise(owner(), meetup_id)
    flash(_("Kept. That is what friends remember."))
    return redirect(back_to("network.meetup", meetup_id=meetup_id), 303)


@pages.post("/meetups/<uuid:meetup_id>/promise/open")
@for_client
def promise_open(meetup_id: UUID) -> ResponseReturnValue:
    """It was not done after all."""
    reopen_promise(owner(), meetup_id)
    flash(_("It stands among your promises again."))
    return redirect(back_to("network.meetup", meetup_id=meetup_id), 303)


@pages.post("/meetups/<uuid:meetup_id>/promise/later")
@for_client
def promise_later(meetup_id: UUID) -> ResponseReturnValue:
    """Tomorrow, or next week."""
    asked = request.form.get("to", "")
    if asked not in set(PutOff):
        raise Refused(422, _("Choose tomorrow or next week."))
    day = put_promise_off(owner(), meetup_id, PutOff(asked))
    flash(_("It comes back on %(day)s.", day=date_words(day)))
    return redirect(back_to("network.meetup", meetup_id=meetup_id), 303)
