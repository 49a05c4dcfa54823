"""Files of friends on their way in, and the people in them until the client has chosen."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from coachhub.network.models.of_person import OfPerson, person_key
from coachhub.platform.db import Base, TenantId


class Import(OfPerson, Base):
    """A file of friends on its way in. The file itself lies in chunks until it is read, its people until they are
    taken.

    `size` and `done` are bytes of the file; `digest` is its SHA-256. `details` holds the columns of a file that the
    client has to match, and what came of it. `error` is a code that `wording` puts into words. `run_id` is the worker
    at it and `touched_at` when that was last heard of; `kept_until` ends the time in which lines of the file lie here.
    """

    __tablename__ = "imports"

    @declared_attr.directive
    def __table_args__(cls) -> tuple[SchemaItem, ...]:
        states = "'waiting', 'reading', 'columns', 'preview', 'adding', 'done', 'failed', 'undone'"
        return (
            CheckConstraint(f"state in ({states})", name="state"),
            person_key(),
            UniqueConstraint("practice_id", "id", "user_id"),
            Index("ix_imports_practice_id_client_id", "practice_id", "client_id", "created_at"),
        )

    file_name: Mapped[str]
    source: Mapped[str] = mapped_column(server_default="")
    state: Mapped[str] = mapped_column(server_default="waiting")
    error: Mapped[str] = mapped_column(server_default="")
    size: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    done: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    added: Mapped[int] = mapped_column(server_default=text("0"))
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    digest: Mapped[str] = mapped_column(server_default="")
    run_id: Mapped[UUID | None]
    touched_at: Mapped[datetime | None]
    kept_until: Mapped[datetime | None]


class OfImport:
    """The columns of each row of an import. Its import is the same person's: nobody can add to somebody else's."""

    practice_id: Mapped[TenantId] = mapped_column(sort_order=-9)
    import_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-8)
    user_id: Mapped[UUID]
    shared: Mapped[bool] = mapped_column(server_default=text("false"))


def import_key() -> ForeignKeyConstraint:
    """The import of a row, which takes the row with it."""
    own, theirs = ["practice_id", "import_id", "user_id"], ["imports.practice_id", "imports.id", "imports.user_id"]
    return ForeignKeyConstraint(own, theirs, ondelete="CASCADE")


class ImportChunk(OfImport, Base):
    """A piece of a file on its way in, until a worker has read it."""

    __tablename__ = "import_chunks"
    __table_args__ = (import_key(),)

    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class ImportRow(OfImport, Base):
    """A line of a file: somebody who may become a friend, or a line left out.

    `kind` says what it is: new, one of Google's other contacts, the same as a friend, perhaps the same (`like`), or
    left out; `friend_id` is the friend meant. `ticked` says that the client wants them; where the import's `details`
    name their kind as ticked, that the client does not. `choice` is the client's word on a `like`: add them, or fill
    in what is new to the friend. A line left out has its beginning as `name`, and `earlier`, the line at which they
    stood before.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        CheckConstraint("kind in ('new', 'other', 'same', 'like', 'left')", name="kind"),
        CheckConstraint("choice in ('', 'skip', 'fill', 'add')", name="choice"),
        import_key(),
    )

    line: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="new")
    ticked: Mapped[bool] = mapped_column(server_default=text("false"))
    choice: Mapped[str] = mapped_column(server_default="")
    friend_id: Mapped[UUID | None]
    name: Mapped[str]
    company: Mapped[str] = mapped_column(server_default="")
    title: Mapped[str] = mapped_column(server_default="")
    email: Mapped[str] = mapped_column(server_default="")
    phone: Mapped[str] = mapped_column(server_default="")
    city: Mapped[str] = mapped_column(server_default="")
    profile: Mapped[str] = mapped_column(server_default="")
    known_since: Mapped[date | None]
    notes: Mapped[str] = mapped_column(server_default="")
    reason: Mapped[str] = mapped_column(server_default="")
    earlier: Mapped[int] = mapped_column(server_default=text("0"))
