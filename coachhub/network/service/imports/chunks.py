"""The pieces of a kept file, read as one file."""

import io
from typing import BinaryIO, cast
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from coachhub.network.models import ImportChunk
from coachhub.network.service.imports.uploading import PIECE
from coachhub.platform.db import db
from coachhub.platform.tenancy import current_practice


def kept_file(import_id: UUID, size: int) -> BinaryIO:
    """A seekable file over the pieces of an import; each read needs a transaction of its practice.

    Only one piece is in memory at a time.
    """
    return cast(BinaryIO, io.BufferedReader(_Chunks(import_id, size), PIECE))


def chunks_of(import_id: UUID) -> ColumnElement[bool]:
    """Whether a piece is of an import."""
    return and_(ImportChunk.practice_id == current_practice(), ImportChunk.import_id == import_id)


class _Chunks(io.RawIOBase):
    def __init__(self, import_id: UUID, size: int) -> None:
        self._import_id, self._size = import_id, size
        self._position, self._number, self._piece = 0, -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        beginning = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if beginning + offset < 0:
            raise ValueError("before the beginning of the file")
        self._position = beginning + offset
        return self._position

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._position >= self._size:
            return 0
        number, offset = divmod(self._position, PIECE)
        found = self._chunk(number)[offset : offset + len(view)]
        view[: len(found)] = found
        self._position += len(found)
        return len(found)

    def _chunk(self, number: int) -> bytes:
        if number != self._number:
            query = select(ImportChunk.content).where(chunks_of(self._import_id), ImportChunk.number == number)
            self._piece, self._number = db.session.execute(query).scalar_one(), number
        return self._piece
