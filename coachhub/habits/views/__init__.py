"""Pages of habits: the coach's habits and who has which, the client's month."""

from flask import Flask

from coachhub.habits.views import assignments, habits, month, month_steps, notes, plan_file
from coachhub.habits.views.pages import pages

__all__ = ["assignments", "habits", "month", "month_steps", "notes", "plan_file", "register"]


def register(app: Flask) -> None:
    """Add the pages of this domain."""
    app.register_blueprint(pages)
