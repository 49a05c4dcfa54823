"""The developer's mailbox: every mail that was kept on this machine instead of being sent."""

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Flask, Response, make_response, render_template

from coachhub.platform.errors import NotFound
from coachhub.platform.guards import bare
from coachhub.platform.mailers import folder_mailer_of
from coachhub.platform.ports import ports
from coachhub.platform.web import CONTENT_POLICY, as_download

if TYPE_CHECKING:
    from coachhub.platform.folder_mailer import FolderMailer, KeptMail

_SHOWN = 50
_WITH_FRAME = f"{CONTENT_POLICY}; frame-src 'self'"
# A mail's own styles stand in it. So it is shown in a frame that may do nothing but open a link beside itself.
A_MAIL_ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)


def add_dev_outbox(app: Flask) -> None:
    """Add the developer's mailbox. It is open to everybody, so it does not exist in production."""
    with app.app_context():
        if ports().settings.is_production:
            return
    app.add_url_rule("/dev/outbox", "reminders.dev_outbox", dev_outbox)
    app.add_url_rule("/dev/outbox/<uuid:delivery_id>", "reminders.dev_mail", dev_mail)
    app.add_url_rule("/dev/outbox/<uuid:delivery_id>/files/<int:number>", "reminders.dev_mail_file", dev_mail_file)
    app.add_url_rule("/dev/outbox/<uuid:delivery_id>/html", "reminders.dev_mail_html", dev_mail_html)


@bare
def dev_outbox() -> Response:
    page = render_template("reminders/dev_outbox.html", mails=list(_mailbox().newest(_SHOWN)))
    return _unindexed(page, CONTENT_POLICY)


@bare
def dev_mail(delivery_id: UUID) -> Response:
    return _unindexed(render_template("reminders/dev_outbox_mail.html", mail=_kept(delivery_id)), _WITH_FRAME)


@bare
def dev_mail_html(delivery_id: UUID) -> Response:
    return _unindexed(_kept(delivery_id).html, A_MAIL_ALONE)


@bare
def dev_mail_file(delivery_id: UUID, number: int) -> Response:
    files = _kept(delivery_id).attachments
    if not 1 <= number <= len(files):
        raise NotFound
    found = files[number - 1]
    return as_download(found.content, found.name, found.content_type)


def _mailbox() -> "FolderMailer":
    return folder_mailer_of(ports().settings)


def _kept(delivery_id: UUID) -> "KeptMail":
    mail = _mailbox().kept(delivery_id)
    if mail is None:
        raise NotFound
    return mail


def _unindexed(page: str, content_policy: str) -> Response:
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = content_policy
    return response
