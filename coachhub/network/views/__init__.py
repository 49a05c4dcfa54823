"""Pages of a client's network: friends, meetups, and what the coach may see of them."""

from flask import Flask

from coachhub.network import wording
from coachhub.network.views import (
    adding,
    calendars,
    contacts,
    erasing,
    free_hours,
    friends,
    import_preview,
    imports,
    logs,
    meetups,
    merging,
    network,
    offers,
    person,
    promises,
    replies,
    sharing,
)
from coachhub.network.views.pages import pages

__all__ = [
    "adding",
    "calendars",
    "contacts",
    "erasing",
    "free_hours",
    "friends",
    "import_preview",
    "imports",
    "logs",
    "meetups",
    "merging",
    "network",
    "offers",
    "person",
    "promises",
    "register",
    "replies",
    "sharing",
]


def register(app: Flask) -> None:
    """Add the pages of this domain, and the words their templates share with other domains."""
    for blueprint in (pages, replies.letters, offers.mailed):
        app.register_blueprint(blueprint)
    app.jinja_env.globals["network_words"] = wording
