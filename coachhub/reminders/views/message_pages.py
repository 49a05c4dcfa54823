"""The blueprint of the pages about messages, and what they share."""

from uuid import UUID

from flask import Blueprint, request

from coachhub.reminders import wording

pages = Blueprint("messages", __name__)


def asked_id(name: str) -> UUID | None:
    """The id that `?name=` holds; None where it holds none."""
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None


@pages.context_processor
def _words() -> dict[str, object]:
    return {"message_words": wording}
