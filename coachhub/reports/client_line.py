"""A client as one line of the list: everything is text already, so that fifty of them render quickly."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from coachhub.habits.rules import CycleResult
from coachhub.habits.service.progress import Progress
from coachhub.habits.wording import stage_words
from coachhub.platform.language import date_short
from coachhub.reports.service.listing import Listed
from coachhub.reports.wording import standing_words

_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class ClientLine:
    """What stands in the cells; `levels` are the squares of the last twelve months."""

    id: UUID
    url: str
    name: str
    tick_label: str
    standing: str
    standing_words: str
    stage: str
    strength: str
    met: str
    levels: tuple[int, ...]
    year_words: str


def line_of(client: Listed) -> ClientLine:
    """A client's line. A dash where there is nothing to tell."""
    progress = client.progress
    met_at = progress.last_held_at if progress else None
    return ClientLine(
        id=client.id,
        url=url_for("reports.client", client_id=client.id),
        name=client.name,
        tick_label=_("Choose %(name)s", name=client.name),
        standing=client.standing.value,
        standing_words=standing_words(client.standing),
        stage=stage_words(progress.stage) if progress else "–",
        strength=str(progress.strength) if progress else "–",
        met=date_short(met_at, client.time_zone) if met_at else "–",
        levels=tuple(month.level for month in progress.results[-_A_YEAR:]) if progress else (),
        year_words=_year_words(progress),
    )


def _year_words(progress: Progress | None) -> str:
    if progress is None:
        return ""
    year = progress.results[-_A_YEAR:]
    done = sum(month.result is CycleResult.DONE for month in year)
    return str(_("The year: %(done)s of %(n)s months met", done=done, n=len(year)))
