"""The cookie that holds a browser's sign-in token. Only its hash is kept on our side."""

from flask import current_app, session
from werkzeug.wrappers import Response

from coachhub.platform.identity import SIGN_IN_LASTS


def keep_sign_in(response: Response, token: str) -> Response:
    """Give the browser its token. What it had before it signed in is forgotten, so nobody can plant a session."""
    session.clear()
    response.set_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        token,
        max_age=SIGN_IN_LASTS,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def forget_sign_in(response: Response) -> Response:
    """Take the token away, all that this browser's form session held, and the pages that it keeps."""
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache"'
    response.delete_cookie(
        current_app.config["SIGN_IN_COOKIE"],
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response
