"""The pages that `coachhub bench http` asks for: whose they are, and what is expected of each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coachhub.bench.booked_month import ORDINARY, make_booked_month
from coachhub.bench.load import Page
from coachhub.bench.loads import Somebody, a_client_of, reply_links, signed_in
from coachhub.bench.scratch import Scratch

LISTS = {"Clients": "/clients", "Today": "/today"}
UNCHANGED = "The list asked again, unchanged"
LEAST_UNCHANGED, GOAL_UNCHANGED = 0.20, 0.30
_NOT_MODIFIED = 304
_LOOKS, _LOOKS_OF_A_LINK = 1_000, 100
"""One address may look at links a little more often an hour, and at one and the same, warming up included."""


@dataclass(frozen=True)
class Site:
    """A page, and its limits: of the bare page's pace (`least`, `goal`), and how many statements it may send."""

    name: str
    page: Page
    least: float
    goal: float
    most_statements: int

    @property
    def is_whole(self) -> bool:
        """Whether it is answered with a page: otherwise there is no template to compare it with."""
        return self.page.status != _NOT_MODIFIED


def sites(made: Scratch, owner: Somebody) -> list[Site]:
    """All of them, of that owner's practice; the practice page is that of one with a calendar to look through."""
    make_booked_month(made, ORDINARY)
    found = [*lists(made, owner), unchanged(made, owner)]
    client = a_client_of(made, owner)
    found.append(Site("A client's month", signed_in(made, client, "/month"), 0.08, 0.12, 8))
    found.append(Site("The practice page", Page("/p/bench"), 0.12, 0.20, 5))
    first, *others = reply_links(made, owner)
    friends = Page(first, others=tuple(others), most=min(_LOOKS, _LOOKS_OF_A_LINK * (1 + len(others))))
    found.append(Site("The friend's page", friends, 0.12, 0.20, 5))
    return [site for site in found if site is not None]


def lists(made: Scratch, owner: Somebody) -> list[Site]:
    """The two whose length depends on how many clients there are."""
    return [Site(name, signed_in(made, owner, path), 0.06, 0.10, 8) for name, path in LISTS.items()]


def unchanged(made: Scratch, owner: Somebody) -> Site | None:
    """The list of clients by a browser that has it already; None where the list has no ETag to ask it by."""
    page = signed_in(made, owner, "/clients")
    if _tag(made, page) is None:
        return None
    again = replace(page, status=_NOT_MODIFIED)
    return Site(UNCHANGED, again, LEAST_UNCHANGED, GOAL_UNCHANGED, 3)


def asked_now(made: Scratch, asked: Sequence[Site]) -> dict[str, Page]:
    """The pages by their names; one that the browser has already is asked for by the ETag that it has now."""
    return {site.name: site.page if site.is_whole else _by_tag(made, site.page) for site in asked}


def _by_tag(made: Scratch, page: Page) -> Page:
    return replace(page, headers={**page.headers, "If-None-Match": _tag(made, page) or ""})


def _tag(made: Scratch, page: Page) -> str | None:
    return made.web.test_client(use_cookies=False).get(page.path, headers=dict(page.headers)).headers.get("ETag")
