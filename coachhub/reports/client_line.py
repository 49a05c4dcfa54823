"""A client as one line of the list, which is written once: most lists show those whom another has shown."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from coachhub.habits.rules import Stage
from coachhub.habits.wording import stages_in_words
from coachhub.platform.language import date_short
from coachhub.platform.written_once import WrittenOnce
from coachhub.reports.charts import Spark, spark_of
from coachhub.reports.rules import Standing
from coachhub.reports.service.clients_page import ClientRow
from coachhub.reports.wording import standing_words

_NOTHING = "–"


@dataclass(frozen=True, slots=True)
class ClientLine:
    """What stands in the cells; a dash where there is nothing to tell."""

    id: str
    url: str
    name: str
    tick_label: str
    standing: str
    standing_words: str
    stage: str
    strength: str
    met: str
    session: str
    year: Spark | None
    year_words: str


def client_line(row: ClientRow, reader_zone: str) -> ClientLine:
    """The line of a client. When they met is told by the client's clock, when their session is by the reader's."""
    return ClientLine(
        id=row.id,
        url=url_for("reports.client", client_id=row.id),
        name=row.name,
        tick_label=_("Choose %(name)s", name=row.name),
        standing=row.standing,
        standing_words=standing_words(Standing(row.standing)),
        stage=stages_in_words()[Stage(row.stage)] if row.stage else _NOTHING,
        strength=str(row.strength) if row.stage else _NOTHING,
        met=_day(row.met_at, row.time_zone),
        session=_day(row.session_at, reader_zone),
        year=spark_of(row.year) if row.year else None,
        year_words=_("The year: %(done)s of %(n)s months met", done=_done(row.year), n=len(row.year)),
    )


CLIENT_LINES = WrittenOnce("reports/clients_parts.html", "row", client_line, most=4096)
"""As rows of the list; each is about a kilobyte."""


def _day(written: str | None, time_zone: str) -> str:
    return date_short(datetime.fromisoformat(written), time_zone) if written else _NOTHING


def _done(year: str) -> int:
    """A month with level 2 is done, one with level 3 with more than one meetup."""
    return year.count("2") + year.count("3")
