"""The blueprint of the domain, and what its addresses have in common."""

from uuid import UUID

from flask import Blueprint, request

pages = Blueprint("reports", __name__)
ALL = "all"


def coach_asked(otherwise: UUID | None) -> UUID | None:
    """The coach that `?coach=` names; None for all of them."""
    asked = request.args.get("coach")
    if not asked:
        return otherwise
    try:
        return None if asked == ALL else UUID(asked)
    except ValueError:
        return otherwise
