"""Tables of the reports domain."""

from coachhub.reports.models.documents import Report, ReportBatch, ReportFile, ReportKind, ReportState, ReportWish

__all__ = ["Report", "ReportBatch", "ReportFile", "ReportKind", "ReportState", "ReportWish"]
