"""What a friend has offered instead: the client answers in the portal, or on the page that the mail leads to."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from coachhub.network.forms.replies import ThreeTimesForm
from coachhub.network.service.free_hours import free_times
from coachhub.network.service.offers import (
    accept_offer,
    offer_of,
    turn_down_offer,
    withdraw_invitation,
)
from coachhub.network.service.owner import Owner
from coachhub.network.service.replies import Outcome
from coachhub.network.service.reply_links import follow_offer_link
from coachhub.network.service.reply_pages import ReplyPage, reply_page
from coachhub.network.service.telling import word_to_friend
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.network.views.replies import asked_instant, asked_version
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.forgery import csrf
from coachhub.platform.guards import for_client, public
from coachhub.platform.private_pages import by_link, keep_private

mailed = Blueprint("offers", __name__)
csrf.exempt(mailed)  # as the friend's page: the address in the mail is the key
mailed.after_request(keep_private)


@mailed.errorhandler(NotFound)
def over(error: NotFound) -> ResponseReturnValue:
    """A link that leads nowhere any more."""
    return render_template("network/reply/over.html"), 404


@mailed.get("/offers/<token>")
@public
@by_link
def offer(token: str) -> ResponseReturnValue:
    """What the friend offers, with a button for each time. Looking changes nothing."""
    mine, invitation_id = follow_offer_link(token)
    found, page = offer_of(mine, invitation_id), reply_page(mine, invitation_id)
    word = word_to_friend(mine, page) if found is None else None
    said = request.args.get("said", "")
    return render_template(
        "network/offer/mailed.html", offer=found, page=page, word=word, zone=mine.zone, token=token, said=said
    )


@mailed.post("/offers/<token>")
@public
@by_link
def accept(token: str) -> ResponseReturnValue:
    """The client takes one of the times."""
    mine, invitation_id = follow_offer_link(token)
    outcome = _taken(mine, invitation_id)
    said = None if outcome is Outcome.DONE else outcome.value
    return redirect(url_for("offers.offer", token=token, said=said), 303)


@pages.post("/invitations/<uuid:invitation_id>/accept")
@for_client
def accept_offered(invitation_id: UUID) -> ResponseReturnValue:
    """The client takes one of the times that the friend offers."""
    mine = owner()
    outcome = _taken(mine, invitation_id)
    page = reply_page(mine, invitation_id)
    if outcome is Outcome.DONE:
        flash(_("It is a date. Your friend sees it under the link; a short word from you is even better."))
    else:
        _say_changed()
    if page.meetup is not None and outcome is Outcome.DONE:
        return redirect(url_for("network.meetup", meetup_id=page.meetup.id), 303)
    return _to_friend(page)


@pages.get("/invitations/<uuid:invitation_id>/others")
@for_client
def others_page(invitation_id: UUID) -> ResponseReturnValue:
    """None of these: which times of mine?"""
    mine = owner()
    found = offer_of(mine, invitation_id)
    if found is None:
        return _to_friend(reply_page(mine, invitation_id))
    form = ThreeTimesForm()
    form.start_with(free_times(mine, 3), found.version, mine.zone)
    return render_template("network/offer/others.html", form=form, offer=found, zone=mine.zone)


@pages.post("/invitations/<uuid:invitation_id>/others")
@for_client
def others(invitation_id: UUID) -> ResponseReturnValue:
    """None of these: the client proposes others, or none."""
    mine, form = owner(), ThreeTimesForm()
    found = offer_of(mine, invitation_id)
    is_without = "without" in request.form
    refused = not form.validate() or (not is_without and form.is_without_time(mine.zone, clock.now()))
    if found is not None and refused:
        return render_template("network/offer/others.html", form=form, offer=found, zone=mine.zone), 422
    times = [] if is_without or found is None else form.instants(mine.zone)
    if turn_down_offer(mine, invitation_id, form.version.data or 0, times) is not Outcome.DONE:
        _say_changed()
        return _to_friend(reply_page(mine, invitation_id))
    return redirect(url_for("network.word", invitation_id=invitation_id), 303)


@pages.get("/invitations/<uuid:invitation_id>/word")
@for_client
def word(invitation_id: UUID) -> ResponseReturnValue:
    """What to tell the friend, with the link in it."""
    mine = owner()
    page = reply_page(mine, invitation_id)
    return render_template("network/offer/word.html", page=page, word=word_to_friend(mine, page), zone=mine.zone)


@pages.get("/invitations/<uuid:invitation_id>/withdraw")
@for_client
def withdraw_page(invitation_id: UUID) -> ResponseReturnValue:
    """Take the invitation back?"""
    mine = owner()
    page = reply_page(mine, invitation_id)
    return render_template("network/offer/withdraw.html", page=page, zone=mine.zone)


@pages.post("/invitations/<uuid:invitation_id>/withdraw")
@for_client
def withdraw(invitation_id: UUID) -> ResponseReturnValue:
    """The link opens nothing any more."""
    mine = owner()
    friend_id = withdraw_invitation(mine, invitation_id)
    flash(_("The invitation is taken back: its link opens nothing any more."))
    return redirect(back_to("network.friend", friend_id=friend_id), 303)


def _taken(mine: Owner, invitation_id: UUID) -> Outcome:
    at = asked_instant()
    return accept_offer(mine, invitation_id, asked_version(), at) if at else Outcome.TAKEN


def _say_changed() -> None:
    flash(_("This has changed meanwhile: this is how it stands now."))


def _to_friend(page: ReplyPage) -> Response:
    return redirect(url_for("network.friend", friend_id=page.friend_id), 303)
