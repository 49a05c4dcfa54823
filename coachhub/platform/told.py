"""What a function of the database tells as JSON, in our types: many columns of many tables come as one value."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from uuid import UUID


def instant_told(written: str | None) -> datetime | None:
    """An instant, in UTC whatever the session's clock is; None for none."""
    return datetime.fromisoformat(written).astimezone(UTC) if written else None


def instants_told(written: Iterable[str] | None) -> tuple[datetime, ...]:
    """Several, none of them missing."""
    return tuple(datetime.fromisoformat(each).astimezone(UTC) for each in written or ())


def day_told(written: str | None) -> date | None:
    """A day of a calendar; None for none."""
    return date.fromisoformat(written) if written else None


def id_told(written: str | None) -> UUID | None:
    """The id of a row; None for none."""
    return UUID(written) if written else None
