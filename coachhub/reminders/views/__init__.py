"""Pages of reminders: what a client wants to be reminded of, and the developer's mailbox."""

from flask import Flask

from coachhub.reminders.views.dev_outbox import add_dev_outbox
from coachhub.reminders.views.my_reminders import pages


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
    add_dev_outbox(app)
