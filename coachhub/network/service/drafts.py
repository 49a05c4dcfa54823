"""Messages to a friend: drafted in three tones, kept as edited, sent by the client, answered by the friend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, exists, func, insert, select, update
from sqlalchemy.sql import Select

from coachhub.network.models import Invitation
from coachhub.network.rules import MOST_TIMES
from coachhub.network.service.changes import changed
from coachhub.network.service.channels import Channel, Channels, channels
from coachhub.network.service.filling import FIELDS, Purpose, fill
from coachhub.network.service.free_hours import free_times
from coachhub.network.service.friend_rows import FriendRow, friend_of
from coachhub.network.service.message_facts import Proposal, facts_for
from coachhub.network.service.owner import Owner, one_at_a_time, owned_by
from coachhub.platform import clock
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound, Refused
from coachhub.platform.tenancy import current_practice
from coachhub.platform.texts import one_line

__all__ = [
    "FIELDS",
    "NOTHING",
    "Channel",
    "Channels",
    "InvitationRow",
    "Proposal",
    "Purpose",
    "TemplateText",
    "Tone",
    "channels",
    "draft",
    "fill_open_drafts",
    "has_written",
    "keep_draft",
    "keep_proposal",
    "mark_followed_up",
    "mark_sent",
    "prepare_invitation",
    "record_answer",
    "renew_times",
    "unsent_draft",
    "was_written",
]
NOTHING = Proposal()
Answer = Literal["yes", "no", "later"]


class Tone(StrEnum):
    """The coach's three ways to write."""

    WARM = "warm"
    LIGHT = "light"
    PLAIN = "plain"


@dataclass(frozen=True)
class TemplateText:
    """A template in one tone, with fields of `FIELDS` in braces, by its purpose."""

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
    """A message to a friend: a draft until `sent_at`, open until `answer`. Without a body it is only prepared."""

    id: UUID
    tone: Tone
    subject: str
    body: str
    proposed_times: tuple[datetime, ...]
    place: str
    sent_at: datetime | None
    answer: str | None
    ask: str
    followed_up_at: datetime | None

    @property
    def proposal(self) -> Proposal:
        """What it offers."""
        return Proposal(self.proposed_times, self.place, self.ask)


def draft(
    owner: Owner, friend_id: UUID, templates: Mapping[Tone, TemplateText], proposal: Proposal = NOTHING, link: str = ""
) -> Drafts:
    """The message to a friend from what is known. The link by which they answer is in each. Raises NotFound."""
    return draft_to(owner, friend_of(owner, friend_id), templates, proposal, link)


def draft_to(
    owner: Owner,
    friend: FriendRow,
    templates: Mapping[Tone, TemplateText],
    proposal: Proposal = NOTHING,
    link: str = "",
) -> Drafts:
    """As `draft`, to a friend who is read already."""
    facts = facts_for(owner, friend, proposal, link)
    return Drafts(friend, tuple(_filled(tone, template, facts) for tone, template in templates.items()))


def _filled(tone: Tone, template: TemplateText, facts: Mapping[str, str]) -> DraftText:
    subject = one_line(fill(template.subject, facts)) or _("Hello from %(me)s", me=facts["me"])
    return DraftText(tone, subject, with_link(fill(template.body, facts), facts["link"]))


def with_link(body: str, link: str) -> str:
    """The message with the link by which the friend answers: as a last paragraph, unless it is in there already."""
    if not link or link in body:
        return body
    return f"{body}\n\n{_('You can answer here, with one tap and without an account: %(link)s', link=link)}".strip()


def prepare_invitation(owner: Owner, friend_id: UUID) -> UUID:
    """The row of a message that is still to be sent, made when a friend is chosen; returns its id. Raises NotFound.

    So the draft can hold the link by which the friend answers, and the next free hours stand behind that link. A
    second time it is the same row, with fresh times where none is ahead.
    """
    one_at_a_time(owner)
    friend_of(owner, friend_id)
    found, now = unsent_draft(owner, friend_id), clock.now()
    if found is None:
        columns = {"tone": Tone.WARM.value, "body": "", "proposed_times": list(free_times(owner, MOST_TIMES))}
        return _insert(owner, friend_id, columns)
    if not found.body and not any(at > now for at in found.proposed_times):
        _change_unsent(owner, friend_id, {"proposed_times": list(free_times(owner, MOST_TIMES))})
    return found.id


def keep_draft(
    owner: Owner, friend_id: UUID, tone: Tone, subject: str, body: str, at: Sequence[datetime] = (), place: str = ""
) -> UUID:
    """Keep the message as edited, with up to three times (UTC instants) and a place; returns its id.

    A friend has at most one that is not sent. An empty body: the words are the coach's. Raises NotFound.
    """
    one_at_a_time(owner)
    friend_of(owner, friend_id)
    columns = {"tone": tone.value, "subject": subject, "body": body, "proposed_times": list(at), "place": place}
    return _change_unsent(owner, friend_id, columns) or _insert(owner, friend_id, columns)


