"""Erasing a friend: first a page that names what is lost, then a button."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network.service.friends import erase_friend, friend_of, losses_of
from coachhub.network.views.pages import owner, pages
from coachhub.platform.guards import for_client


@pages.get("/friends/<uuid:friend_id>/erase")
@for_client
def erase_page(friend_id: UUID) -> ResponseReturnValue:
    """What will be lost."""
    mine = owner()
    found = friend_of(mine, friend_id)
    return render_template("network/erase_friend.html", friend=found, losses=losses_of(mine, friend_id))


@pages.post("/friends/<uuid:friend_id>/erase")
@for_client
def erase(friend_id: UUID) -> ResponseReturnValue:
    """Erase the friend and everything about them."""
    mine = owner()
    name = friend_of(mine, friend_id).name
    erase_friend(mine, friend_id)
    flash(_("%(name)s is erased, with everything written about them.", name=name))
    return redirect(url_for("network.friends"), 303)
