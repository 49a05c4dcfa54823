"""Tables of the reports domain."""

from coachhub.reports.models.documents import Report, ReportBatch, ReportFile, ReportKind, ReportState, ReportWish
from coachhub.reports.models.lists import ClientStanding, ListChanges, SavedFilter

__all__ = [
    "ClientStanding",
    "ListChanges",
    "Report",
    "ReportBatch",
    "ReportFile",
    "ReportKind",
    "ReportState",
    "ReportWish",
    "SavedFilter",
]
