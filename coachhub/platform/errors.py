"""Expected refusals, and the one place that turns any error into a calm page."""

from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from flask import Flask, Response, make_response, render_template
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from coachhub.platform.request_log import request_id
from coachhub.platform.retries import is_in_doubt

if TYPE_CHECKING:
    from flask_wtf.csrf import CSRFError

log = structlog.get_logger(__name__)


class Refused(Exception):
    """Something a person may not do, said kindly: an HTTP status and a sentence that says what to do."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class NotFound(Refused):
    """There is no such thing, or it is somebody else's: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(404, _("There is nothing at this address, or it is not yours to see."))


def handle_errors(app: Flask) -> None:
    """Register the handlers: refusals, HTTP errors, and everything unexpected."""
    from flask_wtf.csrf import CSRFError

    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _unexpected)


def _page(status: int, title: str, text: str, error_id: str | None = None) -> Response:
    asked = request_id() if error_id else None
    page = render_template(
        "errors/error.html", status=status, title=title, text=text, error_id=error_id, request_id=asked
    )
    return make_response(page, status)


def _refused(error: Refused) -> Response:
    titles = {404: _("Not found"), 403: _("Not allowed"), 429: _("A little slower, please")}
    return _page(error.status, titles.get(error.status, _("That did not work")), error.text)


def _stale_form(error: "CSRFError") -> Response:
    text = _("For your safety this form could not be taken. Go back, reload the page and send it again.")
    return _page(400, _("This form is too old"), text)


def _http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        return _refused(NotFound())
    texts = {
        405: _("This address does not take that kind of request."),
        413: _("That is more than one form may send. Send less at once."),
        429: _("Too many tries in a short time. Wait a while, then try again."),
    }
    return _refused(Refused(error.code, texts.get(error.code, _("The request could not be understood."))))


def _database_away(error: DBAPIError) -> Response:
    """The database restarts, is full or out of reach: it passes, so the page asks for a moment's patience."""
    log.exception("database_away", exc_info=error)
    text = _("We cannot reach our records just now. Nothing you did is lost; please try again in a moment.")
    page = _page(503, _("One moment, please"), text)
    page.headers["Retry-After"] = "5"
    return page


def _unexpected(error: Exception) -> Response:
    if isinstance(error, DBAPIError) and is_in_doubt(error):  # a pooler says it in many ways
        return _database_away(error)
    error_id = uuid4().hex[:12]
    log.exception("unexpected_error", error_id=error_id, exc_info=error)
    text = _("Something went wrong on our side. Nothing you did is lost; please try again in a moment.")
    return _page(500, _("That was our mistake"), text, error_id)
