"""Pages of reminders: who gets which, in which words; how to stop it; the outbox, the developer's mailbox; and where
SendGrid tells what became of mails.
"""

from flask import Flask

from coachhub.reminders.views import addresses, coach_reminders, messages, my_reminders, practice_messages, words
from coachhub.reminders.views.dev_outbox import add_dev_outbox
from coachhub.reminders.views.message_pages import pages as message_pages
from coachhub.reminders.views.pages import pages
from coachhub.reminders.views.sendgrid_events import webhooks
from coachhub.reminders.views.unsubscribing import stopping

__all__ = ["addresses", "coach_reminders", "messages", "my_reminders", "practice_messages", "register", "words"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    for blueprint in (pages, message_pages, stopping, webhooks):
        app.register_blueprint(blueprint)
    add_dev_outbox(app)
