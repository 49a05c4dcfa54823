"""Pages of coaching sessions: the coach's, on the side of a client, and the client's own."""

from flask import Flask

from coachhub.coaching.views import (
    actions,
    changing,
    hours,
    mine,
    my_actions,
    note_versions,
    notes,
    of_client,
    recording,
    templates,
)
from coachhub.coaching.views.feeds import feeds
from coachhub.coaching.views.mailed import mailed
from coachhub.coaching.views.pages import pages

__all__ = [
    "actions",
    "changing",
    "hours",
    "mine",
    "my_actions",
    "note_versions",
    "notes",
    "of_client",
    "recording",
    "register",
    "templates",
]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
    app.register_blueprint(feeds)
    app.register_blueprint(mailed)
