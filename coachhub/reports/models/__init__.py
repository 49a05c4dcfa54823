"""Tables of the reports domain."""

from coachhub.reports.models.documents import Report, ReportBatch, ReportFile, ReportKind, ReportState, ReportWish
from coachhub.reports.models.lists import ClientStanding, SavedFilter

__all__ = [
    "ClientStanding",
    "Report",
    "ReportBatch",
    "ReportFile",
    "ReportKind",
    "ReportState",
    "ReportWish",
    "SavedFilter",
]