def keep_proposal(owner: Owner, friend_id: UUID, proposal: Proposal) -> UUID:
    """Keep what the message offers, and its words as they are; returns its id. Raises NotFound."""
    invitation_id = prepare_invitation(owner, friend_id)
    _change_unsent(
        owner, friend_id, {"proposed_times": list(proposal.at), "place": proposal.place, "ask": proposal.ask}
    )
    return invitation_id


def fill_open_drafts(owner: Owner) -> None:
    """Put the next free hours into messages that are not sent, not edited, and offer no time yet."""
    one_at_a_time(owner)
    empty = update(Invitation).where(
        owned_by(owner, Invitation), ~was_written(), func.cardinality(Invitation.proposed_times) == 0
    )
    db.session.execute(empty.values(proposed_times=list(free_times(owner, MOST_TIMES))))


def was_written() -> ColumnElement[bool]:
    """Whether a row of invitations is a message: it was sent, or the client has written at it.

    One that is only prepared is no draft to anybody.
    """
    return Invitation.sent_at.is_not(None) | (Invitation.body != "")


def _change_unsent(owner: Owner, friend_id: UUID, columns: Mapping[str, object]) -> UUID | None:
    unsent = update(Invitation).where(
        owned_by(owner, Invitation), Invitation.friend_id == friend_id, Invitation.sent_at.is_(None)
    )
    return db.session.execute(unsent.values(**columns).returning(Invitation.id)).scalars().first()


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


def has_written(owner: Owner, friend_id: UUID, since: datetime) -> bool:
    """Whether a message to the friend was sent since an instant."""
    sent = exists().where(owned_by(owner, Invitation), Invitation.friend_id == friend_id, Invitation.sent_at >= since)
    return bool(db.session.scalar(select(sent)))


def renew_times(owner: Owner, invitation_id: UUID, at: Sequence[datetime]) -> None:
    """Offer other times (UTC instants) behind the link of a message that was sent; an answer stays what it is.

    Raises NotFound, and Refused (409) where the message is not sent.
    """
    one_at_a_time(owner)
    if _sent(owner, invitation_id).proposed_times == tuple(at):
        return
    query = update(Invitation).where(owned_by(owner, Invitation), Invitation.id == invitation_id)
    db.session.execute(query.values(proposed_times=list(at), version=Invitation.version + 1))


def mark_followed_up(owner: Owner, invitation_id: UUID) -> None:
    """The client wrote a second time. A second click changes nothing.

    Raises NotFound, and Refused (409) where the first message is not sent.
    """
    one_at_a_time(owner)
    if _sent(owner, invitation_id).followed_up_at is not None:
        return
    query = update(Invitation).where(owned_by(owner, Invitation), Invitation.id == invitation_id)
    db.session.execute(query.values(followed_up_at=clock.now()))
    changed(owner)


def record_answer(owner: Owner, invitation_id: UUID, answer: Answer) -> None:
    """What the friend said, told by the client: yes, no or later. The same answer again changes nothing; a new one
    replaces it.

    Raises NotFound, and Refused (409) while the message is not sent.
    """
    one_at_a_time(owner)
    found = _sent(owner, invitation_id)
    if found.answer == answer:
        return
    query = update(Invitation).where(owned_by(owner, Invitation), Invitation.id == invitation_id)
    said = {"answer": answer, "answered_at": clock.now(), "answered_by": "client"}
    db.session.execute(query.values(**said, version=Invitation.version + 1))
    changed(owner, [found.sent_at])


def _sent(owner: Owner, invitation_id: UUID) -> InvitationRow:
    found = _invitation(owner, invitation_id)
    if found.sent_at is None:
        raise Refused(409, _("This message is not marked as sent yet. Say that you sent it, then what they answered."))
    return found


def unsent_draft(owner: Owner, friend_id: UUID) -> InvitationRow | None:
    """The message to a friend that is still to be sent; with an empty body it is only prepared."""
    query = _select(owner).where(Invitation.friend_id == friend_id, Invitation.sent_at.is_(None))
    newest = query.order_by(Invitation.created_at.desc(), Invitation.id.desc())
    row = db.session.execute(newest.limit(1)).one_or_none()
    return _row(row) if row else None


_COLUMNS = (
    Invitation.id,
    Invitation.tone,
    Invitation.subject,
    Invitation.body,
    Invitation.proposed_times,
    Invitation.place,
    Invitation.sent_at,
    Invitation.answer,
    Invitation.ask,
    Invitation.followed_up_at,
)


def _select(owner: Owner) -> Select[*tuple[Any, ...]]:
    return select(*_COLUMNS).where(owned_by(owner, Invitation))


def _invitation(owner: Owner, invitation_id: UUID) -> InvitationRow:
    row = db.session.execute(_select(owner).where(Invitation.id == invitation_id)).one_or_none()
    if row is None:
        raise NotFound
    return _row(row)


def _row(row: Row[Any]) -> InvitationRow:
    read = {"tone": Tone(row.tone), "proposed_times": tuple(row.proposed_times)}
    return InvitationRow(**{**row._mapping, **read})
