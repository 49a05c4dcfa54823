"""A mail as the bytes that travel: the same for whoever carries it."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from coachhub.platform.mailer import Attachment, Mail
from coachhub.platform.texts import one_line


def message_of(mail: Mail, from_address: str, policy: "EmailPolicy[Any]") -> EmailMessage:
    """The message with its text, its HTML, its files and the headers that its reader's program knows."""
    message = EmailMessage(policy=policy)
    message["Subject"] = one_line(mail.subject)
    message["From"] = _address(mail.from_name, from_address)
    message["To"] = _address(mail.to_name, mail.to_address)
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for attachment in mail.attachments:
        _attach(message, attachment)
    return message


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main, _, sub = attachment.media_type.partition("/")
    message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)
    part = list(message.iter_attachments())[-1]
    part.replace_header("Content-Type", f'{attachment.content_type}; name="{attachment.name}"')


def _address(name: str, address: str) -> Address:
    mailbox, _, host = address.rpartition("@")
    return Address(name, mailbox, host)
