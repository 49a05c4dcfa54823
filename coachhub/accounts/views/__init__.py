"""Pages of accounts, a file per area."""

from flask import Flask

from coachhub.accounts.views import account, home, practice, practices, recovery, sign_in, sign_up, team
from coachhub.accounts.views.pages import pages

__all__ = ["account", "home", "practice", "practices", "recovery", "register", "sign_in", "sign_up", "team"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
