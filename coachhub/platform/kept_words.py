"""Forms that take long to write: what was typed comes back where it cannot be taken."""

from functools import wraps
from typing import Any

from flask import current_app, g, request
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from coachhub.platform.forgery import csrf
from coachhub.platform.guards import View
from coachhub.platform.words_back import words_back


def keeps_words(view: View) -> View:
    """Mark a view that takes such a form; written above the mark that says who may enter.

    Signing in again makes every form token of before useless. A browser that says that our own page sent the form is
    believed without one: the sign-in cookie never travels with what another site sends.
    """

    @wraps(view)
    def take(**asked: Any) -> Any:
        if not _is_from_us():
            return words_back(400)
        g.csrf_valid = True
        return view(**asked)

    take.guard = view.guard.keeping_words()  # type: ignore[attr-defined]
    csrf.exempt(take)
    return take  # type: ignore[return-value]


def _is_from_us() -> bool:
    if not current_app.config["WTF_CSRF_ENABLED"] or request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True
