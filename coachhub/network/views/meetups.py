"""Meetups: the list, one of them, agreeing, moving, calling off."""

from uuid import UUID

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network.forms import AgreeForm, TimeAndPlaceForm
from coachhub.network.service.friends import friend_of
from coachhub.network.service.meetups import (
    MeetupPage,
    MeetupStatus,
    agree_meetup,
    cancel_meetup,
    list_meetups,
    meetup_of,
    move_meetup,
)
from coachhub.network.service.offers import offer_of, offers
from coachhub.network.service.owner import Owner
from coachhub.network.service.telling import is_to_be_told, word_on_meetup
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform import clock
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_client
from coachhub.platform.language import moment_words
from coachhub.platform.web import asked_page


@pages.get("/meetups")
@for_client
def meetups() -> ResponseReturnValue:
    """What is ahead, what wants a word, and the past."""
    mine, page = owner(), asked_page()
    found = list_meetups(mine, page)
    waiting = offers(mine)
    return render_template("network/meetups.html", meetups=found, zone=mine.zone, page=page, offers=waiting)


@pages.get("/meetups/<uuid:meetup_id>")
@for_client
def meetup(meetup_id: UUID) -> ResponseReturnValue:
    """When, where, how it moved, and how it was."""
    mine = owner()
    found = meetup_of(mine, meetup_id)
    is_ahead = found.meetup.starts_at > clock.now()
    offer = offer_of(mine, found.meetup.invitation_id) if found.meetup.invitation_id and is_ahead else None
    return render_template(
        "network/meetup.html",
        page=found,
        meetup=found.meetup,
        zone=mine.zone,
        is_ahead=is_ahead,
        offer=offer,
        word=word_on_meetup(mine, found.meetup) if is_ahead and is_to_be_told(found.meetup) else None,
    )


@pages.get("/friends/<uuid:friend_id>/agree")
@for_client
def agree_page(friend_id: UUID) -> ResponseReturnValue:
    """Which time was agreed?"""
    return render_template("network/agree.html", form=AgreeForm(), friend=friend_of(owner(), friend_id))


@pages.post("/friends/<uuid:friend_id>/agree")
@for_client
def agree(friend_id: UUID) -> ResponseReturnValue:
    """A time is agreed with a friend."""
    mine, form = owner(), AgreeForm()
    friend = friend_of(mine, friend_id)
    if not form.validate() or form.is_past(mine, clock.now()):
        return render_template("network/agree.html", form=form, friend=friend), 422
    starts_at = form.starts_at(mine)
    meetup_id = agree_meetup(mine, friend_id, starts_at, form.minutes.data, form.place.data or "")
    flash(_("It is a date: %(when)s.", when=moment_words(starts_at, mine.zone)))
    return redirect(back_to("network.meetup", meetup_id=meetup_id), 303)


@pages.get("/meetups/<uuid:meetup_id>/move")
@for_client
def move_page(meetup_id: UUID) -> ResponseReturnValue:
    """To when, and where?"""
    mine, form = owner(), TimeAndPlaceForm()
    found = _scheduled(mine, meetup_id)
    form.start_with(found.meetup, mine)
    return render_template("network/move.html", form=form, meetup=found.meetup, zone=mine.zone)


@pages.post("/meetups/<uuid:meetup_id>/move")
@for_client
def move(meetup_id: UUID) -> ResponseReturnValue:
    """Move a meetup: a new date is a success."""
    mine, form = owner(), TimeAndPlaceForm()
    found = meetup_of(mine, meetup_id).meetup
    if not form.validate() or form.is_past(mine, clock.now(), found.starts_at):
        return render_template("network/move.html", form=form, meetup=found, zone=mine.zone), 422
    starts_at = form.starts_at(mine, found.starts_at)
    move_meetup(mine, meetup_id, starts_at, form.place.data or "")
    flash(_("It stands: %(when)s. Moving is part of the habit.", when=moment_words(starts_at, mine.zone)))
    return redirect(back_to("network.meetup", meetup_id=meetup_id), 303)


@pages.get("/meetups/<uuid:meetup_id>/cancel")
@for_client
def cancel_page(meetup_id: UUID) -> ResponseReturnValue:
    """Is it really off, or does it only move?"""
    mine = owner()
    return render_template("network/cancel.html", meetup=_scheduled(mine, meetup_id).meetup, zone=mine.zone)


@pages.post("/meetups/<uuid:meetup_id>/cancel")
@for_client
def cancel(meetup_id: UUID) -> ResponseReturnValue:
    """It is off."""
    cancel_meetup(owner(), meetup_id)
    flash(_("It is off. Nothing is lost: the next one begins with a message."))
    return redirect(back_to("network.meetup", meetup_id=meetup_id), 303)


def _scheduled(mine: Owner, meetup_id: UUID) -> MeetupPage:
    found = meetup_of(mine, meetup_id)
    if found.meetup.status is not MeetupStatus.SCHEDULED:
        raise Refused(409, _("This meetup has ended: there is nothing to move or to call off."))
    return found
