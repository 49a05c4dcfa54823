"""A LinkedIn file becomes friends, beside the least work that brings its rows into the same table."""

import csv
import io
from functools import partial
from uuid import UUID

import psycopg

from coachhub.bench.figures import Contest
from coachhub.bench.linkedin_file import HEADER, linkedin_file
from coachhub.bench.rounds import Watch, in_turn
from coachhub.bench.scratch import Scratch
from coachhub.demo.who import Who
from coachhub.network.service.imports.preview import Tab, preview_page, tick_all
from coachhub.network.service.imports.records import import_of
from coachhub.network.service.imports.staging import read_import
from coachhub.network.service.imports.taking import ask_to_take, take_import
from coachhub.network.service.imports.uploading import store_file
from coachhub.network.service.owner import owner_of
from coachhub.platform.tenancy import as_practice

GOAL, MOST = 1.3, 3.0
_FLOOR_IS = "csv module, COPY into a temporary table, one INSERT ... SELECT into friends"
_INCOMING = (
    "create temporary table incoming (first text, last text, url text, email text, company text, title text, "
    "connected text) on commit drop"
)
_TAKE = (
    "insert into friends (practice_id, client_id, user_id, name, company, title, email, profile, known_from, liking, "
    "created_at, number, import_id) select %s, %s, %s, first || ' ' || last, company, title, email, url, "
    "to_date(connected, 'DD Mon YYYY'), 3, now(), row_number() over (), %s from incoming"
)
_IMPORT = (
    "insert into imports (practice_id, client_id, user_id, file_name, state, created_at) "
    "values (%s, %s, %s, 'Connections.csv', 'done', now()) returning id"
)


def import_contest(scratch: Scratch, rows: int, rounds: int) -> Contest:
    """So many rows, from the upload until they are friends; each round begins with an empty table.

    The floor leaves the same rows in the same table, with all its indexes and keys.
    """
    who, content = scratch.client(0, friends=8), linkedin_file(rows)
    ours, floor = in_turn(
        partial(_ours, scratch, who, content, rows),
        partial(_floor, scratch, who, content),
        rounds,
        fresh=partial(scratch.as_owner, "truncate friends, imports cascade"),
    )
    return Contest(f"Import of {rows:,} rows of LinkedIn", _FLOOR_IS, ours, floor, MOST, GOAL)


def _ours(scratch: Scratch, who: Who, content: bytes, rows: int, watch: Watch) -> None:
    as_them = partial(as_practice, who.practice_id, who.user_id)
    import_id = laid_out(scratch, who, content, watch)
    with scratch.web.app_context():
        with watch.step("preview"), as_them():
            preview_page(import_id, Tab.NEW)
        with watch.step("tick"), as_them():
            tick_all(owner_of(who.client_id), import_id, Tab.NEW, True)
        with as_them():
            ask_to_take(owner_of(who.client_id), import_id)
    with scratch.worker.app_context(), watch.step("take"):
        take_import(who.practice_id, import_id)
    with scratch.web.app_context(), as_them():
        added = import_of(owner_of(who.client_id), import_id).added
    if added != rows:
        raise RuntimeError(f"{added} of {rows} people were added")


def laid_out(scratch: Scratch, who: Who, content: bytes, watch: Watch) -> UUID:
    """Upload the file and have it read, until the client can look at it; returns the import's id."""
    with scratch.web.app_context(), watch.step("upload"), as_practice(who.practice_id, who.user_id):
        import_id = store_file(owner_of(who.client_id), io.BytesIO(content), "Connections.csv")
    with scratch.worker.app_context(), watch.step("read"):
        read_import(who.practice_id, import_id)
    return import_id


def _floor(scratch: Scratch, who: Who, content: bytes, watch: Watch) -> None:
    with watch.step("csv"):
        lines = csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline=""))
        found = [line for line in lines if len(line) == len(HEADER)][1:]
    with psycopg.connect(scratch.addresses.worker_url) as connection:
        connection.execute("select set_config('app.practice_id', %s, true)", [str(who.practice_id)])
        owner = [who.practice_id, who.client_id, who.user_id]
        [import_id] = connection.execute(_IMPORT, owner).fetchone() or [None]
        connection.execute(_INCOMING)
        with watch.step("copy"), connection.cursor().copy("copy incoming from stdin") as copy:
            for line in found:
                copy.write_row(line)
        with watch.step("insert"):
            connection.execute(_TAKE, [*owner, import_id])
            connection.execute("commit")
