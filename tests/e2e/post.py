"""The mails of the site that is served: sent as a worker sends them, read as their readers do."""

import re
from dataclasses import dataclass
from uuid import UUID

from flask import Flask

from coachhub.platform.mailer import Copy, Mail, Mailing
from coachhub.platform.mailers import folder_mailer_of
from coachhub.platform.ports import ports
from coachhub.reminders.service.sending import deliver_everywhere
from tests.fakes import OutboxMailer

_LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+")


@dataclass
class Post:
    """Sends what is due, and opens a mailbox."""

    worker: Flask
    mailer: OutboxMailer

    def send(self) -> int:
        """Plan and send what is due by the clock; how many mails that were."""
        with self.worker.app_context():
            return deliver_everywhere().sent

    def keep_one(self) -> UUID:
        """Send what is due, and keep the last of it where the developer's mailbox looks; its id."""
        self.send()
        with self.worker.app_context():
            folder_mailer_of(ports().settings).send(_again(self.mailer.mails[-1]))
        return self.mailer.mails[-1].delivery_id

    def texts(self, address: str) -> list[str]:
        """The mails that an address has, oldest first."""
        return [mail.text for mail in self.mailer.to(address)]

    def link(self, address: str) -> str:
        """Where the button of the newest mail to an address leads."""
        return link_in(self.mailer.to(address)[-1])


def _again(mail: Mail) -> Mailing:
    """A mail as the call that hands it over, to its one reader."""
    copy = Copy(mail.delivery_id, mail.to_address, mail.to_name)
    letter = (mail.reply_to, mail.subject, mail.text, mail.html)
    return Mailing(mail.practice_id, mail.kind, mail.from_name, *letter, (copy,), mail.attachments)


def link_in(mail: Mail) -> str:
    """Where the button of a mail leads."""
    found = _LINK.search(mail.text)
    assert found is not None
    return found[0]
