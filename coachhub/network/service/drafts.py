"""Messages to a friend: drafted in three tones, kept as edited, sent by the client, answered by the friend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.sql import Select

from coachhub.clients.models import Client
from coachhub.network import phrases
from coachhub.network.models import Invitation
from coachhub.network.service.changes import changed
from coachhub.network.service.channels import Channel, Channels, channels
from coachhub.network.service.filling import FIELDS, fill
from coachhub.network.service.friend_rows import FriendRow, friend_of
from coachhub.network.service.names import first_name
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.language import date_words, time_words
from coachhub.platform.tenancy import current_practice

__all__ = [
    "FIELDS",
    "Channel",
    "Channels",
    "DraftText",
    "Drafts",
    "InvitationRow",
    "TemplateText",
    "Tone",
    "channels",
    "draft",
    "keep_draft",
    "mark_sent",
    "open_invitation",
    "record_answer",
]
Answer = Literal["yes", "no", "later"]


class Tone(StrEnum):
    """The coach's three ways to write."""

    WARM = "warm"
    LIGHT = "light"
    PLAIN = "plain"


@dataclass(frozen=True)
class TemplateText:
    """A template in one tone, with fields of `FIELDS` in braces."""

    subject: str
    body: str


@dataclass(frozen=True)
class DraftText:
    """A message ready to send in one tone."""

    tone: Tone
    subject: str
    body: str


@dataclass(frozen=True)
class Drafts:
    """The message to one friend in each tone that has a template."""

    friend: FriendRow
    texts: tuple[DraftText, ...]

    def in_tone(self, tone: Tone) -> DraftText:
        """The text in a tone; the first one where that tone has none."""
        return next((text for text in self.texts if text.tone is tone), self.texts[0])


@dataclass(frozen=True)
class InvitationRow:
    """A message to a friend: a draft until `sent_at`, open until `answer`."""

    id: UUID
    friend_id: UUID
    tone: Tone
    subject: str
    body: str
    channel: str | None
    proposed_times: tuple[datetime, ...]
    place: str
    created_at: datetime
    sent_at: datetime | None
    answer: str | None
    answered_at: datetime | None


def draft(
    owner: Owner,
    friend_id: UUID,
    templates: Mapping[Tone, TemplateText],
    at: Sequence[datetime] = (),
    place: str = "",
) -> Drafts:
    """The message to a friend from what is known; `at` are UTC instants, told in the owner's zone. Raises NotFound."""
    friend = friend_of(owner, friend_id)
    facts = {
        "friend": friend.name,
        "first_name": friend.first_name,
        "silence": phrases.silence_in_message(friend.silence),
        "company": friend.company,
        "times": phrases.either([_when(instant, owner) for instant in at]),
        "place": place.strip(),
        "me": _own_first_name(owner),
    }
    texts = (
        DraftText(
            tone, fill(template.subject, facts) or _("Hello from %(me)s", me=facts["me"]), fill(template.body, facts)
        )
        for tone, template in templates.items()
    )
    return Drafts(friend, tuple(texts))


def _when(instant: datetime, owner: Owner) -> str:
    words: str = _("%(day)s at %(time)s", day=date_words(instant, owner.zone), time=time_words(instant, owner.zone))
    return words


def _own_first_name(owner: Owner) -> str:
    query = select(Client.name).where(Client.practice_id == current_practice(), Client.id == owner.client_id)
    return first_name(db.session.execute(query).scalar_one())


def keep_draft(
    owner: Owner,
    friend_id: UUID,
    tone: Tone,
    subject: str,
    body: str,
    at: Sequence[datetime] = (),
    place: str = "",
) -> UUID:
    """Keep the message as edited; a friend has at most one that is not sent. Returns its id. Raises NotFound."""
    one_at_a_time(owner)
    friend_of(owner, friend_id)
    columns = {"tone": tone.value, "subject": subject, "body": body, "proposed_times": list(at), "place": place}
    unsent = update(Invitation).where(
        owned_by(owner, Invitation), Invitation.friend_id == friend_id, Invitation.sent_at.is_(None)
    )
    kept = db.session.execute(unsent.values(**columns).returning(Invitation.id)).scalars().first()
    return kept or _insert(owner, friend_id, columns)


def _insert(owner: Owner, friend_id: UUID, columns: Mapping[str, object]) -> UUID:
    query = insert(Invitation).values(
        practice_id=current_practice(),
        client_id=owner.client_id,
        user_id=owner.user_id,
        friend_id=friend_id,
        created_at=clock.now(),
        **columns,
    )
    return db.session.execute(query.returning(Invitation.id)).scalar_one()


def mark_sent(owner: Owner, invitation_id: UUID, channel: Channel) -> None:
    """The client says "I sent it". A second click changes nothing. Raises NotFound."""
    one_at_a_time(owner)
    now = clock.now()
    unsent = update(Invitation).where(
        owned_by(owner, Invitation), Invitation.id == invitation_id, Invitation.sent_at.is_(None)
    )
    sent = db.session.execute(unsent.values(sent_at=now, channel=channel.value).returning(Invitation.id)).first()
    if sent is None:
        _invitation(owner, invitation_id)
        return
    changed(owner, [now])


def record_answer(owner: Owner, invitation_id: UUID, answer: Answer) -> None:
    """What the friend said: yes, no or later. The same answer again changes nothing; a new one replaces it.

    Raises NotFound, and Refused (409) while the message is not sent.
    """
    one_at_a_time(owner)
    found = _invitation(owner, invitation_id)
    if found.sent_at is None:
        raise Refused(409, _("This message is not marked as sent yet. Say that you sent it, then what they answered."))
    if found.answer == answer:
        return
    query = update(Invitation).where(owned_by(owner, Invitation), Invitation.id == invitation_id)
    values: dict[str, object] = {
        "answer": answer,
        "answered_by": "client",
        "answered_at": clock.now(),
        "counter_times": [],
    }
    db.session.execute(query.values(**values, version=Invitation.version + 1))
    changed(owner, [found.sent_at])


def open_invitation(owner: Owner, friend_id: UUID | None = None) -> InvitationRow | None:
    """The newest message without an answer, draft or sent, to one friend or to anybody."""
    query: Select[*tuple[Any, ...]] = select(*_COLUMNS).where(owned_by(owner, Invitation), Invitation.answer.is_(None))
    if friend_id is not None:
        query = query.where(Invitation.friend_id == friend_id)
    newest = func.coalesce(Invitation.sent_at, Invitation.created_at).desc()
    row = db.session.execute(query.order_by(newest, Invitation.id.desc()).limit(1)).one_or_none()
    return _row(row) if row else None


_COLUMNS = (
    Invitation.id,
    Invitation.friend_id,
    Invitation.tone,
    Invitation.subject,
    Invitation.body,
    Invitation.channel,
    Invitation.proposed_times,
    Invitation.place,
    Invitation.created_at,
    Invitation.sent_at,
    Invitation.answer,
    Invitation.answered_at,
)


def _invitation(owner: Owner, invitation_id: UUID) -> InvitationRow:
    query: Select[*tuple[Any, ...]] = select(*_COLUMNS).where(
        owned_by(owner, Invitation), Invitation.id == invitation_id
    )
    row = db.session.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def _row(row: Row[Any]) -> InvitationRow:
    read = {"tone": Tone(row.tone), "proposed_times": tuple(row.proposed_times)}
    return InvitationRow(**{**row._mapping, **read})
