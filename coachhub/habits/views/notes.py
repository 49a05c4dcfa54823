"""Short messages around the invitation: the follow-up, the thank-you, the warm-up."""

from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.habits.forms import moments_in
from coachhub.habits.rules import Question
from coachhub.habits.service.month import month_page
from coachhub.habits.service.notes import (
    easy_ones,
    mark_thanked,
    prepare_follow_up,
    renewed,
    send_follow_up,
    send_warm_up,
    thanks,
    warm_up,
)
from coachhub.habits.views.month import SKIPPED, owner
from coachhub.habits.views.pages import pages
from coachhub.network.service.friends import friend_of
from coachhub.platform import clock
from coachhub.platform.guards import for_client
from coachhub.platform.web import asked_next


@pages.post("/month/follow-up")
@for_client
def write_again() -> ResponseReturnValue:
    """No answer yet: a second message is made ready, and fresh times stand behind its link."""
    mine = owner()
    prepare_follow_up(mine, month_page(mine, clock.now()))
    return redirect(url_for("habits.month", ask=Question.FOLLOW_UP), 303)


@pages.post("/month/followed-up")
@for_client
def followed_up() -> ResponseReturnValue:
    """The second message is on its way."""
    mine = owner()
    page = month_page(mine, clock.now())
    if page.sent is not None and page.sent.followed_up_at is None:
        moments = moments_in(request.form.get("offered"))
        send_follow_up(mine, page, renewed(mine, page.sent) if moments is None else moments)
        flash(_("Your wave is on its way. Now it is their turn, and there is no hurry."))
    return redirect(url_for("habits.month"), 303)


@pages.get("/meetups/<uuid:meetup_id>/thanks")
@for_client
def thanks_page(meetup_id: UUID) -> ResponseReturnValue:
    """Two lines of thanks, already written."""
    found = thanks(owner(), meetup_id)
    return render_template("habits/thanks.html", letter=found.note, meetup=found.page.meetup, log=found.page.log)


@pages.post("/meetups/<uuid:meetup_id>/thanks")
@for_client
def thanked(meetup_id: UUID) -> ResponseReturnValue:
    """The thank-you is on its way."""
    mark_thanked(owner(), meetup_id)
    flash(_("Thank you said. That is how friendships stay awake."))
    return redirect(asked_next(url_for("network.meetup", meetup_id=meetup_id)), 303)


@pages.get("/month/warm-up")
@for_client
def warm_up_page() -> ResponseReturnValue:
    """A two-minute note to somebody easy, before the very first message."""
    mine = owner()
    page = month_page(mine, clock.now())
    easy = easy_ones(mine, page.friend.id if page.friend else None)
    if not page.situation.is_first or not easy:
        return redirect(url_for("habits.month"), 303)
    chosen = next((friend for friend in easy if str(friend.id) == request.args.get("to")), easy[0])
    others = [friend for friend in easy if friend is not chosen]
    return render_template("habits/warm_up.html", letter=warm_up(mine, chosen), others=others)


@pages.post("/month/warm-up/<uuid:friend_id>")
@for_client
def warmed_up(friend_id: UUID) -> ResponseReturnValue:
    """The warm-up is on its way."""
    mine = owner()
    name = friend_of(mine, friend_id).first_name
    send_warm_up(mine, friend_id)
    flash(_("That will make %(name)s’s day. The next message is easier now.", name=name))
    return redirect(url_for("habits.month"), 303)


@pages.post("/month/warm-up/skip")
@for_client
def skip_warm_up() -> ResponseReturnValue:
    """Not now: after the second time it is not offered again in this browser."""
    session[SKIPPED] = session.get(SKIPPED, 0) + 1
    return redirect(url_for("habits.month"), 303)
