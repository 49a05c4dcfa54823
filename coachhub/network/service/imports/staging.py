"""A worker reads a kept file, and lays out its people until the client says who of them is a friend.

One file is several transactions, so that its page sees how far it is. A worker that dies leaves half of it: whoever
reads next begins anew.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
import structlog
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, text, update
from sqlalchemy.exc import OperationalError

from coachhub.network.models import Import, ImportChunk, ImportRow
from coachhub.network.service.imports.chunks import chunks_of, kept_file
from coachhub.network.service.imports.matching import match_friends
from coachhub.network.service.imports.people import ColumnsNeeded, LeftOut, Person, Unreadable
from coachhub.network.service.imports.reading import read_people
from coachhub.network.service.imports.records import State
from coachhub.network.service.owner import owner_of
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.tenancy import as_practice, current_practice

log = structlog.get_logger(__name__)

SILENT_AFTER = timedelta(seconds=60)
TICKED_AT_FIRST = 150
OUR_MISTAKE = "our_mistake"
_BATCH = 3_000
_MOST_RUNS = 3
_MOST_COLUMNS, _LONGEST_CELL = 60, 80

_INCOMING = text(
    "create temporary table import_incoming (line int, name text, company text, title text, email text, phone text, "
    "city text, profile text, known_since date, notes text, is_other bool, remark text) on commit drop"
)
_COPY = "copy import_incoming from stdin"
_LAY_OUT = text(
    "insert into import_rows (practice_id, import_id, user_id, line, kind, name, company, title, email, phone, city, "
    "profile, known_since, notes, reason) select :practice, :import, :user, line, "
    "case when is_other then 'other' else 'new' end, name, company, title, email, phone, city, profile, known_since, "
    "notes, coalesce(remark, '') from import_incoming"
)
_LEAVE_OUT = text(
    "insert into import_rows (practice_id, import_id, user_id, kind, line, reason, name, earlier) "
    "select :practice, :import, :user, 'left', left_out.* from unnest(cast(:lines as int[]), "
    "cast(:reasons as text[]), cast(:texts as text[]), cast(:earlier as int[])) as left_out"
)


class _TakenOver(Exception):
    """Another worker reads this file now, or the client has discarded it."""


@dataclass(frozen=True)
class _Run:
    """One worker at one file."""

    run_id: UUID
    import_id: UUID
    client_id: UUID
    user_id: UUID
    file_name: str
    size: int
    columns: Mapping[str, int] | None

    def names(self) -> dict[str, UUID]:
        return {"practice": current_practice(), "import": self.import_id, "user": self.user_id}


def read_import(practice_id: UUID, import_id: UUID) -> None:
    """Read the file of an import that waits, or whose worker has fallen silent; any other is left alone."""
    with as_practice(practice_id):
        run = _claim(import_id)
    if run is None:
        return
    try:
        _read(practice_id, run)
    except _TakenOver:
        log.info("import_taken_over", import_id=str(import_id))
    except Unreadable as refusal:
        _end(practice_id, run, State.FAILED, refusal.problem.value, {"expected": str(refusal.expected)})
    except ColumnsNeeded as question:
        _end(practice_id, run, State.COLUMNS, "", _asked(question))
    except OperationalError:
        raise  # the database is away: the sweep rings again
    except Exception as error:  # its text may hold what stands in the file, which belongs in no log
        log.error("import_not_read", import_id=str(import_id), error=type(error).__name__)
        _end(practice_id, run, State.FAILED, OUR_MISTAKE, {})


def _claim(import_id: UUID) -> _Run | None:
    """Take an import up, with nothing of it laid out; None where there is nothing to do."""
    now, run_id = clock.machine_now(), uuid4()
    mine = (Import.practice_id == current_practice(), Import.id == import_id)
    free = or_(Import.run_id.is_(None), Import.touched_at <= now - SILENT_AFTER)
    waits = Import.state.in_((State.WAITING, State.READING))
    row = db.session.execute(select(Import.details).where(*mine, free, waits).with_for_update()).one_or_none()
    if row is None:
        return None
    runs = row.details.get("runs", 0) + 1
    is_hopeless = runs > _MOST_RUNS
    query = (
        update(Import)
        .where(*mine)
        .values(
            state=State.FAILED if is_hopeless else State.READING,
            error=OUR_MISTAKE if is_hopeless else "",
            run_id=run_id,
            touched_at=now,
            done=0,
            details={**row.details, "runs": runs},
        )
    )
    found = db.session.execute(query.returning(Import.client_id, Import.user_id, Import.file_name, Import.size)).one()
    _clear(import_id, with_file=is_hopeless)
    return None if is_hopeless else _Run(run_id, import_id, *found, row.details.get("columns"))


def _clear(import_id: UUID, *, with_file: bool) -> None:
    db.session.execute(delete(ImportRow).where(_rows_of(import_id)))
    if with_file:
        db.session.execute(delete(ImportChunk).where(chunks_of(import_id)))


def _rows_of(import_id: UUID) -> ColumnElement[bool]:
    return and_(ImportRow.practice_id == current_practice(), ImportRow.import_id == import_id)


def _read(practice_id: UUID, run: _Run) -> None:
    with as_practice(practice_id):
        reading = read_people(kept_file(run.import_id, run.size), run.file_name, run.columns)
    is_over = False
    while not is_over:
        with as_practice(practice_id):
            items = list(islice(reading.items, _BATCH))
            is_over = len(items) < _BATCH
            _set(run, done=min(reading.done(), run.size), source=reading.source.value)
            _lay_out_some(run, items)
            if is_over:
                _show(run)


def _lay_out_some(run: _Run, items: list[Person | LeftOut]) -> None:
    people = [item for item in items if type(item) is Person]
    left = [item for item in items if type(item) is LeftOut]
    if people:
        _lay_out(run, people)
    if left:
        lines, reasons, texts, earlier = zip(*left, strict=True)
        values = {"lines": list(lines), "reasons": [reason.value for reason in reasons]}
        db.session.execute(_LEAVE_OUT, run.names() | values | {"texts": list(texts), "earlier": list(earlier)})


def _lay_out(run: _Run, people: list[Person]) -> None:
    """By way of a temporary table: COPY does not go through row-level security."""
    db.session.execute(_INCOMING)
    driver = cast("psycopg.Connection[Any]", db.session.connection().connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for person in people:
            copy.write_row(person)
    db.session.execute(_LAY_OUT, run.names())


def _set(run: _Run, **columns: object) -> None:
    """Change the import while this run is still the one that reads it. Raises _TakenOver."""
    query = update(Import).where(Import.practice_id == current_practice(), Import.id == run.import_id)
    mine = query.where(Import.run_id == run.run_id, Import.state == State.READING)
    changed = mine.values(touched_at=clock.machine_now(), **columns).returning(Import.id)
    if db.session.execute(changed).scalar_one_or_none() is None:
        raise _TakenOver


def _show(run: _Run) -> None:
    """All is laid out: find who is known already, forget the file, and let the client look.

    A few people are ticked at first. Of thousands, nobody is: a client thinks of each whom they liked working with.
    """
    match_friends(owner_of(run.client_id), run.import_id)
    new = (_rows_of(run.import_id), ImportRow.kind == "new")
    count = db.session.execute(select(func.count()).select_from(ImportRow).where(*new)).scalar_one()
    if count <= TICKED_AT_FIRST:
        db.session.execute(update(ImportRow).where(*new).values(ticked=True))
    db.session.execute(delete(ImportChunk).where(chunks_of(run.import_id)))
    _set(run, state=State.PREVIEW, done=run.size, run_id=None, details={})


def _end(practice_id: UUID, run: _Run, state: State, error: str, details: dict[str, object]) -> None:
    """It is not read: say why, or ask. Of a file that is refused nothing is kept."""
    with suppress(_TakenOver), as_practice(practice_id):
        _set(run, state=state, error=error, run_id=None, details=details)
        _clear(run.import_id, with_file=state is State.FAILED)


def _asked(question: ColumnsNeeded) -> dict[str, object]:
    def short(cells: tuple[str, ...]) -> list[str]:
        return [cell[:_LONGEST_CELL] for cell in cells[:_MOST_COLUMNS]]

    return {
        "header": short(question.header),
        "samples": [short(sample) for sample in question.samples],
        "guess": {str(name): place for name, place in question.guess.items() if place < _MOST_COLUMNS},
    }
