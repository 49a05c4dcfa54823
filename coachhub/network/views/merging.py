"""One person twice: the list of possible doubles, choosing the other one, and making one of two."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.service.doubles import doubles_of
from coachhub.network.service.friends import FriendRow, friend_of, list_friends
from coachhub.network.service.merging import Sides, merge_friends, sides_of
from coachhub.network.views.pages import owner, pages
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client
from coachhub.platform.language import date_short
from coachhub.platform.web import asked_page

_MOST_SHOWN = 20


@pages.get("/friends/doubles")
@for_client
def doubles() -> ResponseReturnValue:
    """Friends who may be one person twice."""
    page = asked_page()
    found = doubles_of(owner(), page)
    pairs = [(pair, wording.same_words(pair.same)) for pair in found.pairs]
    return render_template("network/doubles.html", pairs=pairs, found=found, page=page)


@pages.get("/friends/<uuid:friend_id>/merge")
@for_client
def merge_page(friend_id: UUID) -> ResponseReturnValue:
    """Who is the same person? Then both side by side, before anything is changed."""
    mine, other = owner(), request.args.get("with", type=UUID)
    if other is not None:
        sides = sides_of(mine, friend_id, other)
        return render_template("network/merge.html", sides=sides, fields=_fields(sides))
    friend, search = friend_of(mine, friend_id), request.args.get("q", friend_of(mine, friend_id).first_name).strip()
    found = [each for each in list_friends(mine, search[:100], limit=_MOST_SHOWN + 2) if each.id != friend_id]
    others = [(each, wording.last_contact_words(each.silence)) for each in found[:_MOST_SHOWN]]
    return render_template(
        "network/merge_with.html", friend=friend, search=search, others=others, has_more=len(found) > _MOST_SHOWN
    )


@pages.post("/friends/<uuid:friend_id>/merge")
@for_client
def merge(friend_id: UUID) -> ResponseReturnValue:
    """Make one of two. A second click finds the other one gone, and leads to the one who stayed."""
    mine, other = owner(), request.form.get("with", type=UUID)
    name = friend_of(mine, friend_id).name
    if other is None:
        raise NotFound
    try:
        merge_friends(mine, friend_id, other, [field for field in request.form if request.form[field] == "gone"])
        flash(_("%(name)s is one person now, with everything of both.", name=name))
    except NotFound:
        flash(_("The other one is not in your network any more."), "info")
    return redirect(url_for("network.friend", friend_id=friend_id), 303)


def _fields(sides: Sides) -> list[tuple[str, str, str, str]]:
    """Each field to choose: its name, its label, and what either friend has."""
    return [
        (name, wording.field_words(name), _shown(sides.kept, name), _shown(sides.gone, name))
        for name in sides.differing
    ]


def _shown(friend: FriendRow, name: str) -> str:
    if name == "kind":
        return wording.kind_words(friend.kind)
    if name == "liking":
        return wording.liking_words(friend.liking)
    value = getattr(friend, name)
    return date_short(value) if name in ("known_from", "known_until") else str(value)
