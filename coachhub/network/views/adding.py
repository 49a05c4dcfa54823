"""Adding friends: in one line, in four answers, three at once; and taking back the one just added."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.forms import AddFriendForm, QuickFriendForm, SpokeForm, ThreeFriendsForm
from coachhub.network.service.contacts import remember_contact
from coachhub.network.service.erasing import take_back
from coachhub.network.service.friends import add_friend, add_friends, friend_of
from coachhub.network.views.friends import list_page
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform.guards import for_client


@pages.post("/friends/quick")
@for_client
def add_quickly() -> ResponseReturnValue:
    """Add one friend in one line; the list then says how it was understood."""
    mine, form = owner(), QuickFriendForm()
    entry = form.entry() if form.validate() else None
    if entry is None:
        return list_page(mine, form), 422
    return redirect(url_for("network.friends", added=add_friend(mine, entry)), 303)


@pages.post("/friends/<uuid:friend_id>/take-back")
@for_client
def take_back_friend(friend_id: UUID) -> ResponseReturnValue:
    """That was a mistake: forget the friend just added. With a history, erasing asks first."""
    mine = owner()
    name = friend_of(mine, friend_id).name
    if not take_back(mine, friend_id):
        return redirect(url_for("network.erase_page", friend_id=friend_id), 303)
    flash(_("%(name)s is not in your network any more.", name=name))
    return redirect(url_for("network.friends"), 303)


@pages.post("/friends/<uuid:friend_id>/remember")
@for_client
def remember(friend_id: UUID) -> ResponseReturnValue:
    """About when they last spoke, in one tap."""
    mine, form = owner(), SpokeForm()
    friend = friend_of(mine, friend_id)
    if form.validate():
        remember_contact(mine, friend_id, form.day(mine.today()))
        flash(_("Noted when you last spoke with %(name)s.", name=friend.first_name))
    return redirect(back_to("network.friend", friend_id=friend_id), 303)


@pages.get("/friends/add")
@for_client
def add_page() -> ResponseReturnValue:
    """A form of four quick answers."""
    return render_template("network/add_friend.html", form=AddFriendForm(owner()))


@pages.post("/friends/add")
@for_client
def add() -> ResponseReturnValue:
    """Add one friend."""
    mine = owner()
    form = AddFriendForm(mine)
    if not form.validate():
        return render_template("network/add_friend.html", form=form), 422
    friend_id = add_friend(mine, form.entry())
    flash(_("%(name)s is in your network.", name=friend_of(mine, friend_id).name))
    return redirect(back_to("network.friend", friend_id=friend_id), 303)


@pages.post("/friends/three")
@for_client
def add_three() -> ResponseReturnValue:
    """Add up to three friends from the first visit's form."""
    mine, form = owner(), ThreeFriendsForm()
    if not form.validate():
        return render_template("network/no_friends.html", form=form), 422
    added = add_friends(mine, form.entries(mine.today()))
    flash(wording.added_words(len(added)))
    return redirect(back_to("network.friends"), 303)
