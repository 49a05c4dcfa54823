"""The page behind an invitation's link. Looking changes nothing; the button starts."""

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from coachhub.accounts.service.logins import replace_login
from coachhub.clients.service.accepting import (
    Invitation,
    LinkState,
    Newcomer,
    accept_invitation,
    invitation_of,
    may_start,
)
from coachhub.clients.views.pages import pages
from coachhub.platform.cookies import keep_sign_in
from coachhub.platform.guards import public
from coachhub.platform.identity import identity
from coachhub.platform.language import guessed_locale


@pages.get("/invitation/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """What the link invites to, and the one thing to do."""
    return _page(invitation_of(token), token)


@pages.post("/invitation/<token>")
@public
def start(token: str) -> ResponseReturnValue:
    """Spend the link, sign the new client in, and go to their month."""
    person = identity()
    found = invitation_of(token)
    if not may_start(found, person.user_id if person else None):
        return redirect(url_for("clients.invitation", token=token), 303)
    newcomer = Newcomer(
        locale=person.locale if person else guessed_locale(),
        time_zone=request.form.get("time_zone", ""),
        login_id=person.login_id if person else None,
    )
    started = accept_invitation(token, person.user_id if person else None, newcomer)
    login = replace_login(started.user_id, started.practice_id, person)
    return keep_sign_in(redirect(url_for("habits.month"), 303), login)


def _page(found: Invitation, token: str) -> Response:
    person = identity()
    is_open = found.state is LinkState.OPEN
    page = render_template(
        "clients/invitation.html" if is_open else "clients/invitation_over.html",
        invitation=found,
        token=token,
        may_start=may_start(found, person.user_id if person else None),
        is_theirs=person is not None and person.user_id == found.account_id,
    )
    response = make_response(page, 200 if is_open else 410)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
