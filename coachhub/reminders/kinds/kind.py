"""What every kind of mail answers: which messages are due, and what each says now."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Row,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, Insert, insert

from coachhub.network.service.names import first_name
from coachhub.platform.db import Ids, db
from coachhub.platform.mailer import Attachment
from coachhub.platform.tenancy import current_practice
from coachhub.platform.texts import one_line
from coachhub.reminders.models import Message
from coachhub.reminders.rules import Part, QuietHours

DAY, MONTH = "day", "month"
"""The fields of a message that hold its local day (or the first of its month, or its instant); and the first of the
month in which it is due, where that is not the same.
"""
_NO_ID = UUID(int=0)
HERE = bindparam("practice", callable_=current_practice, type_=Uuid())
"""The practice of the transaction in which a statement runs, whenever it was built."""


def instant(name: str) -> BindParameter[datetime]:
    """An instant that a statement is told as it runs: what plans is built once, and runs for ever other instants."""
    return bindparam(name, type_=DateTime(timezone=True))


NOW, SINCE, UNTIL = instant("now"), instant("since"), instant("until")


class Claim(NamedTuple):
    """One message that this process alone may send. `attempts` counts the claims, this one included."""

    id: UUID
    kind: str
    subject_id: UUID | None
    due_at: datetime
    attempts: int
    client_id: UUID | None = None
    user_id: UUID | None = None
    together: bool = False


class _Reader(NamedTuple):
    address: str
    name: str
    locale: str
    zone: ZoneInfo
    quiet: QuietHours = QuietHours()


class Recipient(_Reader):
    """Who reads it, in which language and zone, and when they are not to be disturbed."""

    @property
    def full_name(self) -> str:
        """The whole name, on one line; empty where nobody has told it and the address stands for it."""
        return "" if "@" in self.name else one_line(self.name)

    @property
    def greeting_name(self) -> str:
        """The name to greet with; empty where nobody has told it."""
        return first_name(self.full_name)


class Letter(NamedTuple):
    """What one mail says. It comes from the coach where one is named, else from the practice.

    `facts` are the kind's own, for its templates or its words; `leads_to` is where its one button goes. What
    `is_pressing` goes out at night, too. `own_texts` are words of its own, instead of its kind's. `off` is where its
    reader stops what it is about, where that is not a switch of the kind.
    """

    to: Recipient
    coach_name: str | None
    reply_to: str | None
    practice_name: str
    leads_to: str
    facts: object
    attachments: tuple[Attachment, ...] = ()
    is_pressing: bool = False
    own_texts: "Texts | None" = None
    off: str = ""


@dataclass(frozen=True)
class Pointless:
    """The state has moved on: this message is not sent."""

    reason: str


Reading = Letter | Pointless


@dataclass(frozen=True)
class Texts:
    """What a reminder says in the reader's language: subject and words with {fields}, and what stands on its button.

    A practice may put its own subject and words in their place; the button stays.
    """

    subject: str
    words: str
    button: str


class Fields(Protocol):
    """The facts of a reminder, as what its fields hold in the language and zone of whoever reads."""

    def fields(self) -> Mapping[str, Part]:
        """By name, every field of the kind; what is not known is empty or missing."""


@dataclass(frozen=True)
class Script:
    """The words of a reminder. `sample` are made-up fields: for a preview, and for their names."""

    texts: Callable[[], Texts]
    sample: Callable[[], Mapping[str, Part]]


@dataclass(frozen=True)
class Kind:
    """One kind of mail.

    `plan` adds the messages of the running practice that are due at an instant and returns how many;
    `read` reads the state again for claimed ones: what they say, or why they are pointless now. A message that
    it does not answer for is about something that is gone. A reminder keeps the quiet hours, can be switched off and
    goes stale; what is no reminder was asked for by somebody who waits for it, or tells them what happened. Then it
    may have time until the morning: `is_quiet`.

    A kind with a `script` says its words, which a practice can change, and shares a mail with what else is due for the
    same client, unless it `is_alone`; one without has three templates of its own. `to_staff`: it is written to owners
    and coaches.
    """

    name: str
    is_reminder: bool
    plan: Callable[[datetime], int]
    read: Callable[[Sequence[Claim], datetime], Mapping[UUID, Reading]]
    is_quiet: bool = False
    script: Script | None = None
    to_staff: bool = False
    is_alone: bool = False
    is_optional: bool = False

    @property
    def has_switch(self) -> bool:
        """Whether its reader may switch it off. What has a script says in its footer how, so there must be a way."""
        return self.is_reminder or self.script is not None or self.is_optional

    @property
    def is_together(self) -> bool:
        """Whether it shares a mail with what else is due for the same client."""
        return self.script is not None and self.is_reminder and not self.to_staff and not self.is_alone


_NUMBER = attrgetter("int")  # ids themselves are compared far more slowly, and there are thousands


def is_claimed(claims: Sequence[Claim]) -> tuple[ColumnElement[bool], ...]:
    """Whether a message is one of these: however many they are, it is one value to the database."""
    return is_message([claim.id for claim in claims])


def read_claimed(query: Select[*tuple[Any, ...]], claims: Sequence[Claim]) -> Sequence[Row[Any]]:
    """The rows of a query about messages for those claimed. By the connection: a session would look at each row for
    what it holds of it.
    """
    return db.session.connection().execute(query.where(*is_claimed(claims))).all()


def is_message(ids: Sequence[UUID]) -> tuple[ColumnElement[bool], ...]:
    """Whether a message of the running practice is one of these; of none it is asked by who only rehearses.

    They were planned one after the other, so a look at what lies between the first and the last finds them; only that
    is for the index, hence the `is true`. The ids alone leave it to the database's statistics whether it looks at every
    message of the practice instead, and these may be a minute old.
    """
    first, last = bounds_of(ids)
    between = (Message.id >= first, Message.id <= last)
    return (Message.practice_id == current_practice(), *between, is_among(Message.id, ids).is_(true()))


def bounds_of(ids: Sequence[UUID]) -> tuple[UUID, UUID]:
    """The first and the last of some ids."""
    return min(ids, key=_NUMBER, default=_NO_ID), max(ids, key=_NUMBER, default=_NO_ID)


def is_among(row_id: Any, ids: Sequence[UUID | None]) -> ColumnElement[bool]:
    """Whether an id is one of these, as one array."""
    return row_id == any_(literal(ids, Ids()))  # type: ignore[no-any-return]  # any column of ids


def by_claim(claims: Sequence[Claim], by_subject: Mapping[UUID, Reading]) -> dict[UUID, Reading]:
    """What was read of each subject, by the message that is about it; a subject that is gone is left out."""
    found = ((claim.id, by_subject.get(claim.subject_id)) for claim in claims if claim.subject_id)
    return {claim_id: reading for claim_id, reading in found if reading is not None}


@dataclass(frozen=True)
class About:
    """The columns from which messages are planned: what each is about, when it is due, whose it is.

    `day` (a date, the first of a month, an instant) makes the same subject worth a message again on another day; the
    `month` is only kept.
    """

    subject: Any
    due: Any
    user: Any = None
    client: Any = None
    day: Any = None
    month: Any = None


_START = literal_column("left(uuidv7()::text, 28)", Text)
_NEW_ID = cast(
    select(_START).scalar_subquery() + literal_column("lpad(to_hex(row_number() over ()), 8, '0')", Text), Uuid
)
"""Ids of version 7 for the rows of one statement: one start for all, which is drawn once, and the number of the row.

