"""How was it? Three fields first; the same page changes them later."""

from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.forms import LogForm
from coachhub.network.service.friends import friend_of
from coachhub.network.service.meetups import (
    MeetupStatus,
    edit_log,
    list_meetups,
    log_meetup,
    meetup_of,
    note_meetup,
)
from coachhub.network.service.owner import Owner
from coachhub.network.service.sharing import shares_all
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform import clock
from coachhub.platform.guards import for_client


@pages.get("/meetups/<uuid:meetup_id>/log")
@for_client
def log_page(meetup_id: UUID) -> ResponseReturnValue:
    """How was it? Before the meetup the page says that it is still ahead."""
    mine, form = owner(), LogForm()
    found = meetup_of(mine, meetup_id)
    form.start_with(found.meetup, found.log, mine, shares_all(mine))
    is_ahead = found.log is None and found.meetup.starts_at > clock.now()
    return render_template("network/log.html", form=form, page=found, zone=mine.zone, is_ahead=is_ahead)


@pages.post("/meetups/<uuid:meetup_id>/log")
@for_client
def log(meetup_id: UUID) -> ResponseReturnValue:
    """Write down how it was, or change it."""
    mine, form = owner(), LogForm()
    found = meetup_of(mine, meetup_id)
    if not form.validate() or form.is_ahead(mine, clock.now()):
        return render_template("network/log.html", form=form, page=found, zone=mine.zone, is_ahead=False), 422
    entry = form.entry(mine, found.log.held_at if found.log else found.meetup.starts_at)
    write = edit_log if found.meetup.status is MeetupStatus.HELD else log_meetup
    write(mine, meetup_id, entry)
    flash(_written(mine))
    return redirect(back_to("network.meetup", meetup_id=meetup_id), 303)


@pages.get("/friends/<uuid:friend_id>/met")
@for_client
def met_page(friend_id: UUID) -> ResponseReturnValue:
    """They met without a plan: how was it?"""
    mine, form = owner(), LogForm()
    form.start_at(clock.now() - timedelta(hours=1), mine, shares_all(mine))
    return render_template("network/met.html", form=form, friend=friend_of(mine, friend_id))


@pages.post("/friends/<uuid:friend_id>/met")
@for_client
def met(friend_id: UUID) -> ResponseReturnValue:
    """Write down a meetup that nobody had planned."""
    mine, form = owner(), LogForm()
    friend = friend_of(mine, friend_id)
    if not form.validate() or form.is_ahead(mine, clock.now()):
        return render_template("network/met.html", form=form, friend=friend), 422
    meetup_id = note_meetup(mine, friend_id, form.entry(mine))
    flash(_written(mine))
    return redirect(back_to("network.meetup", meetup_id=meetup_id), 303)


def _written(mine: Owner) -> str:
    minutes = wording.minutes_words(list_meetups(mine).minutes_this_year)
    words: str = _("Written down. %(minutes)s with friends this year.", minutes=minutes)
    return words
