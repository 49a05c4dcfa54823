"""A client as one line of the list: everything is text already, so that fifty of them render quickly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from coachhub.habits.wording import stages_in_words
from coachhub.platform.language import dates_short
from coachhub.reports.charts import Spark, spark_of
from coachhub.reports.service.clients_page import ClientRow

_NOTHING = "–"
_HERE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True)
class ClientLine:
    """What stands in the cells; a dash where there is nothing to tell."""

    id: str
    url: str
    name: str
    tick_label: str
    standing: str
    stage: str
    strength: str
    met: str
    session: str
    year: Spark | None
    year_words: str


def lines_of(rows: Sequence[ClientRow], reader_zone: str) -> list[ClientLine]:
    """The lines of a page. When they met is told by the client's clock, when their session is by the reader's."""
    stages = stages_in_words() | {"": _NOTHING}
    before, after = url_for("reports.client", client_id=_HERE).split(_HERE)
    short = dates_short()

    def day(written: str | None, time_zone: str) -> str:
        return short(datetime.fromisoformat(written), time_zone) if written else _NOTHING

    tick, year = _("Choose %(name)s"), _("The year: %(done)s of %(n)s months met")
    return [
        ClientLine(
            id=row.id,
            url=f"{before}{row.id}{after}",
            name=row.name,
            tick_label=tick % {"name": row.name},
            standing=row.standing,
            stage=stages[row.stage],
            strength=str(row.strength) if row.stage else _NOTHING,
            met=day(row.met_at, row.time_zone),
            session=day(row.session_at, reader_zone),
            year=spark_of(row.year) if row.year else None,
            year_words=year % {"done": _done(row.year), "n": len(row.year)},
        )
        for row in rows
    ]


def _done(year: str) -> int:
    """A month with level 2 is done, one with level 3 with more than one meetup."""
    return year.count("2") + year.count("3")
