"""A file of friends comes in: kept in pieces until a worker has read it."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from coachhub.network.models import Import, ImportChunk
from coachhub.network.service.imports.people import LARGEST_FILE, Problem, Unreadable
from coachhub.network.service.imports.records import OPEN, State, mine
from coachhub.network.service.owner import Owner, one_at_a_time
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.jobs import enqueue
from coachhub.platform.tenancy import current_practice
from coachhub.platform.texts import one_line

PIECE = 256 * 1024
MOST_OPEN = 3
UNFINISHED_KEPT = timedelta(days=7)
_LONGEST_NAME = 120


class TooManyOpen(Exception):
    """The client has imports that wait for them: those come first."""


def store_file(owner: Owner, file: BinaryIO, file_name: str) -> UUID:
    """Keep a seekable file and ask a worker to read it; returns the import's id.

    The same file again, while its import is unfinished, is the same import: a second click. Raises Unreadable for an
    empty file and for one that is too large, and TooManyOpen.
    """
    size, digest = _measured(file)
    one_at_a_time(owner)
    import_id = _unfinished(owner, size, digest) or _keep(owner, file, file_name, size, digest)
    enqueue("workers.jobs.read_import", current_practice(), import_id)
    return import_id


def _measured(file: BinaryIO) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for piece in _pieces(file):
        size += len(piece)
        if size > LARGEST_FILE:
            raise Unreadable(Problem.TOO_LARGE)
        digest.update(piece)
    if not size:
        raise Unreadable(Problem.EMPTY)
    return size, digest.hexdigest()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def _unfinished(owner: Owner, size: int, digest: str) -> UUID | None:
    same = (Import.size == size, Import.digest == digest, Import.state.in_(OPEN))
    return db.session.execute(select(Import.id).where(mine(owner), *same).limit(1)).scalar_one_or_none()


def _keep(owner: Owner, file: BinaryIO, file_name: str, size: int, digest: str) -> UUID:
    db.session.execute(delete(Import).where(mine(owner), Import.state == State.FAILED))
    are_open = select(func.count()).select_from(Import).where(mine(owner), Import.state.in_(OPEN))
    if db.session.execute(are_open).scalar_one() >= MOST_OPEN:
        raise TooManyOpen
    import_id = _insert(owner, one_line(file_name)[-_LONGEST_NAME:], size, digest)
    of_import = {"practice_id": current_practice(), "import_id": import_id, "user_id": owner.user_id}
    for number, piece in enumerate(_pieces(file)):
        db.session.execute(insert(ImportChunk).values(number=number, content=piece, **of_import))
    return import_id


def _insert(owner: Owner, file_name: str, size: int, digest: str) -> UUID:
    query = insert(Import).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        file_name=file_name,
        size=size,
        digest=digest,
        created_at=clock.now(),
        touched_at=clock.machine_now(),
        kept_until=clock.now() + UNFINISHED_KEPT,
    )
    return db.session.execute(query.returning(Import.id)).scalar_one()
