"""What the tests of documents share."""

from collections.abc import Callable

import pytest
from flask import Flask

from coachhub.platform.language import speak
from coachhub.platform.typeset import Printed
from coachhub.reports.documents import ReportFacts, print_report

Print = Callable[[ReportFacts], Printed]


@pytest.fixture(scope="session")
def printed() -> Print:
    """Set a document, by an application that has no database."""
    app = Flask("documents")
    speak(app)

    def set_it(facts: ReportFacts) -> Printed:
        with app.app_context():
            return print_report(facts)

    return set_it
