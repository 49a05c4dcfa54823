"""The documents: what a report says, read in one short transaction, and the PDF that is set from it.

`facts_of` reads and must run inside a transaction; `print_report` compiles, which takes long, and runs outside of any.
"""

from coachhub.reports.documents.contract import Printed, ReportRow
from coachhub.reports.documents.facts import ReportFacts
from coachhub.reports.documents.printing import print_report
from coachhub.reports.documents.reading import facts_of

__all__ = ["Printed", "ReportFacts", "ReportRow", "facts_of", "print_report"]
