"""A table whose columns nobody could tell: the client says which holds what, and it is read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from coachhub.network.models import Import
from coachhub.network.service.imports.records import ImportEntry, State, mine
from coachhub.network.service.owner import Owner, one_at_a_time
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import current_practice


@dataclass(frozen=True)
class AskedColumn:
    """A column of the file: its heading ("" where it has none), what stands in it, and what it may hold."""

    place: int
    heading: str
    samples: tuple[str, ...]
    guess: str


def columns_asked(entry: ImportEntry) -> list[AskedColumn]:
    """The columns of a file that waits for the client's word; none of any other."""
    guesses = {place: name for name, place in entry.details.get("guess", {}).items()}
    samples = entry.details.get("samples", [])
    header = entry.details.get("header", [])
    return [
        AskedColumn(place, heading, _beneath(samples, place), guesses.get(place, ""))
        for place, heading in enumerate(header)
    ]


def _beneath(samples: list[list[str]], place: int) -> tuple[str, ...]:
    found = (sample[place] for sample in samples if place < len(sample) and sample[place].strip())
    return tuple(dict.fromkeys(found))[:3]


def choose_columns(owner: Owner, import_id: UUID, columns: Mapping[str, int]) -> None:
    """Read the file again, with the place of each field; an import that does not ask for it is left alone."""
    one_at_a_time(owner)
    asks = update(Import).where(mine(owner), Import.id == import_id, Import.state == State.COLUMNS)
    again = asks.values(
        state=State.WAITING, run_id=None, touched_at=clock.machine_now(), details={"columns": dict(columns)}
    )
    if db.session.execute(again.returning(Import.id)).scalar_one_or_none() is not None:
        enqueue("workers.jobs.read_import", current_practice(), import_id)
