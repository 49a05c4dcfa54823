"""What the pages of accounts share: their blueprint, how often one may try, and signing a browser in."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, Response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from coachhub.accounts.service.logins import replace_login
from coachhub.accounts.service.places import guess_place
from coachhub.accounts.service.practices import Place
from coachhub.accounts.service.proofs import Account
from coachhub.platform import clock
from coachhub.platform.cookies import keep_sign_in
from coachhub.platform.identity import Role, identity
from coachhub.platform.limits import account_named, browser_signed_in, limiter

pages = Blueprint("accounts", __name__)
View = TypeVar("View", bound=Callable[..., Any])
_KNOWS = "knows"


def _was_refused(response: Response) -> bool:
    return response.status_code == 422


def few_wrong_tries(view: View) -> View:
    """Ten wrong answers an account in a quarter of an hour, and more from one address, which a company may share."""
    return _few_refused(account_named, view)


def few_wrong_tries_of_one_browser(view: View) -> View:
    """As `few_wrong_tries`, for a page of somebody who is signed in."""
    return _few_refused(browser_signed_in, view)


def _few_refused(key: Callable[[], str], view: View) -> View:
    by_key = limiter.limit("10 per 15 minutes", key_func=key, deduct_when=_was_refused, methods=["POST"])
    by_address = limiter.limit("100 per 15 minutes", deduct_when=_was_refused, methods=["POST"])
    return by_address(by_key(view))  # type: ignore[return-value]


def few_mails(view: View) -> View:
    """Five mails to one account in a quarter of an hour."""
    by_account = limiter.limit("5 per 15 minutes", key_func=account_named, methods=["POST"])
    by_address = limiter.limit("60 per hour", methods=["POST"])
    return by_address(by_account(view))  # type: ignore[return-value]


def few_from_one_address(view: View) -> View:
    """Sixty tries an hour from one address."""
    return limiter.limit("60 per hour", methods=["POST"])(view)  # type: ignore[return-value]


def first_page(role: Role) -> str:
    """Where a person of this role begins."""
    return url_for("reports.today" if role.is_staff else "habits.month")


def sign_browser_in(account: Account, target: str, *, by_password: bool) -> AnyResponse:
    """Give this browser a fresh login, end the one it had, and go on."""
    token = replace_login(account.user_id, account.practice_id, identity())
    answer = keep_sign_in(redirect(target, 303), token)
    if by_password:
        remember_knowing(account.user_id)
    return answer


def remember_knowing(user_id: UUID | None) -> None:
    """Note that whoever uses this browser knows this user's password; it outlasts signing out."""
    if user_id is not None:
        session[_KNOWS] = str(user_id)


def who_is_known() -> UUID | None:
    """The user whose password this browser has given before."""
    known = session.get(_KNOWS)
    return UUID(known) if known else None


def guessed_place(zone: str | None) -> Place:
    """Where the browser of this request probably is."""
    languages = [tag for tag, _quality in request.accept_languages]
    return guess_place(languages, zone, clock.now().date())
