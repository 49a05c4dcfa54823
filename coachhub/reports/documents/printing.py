"""The PDF of a report, set from its facts alone."""

from coachhub.platform.language import as_reader
from coachhub.platform.typeset import Printed, typeset
from coachhub.reports.documents.facts import ReportFacts, SessionFacts
from coachhub.reports.documents.progress_words import progress_words
from coachhub.reports.documents.session_words import session_words


def print_report(facts: ReportFacts) -> Printed:
    """Set the document. Asks nobody, so it needs no transaction.

    The client's own reports are in the client's language, a sponsor's is in the practice's.
    """
    with as_reader(facts.whose.reader_locale, facts.whose.zone.key):
        if isinstance(facts, SessionFacts):
            return typeset("session.typ", session_words(facts), facts.made_at)
        return typeset("progress.typ", progress_words(facts), facts.made_at)
