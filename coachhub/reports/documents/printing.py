"""The PDF of a report, set from its facts alone."""

from coachhub.platform.typeset import typeset
from coachhub.reports.documents.contract import Printed
from coachhub.reports.documents.facts import ReportFacts


def print_report(facts: ReportFacts) -> Printed:
    """Set the document. Asks nobody, so it needs no transaction."""
    said = {"practice": facts.practice_name, "client": facts.client_name, "lang": facts.locale[:2]}
    return Printed(typeset("plain.typ", said, facts.report.asked_at), is_accessible=True)
