"""Pages of reminders: what a client wants to be reminded of, the developer's mailbox; and where SendGrid tells
what became of mails."""

from flask import Flask

from coachhub.reminders.views.dev_outbox import add_dev_outbox
from coachhub.reminders.views.my_reminders import pages
from coachhub.reminders.views.sendgrid_events import webhooks


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
    app.register_blueprint(webhooks)
    add_dev_outbox(app)
