"""One friend: facts, not now, never, sharing, being in touch."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.forms import EditFriendForm
from coachhub.network.service.friends import (
    FriendRow,
    edit_friend,
    friend_of,
    never_suggest,
    note_contact,
    put_off,
    share_friend,
)
from coachhub.network.service.meetups import meetups_with
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform.errors import Refused
from coachhub.platform.guards import for_client
from coachhub.platform.language import date_short, date_words

_REST = (1, 3, 6, 12)


@pages.get("/friends/<uuid:friend_id>")
@for_client
def friend(friend_id: UUID) -> ResponseReturnValue:
    """What is known of a friend, and what can be done."""
    mine = owner()
    found = friend_of(mine, friend_id)
    return render_template(
        "network/friend.html",
        friend=found,
        facts=_facts(found),
        meetups=meetups_with(mine, friend_id),
        zone=mine.zone,
        today=mine.today(),
        rests=[(months, wording.rest_words(months)) for months in _REST],
    )


def _facts(friend: FriendRow) -> list[tuple[str, str]]:
    years = [str(day.year) if day else "" for day in (friend.known_from, friend.known_until)]
    facts = [
        (_("From where"), friend.company),
        (_("How"), wording.kind_words(friend.kind)),
        (_("Worked together"), "–".join(years) if any(years) else ""),
        (_("Last contact"), date_short(friend.last_contact_on) if friend.last_contact_on else ""),
        (_("Their company"), wording.liking_words(friend.liking)),
        (_("City"), friend.city),
    ]
    return [(term, text) for term, text in facts if text]


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
    edit_friend(mine, friend_id, form.entry(found))
    flash(_("Saved."))
    return redirect(back_to("network.friend", friend_id=friend_id), 303)


@pages.post("/friends/<uuid:friend_id>/spoke")
@for_client
def spoke(friend_id: UUID) -> ResponseReturnValue:
    """They spoke today."""
    mine = owner()
    note_contact(mine, friend_id, mine.today())
    flash(_("Good. The friendship is awake."))
    return _there(friend_id)


@pages.post("/friends/<uuid:friend_id>/not-now")
@for_client
def not_now(friend_id: UUID) -> ResponseReturnValue:
    """Rest a friend for some months; 0 takes it back."""
    mine, months = owner(), request.form.get("months", type=int)
    if months not in (0, *_REST):
        raise Refused(422, _("Choose for how many months."))
    until = _months_later(mine.today(), months) if months else None
    put_off(mine, friend_id, until)
    flash(_("Not suggested before %(day)s.", day=date_words(until)) if until else _("Back among the suggestions."))
    return _there(friend_id)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


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
