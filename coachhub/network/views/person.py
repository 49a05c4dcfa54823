"""One friend: facts, what happened, not now, never, sharing."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.forms import EditFriendForm, RestForm
from coachhub.network.service.friends import (
    FriendRow,
    edit_friend,
    friend_of,
    never_suggest,
    put_off,
    share_friend,
)
from coachhub.network.service.happenings import happenings_with
from coachhub.network.service.offers import offers
from coachhub.network.service.owner import Owner
from coachhub.network.service.telling import link_to_copy
from coachhub.network.views.happenings import line_about
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform import clock
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_client
from coachhub.platform.language import date_short, date_words, time_words
from coachhub.platform.local_time import first_of_month

_REST = (1, 3, 6, 12)


@pages.get("/friends/<uuid:friend_id>")
@for_client
def friend(friend_id: UUID) -> ResponseReturnValue:
    """What is known of a friend, what happened with them, and what can be done."""
    mine = owner()
    return _page(mine, friend_of(mine, friend_id), RestForm(mine, formdata=None))


def _page(mine: Owner, found: FriendRow, rest: RestForm) -> str:
    return render_template(
        "network/friend.html",
        friend=found,
        facts=_facts(found),
        lines=[line_about(each, mine.zone) for each in happenings_with(mine, found.id)],
        rest=rest,
        zone=mine.zone,
        offers=offers(mine, found.id),
        link=link_to_copy(mine, found.id),
        today=mine.today(),
        rests=[(months, wording.rest_words(months)) for months in _REST],
    )


def _facts(friend: FriendRow) -> list[tuple[str, str]]:
    years = [str(day.year) if day else "" for day in (friend.known_from, friend.known_until)]
    facts = [
        (_("What they do"), friend.title),
        (_("From where"), friend.company),
        (_("How"), wording.kind_words(friend.kind)),
        (_("Worked together"), "–".join(years) if any(years) else ""),
        (_("Last contact"), date_short(friend.last_contact_on) if friend.last_contact_on else ""),
        (_("Time together"), wording.liking_words(friend.liking)),
        (_("City"), friend.city),
        (_("Their time"), _time_there(friend.time_zone)),
    ]
    return [(term, text) for term, text in facts if text]


def _time_there(time_zone: str | None) -> str:
    """`Tokyo, 21:30 now`: what the clocks show where the friend is."""
    if not time_zone:
        return ""
    place = time_zone.rpartition("/")[2].replace("_", " ")
    words: str = _("%(place)s, %(time)s now", place=place, time=time_words(clock.now(), time_zone))
    return words


@pages.get("/friends/<uuid:friend_id>/edit")
@for_client
def edit_page(friend_id: UUID) -> ResponseReturnValue:
    """Everything that is written of a friend, to change."""
    mine = owner()
    found, form = friend_of(mine, friend_id), EditFriendForm(mine)
    form.start_with(found)
    return render_template("network/edit_friend.html", form=form, friend=found)


@pages.post("/friends/<uuid:friend_id>/edit")
@for_client
def edit(friend_id: UUID) -> ResponseReturnValue:
    """Replace what is written of a friend."""
    mine = owner()
    found, form = friend_of(mine, friend_id), EditFriendForm(mine)
    if not form.validate():
        return render_template("network/edit_friend.html", form=form, friend=found), 422
    entry = form.entry(found)
    stands = edit_friend(mine, friend_id, entry)
    flash(_("Saved."))
    if stands is not None and (entry.last_contact_on is None or entry.last_contact_on < stands):
        flash(_("The last contact stays %(day)s: that is in the timeline.", day=date_short(stands)), "info")
    return redirect(back_to("network.friend", friend_id=friend_id), 303)


@pages.post("/friends/<uuid:friend_id>/not-now")
@for_client
def not_now(friend_id: UUID) -> ResponseReturnValue:
    """Rest a friend for some months, or until a day; 0 months takes it back."""
    mine, months = owner(), request.form.get("months", type=int)
    if "until" in request.form and months is None:
        return _rest_until(mine, friend_id)
    if months not in (0, *_REST):
        raise Refused(422, _("Choose for how many months."))
    until = first_of_month(mine.today(), months) if months else None
    put_off(mine, friend_id, until)
    flash(_("Not suggested before %(day)s.", day=date_words(until)) if until else _("Back among the suggestions."))
    return _there(friend_id)


def _rest_until(mine: Owner, friend_id: UUID) -> ResponseReturnValue:
    form = RestForm(mine)
    found = friend_of(mine, friend_id)
    if not form.validate():
        return _page(mine, found, form), 422
    put_off(mine, friend_id, form.until.data)
    flash(_("Not suggested before %(day)s.", day=date_words(form.until.data)))
    return _there(friend_id)


@pages.post("/friends/<uuid:friend_id>/never")
@for_client
def never(friend_id: UUID) -> ResponseReturnValue:
    """Never suggest a friend, or do so again."""
    flag = request.form.get("never") == "yes"
    never_suggest(owner(), friend_id, flag)
    flash(_("Never suggested again.") if flag else _("Back among the suggestions."))
    return _there(friend_id)


@pages.post("/friends/<uuid:friend_id>/share")
@for_client
def share(friend_id: UUID) -> ResponseReturnValue:
    """Share a friend with the coach, or take it back."""
    flag = request.form.get("shared") == "yes"
    share_friend(owner(), friend_id, flag)
    flash(_("Your coach can see this friend.") if flag else _("Your coach no longer sees this friend."))
    return _there(friend_id)


def _there(friend_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("network.friend", friend_id=friend_id), 303)