To draw one for each row, as the column does by itself, asks the operating system for chance each time: that was a fifth
of what the database did for planning.
"""


def instant_words(at: Any) -> Any:
    """An instant of a row in UTC to the microsecond, as text: for a `day`."""
    return func.to_char(func.timezone("UTC", at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')


def adding(kind: Kind, rows: Select[*tuple[Any, ...]], about: About) -> Insert:
    """The statement that adds a message for each row that has none yet.

    To build it takes far longer than to run it, so whoever plans keeps it; `HERE`, `NOW` and their like stand in it for
    what differs each time. It lives on, so nobody has to find out again under which key its text is kept.
    """
    key: Any = literal(f"{kind.name}:") + cast(about.subject, Text)
    fields: Any = literal({}, JSONB)
    if about.day is not None:
        day = cast(about.day, Text)
        key, fields = key + ":" + day, func.jsonb_build_object(DAY, day)
    if about.month is not None:
        fields = func.jsonb_build_object(MONTH, cast(about.month, Text))
    columns = {
        "practice_id": HERE,
        "id": _NEW_ID,
        "kind": literal(kind.name),
        "key": key,
        "user_id": null() if about.user is None else about.user,
        "client_id": null() if about.client is None else about.client,
        "subject_id": about.subject,
        "fields": fields,
        "due_at": about.due,
        "planned_at": NOW,
        "together": literal(kind.is_together),
    }
    adds = insert(Message).from_select(list(columns), rows.with_only_columns(*columns.values()), False)
    # What is planned already is left to the conflict, which is found in the index before anything is written. Asked for
    # in the same statement, it may be a list that the database looks through for each row.
    return adds.on_conflict_do_nothing(index_elements=["practice_id", "key"])


def add_messages(statement: Insert, now: datetime, **values: object) -> int:
    """Add the messages by a statement of `adding`, told its values. Returns how many were added."""
    # By the connection: a session would ask for each id. An insert counts its rows only where it is told to.
    connection = db.session.connection()
    return int(
        connection.execute(statement, {"now": now} | values, execution_options={"preserve_rowcount": True}).rowcount
    )
