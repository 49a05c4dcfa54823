"""The list of friends: searched, narrowed and sorted by its address."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coachhub.network import wording
from coachhub.network.forms import QuickFriendForm, SpokeForm, ThreeFriendsForm
from coachhub.network.rules import Kind, Warmth
from coachhub.network.service.erasing import TAKEN_BACK_WITHIN
from coachhub.network.service.friend_list import PAGE, Counts, Wanted, count_friends, friends_version
from coachhub.network.service.friends import FriendRow, Order, friend_of, list_friends
from coachhub.network.service.owner import Owner
from coachhub.network.views.pages import owner, pages
from coachhub.platform import clock
from coachhub.platform.errors import NotFound
from coachhub.platform.guards import for_client
from coachhub.platform.identity import signed_in_as
from coachhub.platform.unchanged import same_until
from coachhub.platform.web import asked_page


@dataclass(frozen=True)
class _Asked:
    """What the address of the list asks for; what it does not understand it leaves out."""

    wanted: Wanted
    order: Order
    page: int

    def keep(self, **changes: Any) -> dict[str, Any]:
        """The parts of the address beside the words looked for."""
        order = None if self.order is Order.SILENCE else self.order
        kept = {"warmth": self.wanted.warmth, "company": self.wanted.company or None, "kind": self.wanted.kind}
        return {**kept, "order": order, **changes}

    def url(self, **changes: Any) -> str:
        return url_for("network.friends", q=self.wanted.search or None, **self.keep(**changes))


@dataclass(frozen=True)
class _Narrowing:
    """The filters to choose from: chips (url, words, is chosen, friends), and options (value, words)."""

    warmth: list[tuple[str, str, bool, int]]
    kinds: list[tuple[str, str]]
    companies: list[tuple[str, str]]
    found: int


def _asked() -> _Asked:
    warmth, order, kind = (request.args.get(name, "") for name in ("warmth", "order", "kind"))
    wanted = Wanted(
        search=request.args.get("q", "").strip()[:100],
        warmth=Warmth(warmth) if warmth in set(Warmth) else None,
        company=request.args.get("company", "").strip()[:200],
        kind=Kind(kind) if kind in set(Kind) else None,
    )
    return _Asked(wanted, Order(order) if order in set(Order) else Order.SILENCE, asked_page())


@pages.get("/friends")
@for_client
@same_until(lambda: _version())
def friends() -> ResponseReturnValue:
    """All friends, the longest silent first; the empty page asks for three people."""
    return list_page(owner(), QuickFriendForm())


def _version() -> str | None:
    """What was added a moment ago may be taken back for so long only: that page is made each time."""
    return None if "added" in request.args else friends_version(signed_in_as().client_id)


def list_page(mine: Owner, form: QuickFriendForm) -> str:
    """The list as the address asks for it, under the line in which somebody is added."""
    asked = _asked()
    counts = count_friends(mine, asked.wanted)
    if not counts.friends:
        return render_template("network/no_friends.html", form=ThreeFriendsForm(formdata=None))
    rows = _page_of(mine, asked)
    return render_template(
        "network/friends.html",
        asked=asked,
        form=form,
        rows=[_line(friend) for friend in rows[:PAGE]],
        has_more=len(rows) > PAGE,
        friends=counts.friends,
        narrowing=_narrowing(asked, counts),
        added=_added(mine),
        spoke=SpokeForm(formdata=None),
    )


def _page_of(mine: Owner, asked: _Asked) -> list[FriendRow]:
    wanted = asked.wanted
    return list_friends(
        mine,
        wanted.search,
        wanted.warmth,
        asked.order,
        limit=PAGE + 1,
        offset=PAGE * (asked.page - 1),
        company=wanted.company,
        kind=wanted.kind,
    )


def _line(friend: FriendRow) -> tuple[str, str, str, str, str]:
    work = ", ".join(part for part in (friend.title, friend.company) if part)
    parts = [work, wording.kind_words(friend.kind), wording.last_contact_words(friend.silence)]
    about = " · ".join(part for part in parts if part)
    url = url_for("network.friend", friend_id=friend.id)
    return url, friend.name, about, friend.warmth.value, wording.warmth_words(friend.warmth)


def _narrowing(asked: _Asked, counts: Counts) -> _Narrowing:
    wanted = asked.wanted
    chips = [(asked.url(warmth=None), _("Everybody"), wanted.warmth is None, counts.any_warmth)]
    chips += [
        (asked.url(warmth=state), wording.warmth_words(state), wanted.warmth is state, count)
        for state, count in counts.by_warmth
    ]
    kinds = [(kind.value, _counted(wording.kind_words(kind), count)) for kind, count in counts.by_kind]
    if wanted.kind is not None and wanted.kind.value not in dict(kinds):
        kinds.append((wanted.kind.value, _counted(wording.kind_words(wanted.kind), 0)))
    return _Narrowing(chips, kinds, _companies(wanted.company, counts), counts.found)


def _companies(chosen: str, counts: Counts) -> list[tuple[str, str]]:
    """The largest first; the chosen one is written as its friends write it, or put last where it is not among them."""
    listed = [
        (chosen if name.casefold() == chosen.casefold() else name, _counted(name, count))
        for name, count in counts.by_company
    ]
    return listed if not chosen or chosen in dict(listed) else [*listed, (chosen, chosen)]


def _counted(words: str, count: int) -> str:
    return f"{words} ({count})"


def _added(mine: Owner) -> FriendRow | None:
    """Who was added in one line a moment ago, while that can still be undone."""
    friend_id = request.args.get("added", type=UUID)
    if friend_id is None:
        return None
    try:
        friend = friend_of(mine, friend_id)
    except NotFound:
        return None
    return friend if friend.created_at > clock.now() - TAKEN_BACK_WITHIN else None
