"""What a report says, as facts."""

from dataclasses import dataclass

from sqlalchemy import select

from coachhub.accounts.models import Practice
from coachhub.clients.models import Client
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.tenancy import current_practice
from coachhub.reports.documents.contract import ReportRow


@dataclass(frozen=True)
class ReportFacts:
    """All that a document needs, read at one instant."""

    report: ReportRow
    practice_name: str
    client_name: str
    locale: str


def facts_of(report: ReportRow) -> ReportFacts:
    """Read what the report says, as the practice of the transaction. Raises NotFound: its client is gone."""
    query = (
        select(Practice.name, Client.name.label("client_name"), Practice.locale)
        .join(Client, Client.practice_id == Practice.id)
        .where(Practice.id == current_practice(), Client.id == report.client_id)
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return ReportFacts(report, row.name, row.client_name, row.locale)
