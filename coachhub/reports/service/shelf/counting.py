"""What is counted of reports."""

from coachhub.platform.counts import Counted

REPORTS = Counted("coachhub_reports", "Reports, ready or why they were not made.", ("kind", "outcome"))
