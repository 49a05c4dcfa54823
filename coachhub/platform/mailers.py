"""Which carrier the settings name."""

from typing import TYPE_CHECKING

from coachhub.platform.config import Settings
from coachhub.platform.mailer import Mailer

if TYPE_CHECKING:
    from coachhub.platform.folder_mailer import FolderMailer


def mailer_of(settings: Settings) -> Mailer:
    """SendGrid, a mail server, or for development a folder that keeps every mail on this machine."""
    if settings.mailer == "sendgrid":
        from coachhub.platform.sendgrid_mailer import SendGridMailer  # heavy: loaded only where it is used

        return SendGridMailer(settings)
    if settings.mailer == "smtp":
        from coachhub.platform.smtp_mailer import SmtpMailer

        return SmtpMailer(settings)
    return folder_mailer_of(settings)


def folder_mailer_of(settings: Settings) -> "FolderMailer":
    """The folder that `/dev/outbox` shows."""
    from coachhub.platform.folder_mailer import FolderMailer  # reads and writes whole mails, which production does not

    return FolderMailer(settings.data / "mail", settings.mail_from)


def load_carrier(settings: Settings) -> None:
    """Import whatever carrying mail will need."""
    if settings.mailer == "sendgrid":
        from coachhub.platform.sendgrid_mailer import load_library

        load_library()
