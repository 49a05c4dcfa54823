"""The columns and keys of every row that belongs to a client as a person."""

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coachhub.platform.db import RowId, TenantId


class OfPerson:
    """The columns of each row that belongs to a client as a person."""

    practice_id: Mapped[TenantId] = mapped_column(sort_order=-10)
    id: Mapped[RowId] = mapped_column(sort_order=-9)
    client_id: Mapped[UUID] = mapped_column(sort_order=-8)
    user_id: Mapped[UUID] = mapped_column(sort_order=-7)
    shared: Mapped[bool] = mapped_column(server_default=text("false"), sort_order=-6)


def person_key() -> ForeignKeyConstraint:
    """The row's client and its person are one: nobody can add to another client's network."""
    return ForeignKeyConstraint(
        ["practice_id", "client_id", "user_id"],
        ["clients.practice_id", "clients.id", "clients.user_id"],
        ondelete="CASCADE",
    )


def friend_key() -> ForeignKeyConstraint:
    """The row's friend is one of the same client's; erasing the friend erases the row."""
    return ForeignKeyConstraint(
        ["practice_id", "client_id", "friend_id"],
        ["friends.practice_id", "friends.client_id", "friends.id"],
        ondelete="CASCADE",
    )
