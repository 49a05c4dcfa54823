"""The developer's mailbox: every mail that was kept on this machine instead of being sent."""

from uuid import UUID

from flask import Blueprint, Flask, Response, make_response, render_template

from coachhub.platform.errors import NotFound
from coachhub.platform.folder_mailer import FolderMailer, KeptMail
from coachhub.platform.guards import bare
from coachhub.platform.mailers import folder_mailer_of
from coachhub.platform.ports import ports
from coachhub.platform.web import CONTENT_POLICY

pages = Blueprint("reminders", __name__)

_SHOWN = 50
_WITH_FRAME = f"{CONTENT_POLICY}; frame-src 'self'"
# A mail's own styles stand in it. So it is shown in a frame that may do nothing but open a link beside itself.
_A_MAIL_ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


def register(app: Flask) -> None:
    """Add the pages of this domain. The developer's mailbox is open to everybody: it does not exist in production."""
    with app.app_context():
        is_production = ports().settings.is_production
    if not is_production:
        app.register_blueprint(pages)


@pages.get("/dev/outbox")
@bare
def dev_outbox() -> Response:
    page = render_template("reminders/dev_outbox.html", mails=list(_mailbox().newest(_SHOWN)))
    return _unindexed(page, CONTENT_POLICY)


@pages.get("/dev/outbox/<uuid:delivery_id>")
@bare
def dev_mail(delivery_id: UUID) -> Response:
    return _unindexed(render_template("reminders/dev_outbox_mail.html", mail=_kept(delivery_id)), _WITH_FRAME)


@pages.get("/dev/outbox/<uuid:delivery_id>/html")
@bare
def dev_mail_html(delivery_id: UUID) -> Response:
    return _unindexed(_kept(delivery_id).html, _A_MAIL_ALONE)


def _mailbox() -> FolderMailer:
    return folder_mailer_of(ports().settings)


def _kept(delivery_id: UUID) -> KeptMail:
    mail = _mailbox().kept(delivery_id)
    if mail is None:
        raise NotFound
    return mail


def _unindexed(page: str, content_policy: str) -> Response:
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = content_policy
    return response
