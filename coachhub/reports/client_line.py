"""A client as one line of the list, which is written once: most lists show those whom another has shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from flask import request, url_for
from flask_babel import gettext as _

from coachhub.habits.wording import stages_in_words
from coachhub.platform.language import date_short, lang
from coachhub.platform.written_once import WrittenOnce
from coachhub.reports.charts import Spark, spark_of, spark_words
from coachhub.reports.service.clients_page import ClientRow
from coachhub.reports.wording import standings_in_words

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
    standing_words: str
    stage: str
    strength: str
    met: str
    session: str
    year: Spark | None
    year_words: str


class _Shared(NamedTuple):
    """What the lines of all clients have in common: addresses in two parts, and texts with gaps."""

    before: str
    after: str
    standings: Mapping[str, str]
    stages: Mapping[str, str]
    tick: str


@lru_cache(maxsize=64)
def _shared(_language: str, _root: str) -> _Shared:
    before, _id, after = url_for("reports.client", client_id=_HERE).partition(_HERE)
    stages = stages_in_words() | {"": _NOTHING}
    return _Shared(before, after, standings_in_words(), stages, _("Choose %(name)s"))


def client_line(row: ClientRow, reader_zone: str) -> ClientLine:
    """The line of a client. When they met is told by the client's clock, when their session is by the reader's."""
    language = lang()
    shared = _shared(language, request.script_root)
    return ClientLine(
        id=row.id,
        url=f"{shared.before}{row.id}{shared.after}",
        name=row.name,
        tick_label=shared.tick % {"name": row.name},
        standing=row.standing,
        standing_words=shared.standings[row.standing],
        stage=shared.stages[row.stage],
        strength=str(row.strength) if row.stage else _NOTHING,
        met=_day(row.met_at, row.time_zone),
        session=_day(row.session_at, reader_zone),
        year=spark_of(row.year) if row.year else None,
        year_words=spark_words(row.year, language) if row.year else "",
    )


CLIENT_LINES = WrittenOnce("reports/clients_parts.html", "row", client_line, most=1024)
"""As rows of the list; each is about a kilobyte, or two."""


def _day(written: str | None, time_zone: str) -> str:
    return date_short(datetime.fromisoformat(written), time_zone) if written else _NOTHING
