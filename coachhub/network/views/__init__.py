"""Pages of a client's network: friends, meetups, and what the coach may see of them."""

from flask import Flask

from coachhub.network import wording
from coachhub.network.views import calendars, erasing, friends, logs, meetups, person, sharing
from coachhub.network.views.pages import pages

__all__ = ["calendars", "erasing", "friends", "logs", "meetups", "person", "register", "sharing"]


def register(app: Flask) -> None:
    """Add the pages of this domain, and the words their templates share with other domains."""
    app.register_blueprint(pages)
    app.jinja_env.globals["network_words"] = wording
