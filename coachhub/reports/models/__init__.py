"""Tables of the reports domain."""

from coachhub.reports.models.lists import ClientStanding, SavedFilter

__all__ = ["ClientStanding", "SavedFilter"]
