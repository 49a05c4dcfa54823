"""Pages of reminders: what a client wants to be reminded of, the outbox, and the developer's mailbox."""

from flask import Flask

from coachhub.reminders.views import addresses, messages
from coachhub.reminders.views.dev_outbox import add_dev_outbox
from coachhub.reminders.views.message_pages import pages as message_pages
from coachhub.reminders.views.my_reminders import pages

__all__ = ["addresses", "messages"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
    app.register_blueprint(message_pages)
    add_dev_outbox(app)
