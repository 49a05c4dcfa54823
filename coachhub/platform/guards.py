"""Every view says who may enter; one that says nothing is refused, and a test finds it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from coachhub.platform.along import Along
from coachhub.platform.errors import NotFound
from coachhub.platform.identity import Identity, Role
from coachhub.platform.words_back import words_back

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
"""A request of these only looks."""
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Guard:
    """Who may enter. No roles: any signed-in person; public: everybody; bare: public and needs no database.

    Operator: whoever may see how the installation stands. Outside: who asks is found out as ever, and then the view
    answers without an open transaction. Keeps words: to somebody who is signed out the form comes back with what they
    typed. Along: what is read in the statement that finds out who asks; None where the request wants more than that.
    """

    roles: frozenset[Role] = frozenset()
    is_public: bool = False
    is_bare: bool = False
    is_outside: bool = False
    is_for_operator: bool = False
    keeps_words: bool = False
    along: Callable[[], Along | None] | None = None

    def keeping_words(self) -> Self:
        return replace(self, keeps_words=True)


def _marked(guard: Guard) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return mark


public = _marked(Guard(is_public=True))
"""Open to everybody."""
bare = _marked(Guard(is_public=True, is_bare=True))
"""Open to everybody, and answered without a transaction."""
for_anyone_signed_in = _marked(Guard())
"""Any signed-in person, whatever the role."""
for_staff = _marked(Guard(roles=frozenset({Role.OWNER, Role.COACH})))
"""The owner and the coaches of the practice."""
for_owner = _marked(Guard(roles=frozenset({Role.OWNER})))
"""The owner of the practice."""
for_client = _marked(Guard(roles=frozenset({Role.CLIENT})))
"""Clients of the practice."""
for_operator = _marked(Guard(is_for_operator=True))
"""Who runs the installation: made so on the command line, whatever their role in a practice is."""


def outside(view: View) -> View:
    """For a view that asks somebody outside, such as Stripe: it opens its own transactions, before and after.

    Written above the mark that says who may enter.
    """
    guard: Guard = view.guard  # type: ignore[attr-defined]
    view.guard = replace(guard, is_outside=True)  # type: ignore[attr-defined]
    return view


def reads_along(asked: Callable[[], Along | None]) -> Callable[[View], View]:
    """For a view that only reads: what it reads is asked for together with who asks, in one statement.

    `asked` knows the request alone. What was read for somebody whom the guard then refuses is thrown away, and
    row-level security binds it to them in any case. Written above the mark that says who may enter.
    """

    def mark(view: View) -> View:
        guard: Guard = view.guard  # type: ignore[attr-defined]
        view.guard = replace(guard, along=asked)  # type: ignore[attr-defined]
        return view

    return mark


def guard_of(view: Callable[..., Any] | None) -> Guard | None:
    """The guard of a view, or None where it has none."""
    return getattr(view, "guard", None)


def refuse_entry(guard: Guard | None, person: Identity | None, is_operator: Callable[[UUID], bool]) -> Response | None:
    """Send a visitor to sign in; raise NotFound for the wrong role; None lets the request in."""
    if guard is None:
        raise RuntimeError(f"the view of {request.endpoint} names no guard")
    if guard.is_public:
        return None
    if person is None:
        return words_back(401) if guard.keeps_words and request.form else redirect(_sign_in_address())
    if guard.roles and person.role not in guard.roles:
        raise NotFound
    if guard.is_for_operator and not is_operator(person.user_id):
        raise NotFound
    return None


def _sign_in_address() -> str:
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return url_for("accounts.sign_in") + (f"?{urlencode({'next': back})}" if back not in ("", "/") else "")
