"""The list of friends, and adding to it."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.forms import AddFriendForm, ThreeFriendsForm
from coachhub.network.rules import Warmth
from coachhub.network.service.friend_list import PAGE
from coachhub.network.service.friends import (
    FriendRow,
    NetworkNumbers,
    Order,
    add_friend,
    add_friends,
    friend_of,
    list_friends,
    network_numbers,
)
from coachhub.network.views.pages import back_to, owner, pages
from coachhub.platform.guards import for_client
from coachhub.platform.web import asked_page


@dataclass(frozen=True)
class _Asked:
    """What the address of the list asks for; what it does not understand it leaves out."""

    search: str
    warmth: Warmth | None
    order: Order
    page: int

    def url(self, **changes: Any) -> str:
        kept: dict[str, Any] = {"q": self.search or None, "warmth": self.warmth, "order": self.order}
        return url_for("network.friends", **{**kept, **changes})


def _asked() -> _Asked:
    warmth, order = request.args.get("warmth", ""), request.args.get("order", "")
    return _Asked(
        search=request.args.get("q", "").strip()[:100],
        warmth=Warmth(warmth) if warmth in set(Warmth) else None,
        order=Order(order) if order in set(Order) else Order.SILENCE,
        page=asked_page(),
    )


@pages.get("/friends")
@for_client
def friends() -> ResponseReturnValue:
    """All friends, the longest silent first; the empty page asks for three people."""
    mine, asked = owner(), _asked()
    numbers = network_numbers(mine, mine.today())
    if not numbers.friends:
        return render_template("network/no_friends.html", form=ThreeFriendsForm())
    found = list_friends(mine, asked.search, asked.warmth, asked.order, PAGE + 1, PAGE * (asked.page - 1))
    return render_template(
        "network/friends.html",
        asked=asked,
        rows=[_line(friend) for friend in found[:PAGE]],
        has_more=len(found) > PAGE,
        numbers=numbers,
        half_life_days=mine.half_life_days,
        filters=_filters(asked, numbers),
    )


def _line(friend: FriendRow) -> tuple[str, str, str, str, str]:
    parts = [friend.company, wording.kind_words(friend.kind), wording.last_contact_words(friend.silence)]
    about = " · ".join(part for part in parts if part)
    url = url_for("network.friend", friend_id=friend.id)
    return url, friend.name, about, friend.warmth.value, wording.warmth_words(friend.warmth)


def _filters(asked: _Asked, numbers: NetworkNumbers) -> list[tuple[str, str, bool, int]]:
    everybody = (asked.url(warmth=None), _("Everybody"), asked.warmth is None, numbers.friends)
    states = [
        (asked.url(warmth=state), wording.warmth_words(state), asked.warmth is state, count)
        for state, count in numbers.by_warmth
    ]
    return [everybody, *states]


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
