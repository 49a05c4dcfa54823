"""The lines of a file that were not taken, each with its reason."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select

from coachhub.network.models import ImportRow
from coachhub.network.service.imports.people import Reason
from coachhub.network.service.imports.preview import rows_of
from coachhub.platform.db import db


class Standing(StrEnum):
    """Why somebody who could be read is left out all the same."""

    SAME = "same"
    LIKE = "like"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class LeftOutLine:
    """A line, its beginning or who is in it, and why it was not taken; `earlier` is the line they stood at before."""

    line: int
    text: str
    reason: Reason | Standing
    earlier: int


def left_out(import_id: UUID, *, offered: bool, limit: int | None = None, page: int = 1) -> list[LeftOutLine]:
    """Lines that are not offered or were not taken, in the order of the file; `limit` None lists them all.

    While a file is previewed (`offered`), who looks like a friend is none of them.
    """
    kinds = ("left", "same") if offered else ("left", "same", "like")
    columns = (ImportRow.line, ImportRow.name, ImportRow.company, ImportRow.kind, ImportRow.choice, ImportRow.reason)
    query = select(*columns, ImportRow.earlier).where(rows_of(import_id), ImportRow.kind.in_(kinds))
    paged = query.order_by(ImportRow.line).limit(limit).offset((limit or 0) * (page - 1))
    return [
        LeftOutLine(line, ", ".join(filter(None, (name, company))), _reason(kind, choice, reason), earlier)
        for line, name, company, kind, choice, reason, earlier in db.session.execute(paged)
    ]


def _reason(kind: str, choice: str, reason: str) -> Reason | Standing:
    if kind == "left":
        return Reason(reason)
    if kind == "same":
        return Standing.SAME
    return Standing.SKIPPED if choice else Standing.LIKE


def count_left_out(import_id: UUID) -> int:
    """How many lines were not taken."""
    of_import = select(func.count()).select_from(ImportRow).where(rows_of(import_id))
    return db.session.execute(of_import.where(ImportRow.kind.in_(("left", "same", "like")))).scalar_one()
