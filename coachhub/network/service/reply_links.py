"""The link in a message by which a friend answers, without an account: who may follow it, and whose it is."""

import json
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from coachhub.network.rules import Standing
from coachhub.network.service.owner import Owner, owner_of
from coachhub.network.service.reply_pages import ReplyPage, reply_told, times_at_once, told_at_once
from coachhub.platform import clock, tokens
from coachhub.platform.db import db, telling
from coachhub.platform.errors import NotFound
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import bind, bind_to_holder_and_read, current_practice

_REPLY, _OFFER = "reply", "offer"
_LOOK_UP = text("select client_id, user_id from lookup.reply_link(:practice, :invitation)")
# A function of the database, because a session plans what it reads once: see migration 0079.
_SHOWN = telling(
    "select practice_id, user_id, client_id, time_zone, answer, agreed, grid "
    "from reply_shown(:practice, :invitation, :now)",
    *("practice_id", "user_id", "client_id", "time_zone", "answer", "agreed", "grid"),
)


class OpenedReply(NamedTuple):
    """What a friend's link leads to: whose it is, the page, and when the client is free where no time is proposed."""

    user_id: UUID
    page: ReplyPage
    at_once: tuple[datetime, ...]


def reply_address(invitation_id: UUID) -> str:
    """The full address under which the friend answers an invitation of the running practice."""
    return address_of(f"/r/{reply_token(invitation_id)}")


def reply_token(invitation_id: UUID) -> str:
    """The part of the address that names the invitation. It carries the practice, so that no index has to look
    across practices.
    """
    return tokens.sign(_REPLY, current_practice(), invitation_id)


def offer_address(invitation_id: UUID) -> str:
    """The full address, for the client's mail alone, of the page that answers what the friend has offered."""
    return address_of(f"/offers/{tokens.sign(_OFFER, current_practice(), invitation_id)}")


def follow_reply_link(token: str) -> tuple[Owner, UUID]:
    """Whose invitation a friend's link names, and which; binds the transaction to its practice and that person.

    The signature is proved first. Raises NotFound: not ours, taken back, erased, or the client is archived.
    """
    return _follow(_REPLY, token)


def open_reply(token: str) -> OpenedReply:
    """As `follow_reply_link`, and what the link shows, in one statement. Raises NotFound."""
    practice_id, invitation_id = _named(_REPLY, token)
    row = bind_to_holder_and_read(_SHOWN, practice=practice_id, invitation=invitation_id, now=clock.now())
    if row is None or row[0] is None:
        raise NotFound
    _practice_id, user_id, client_id, zone, answer, agreed, grid = row
    page = reply_told(zone, invitation_id, json.loads(answer) if answer else None)
    if page.proposed or page.standing is Standing.AGREED:
        return OpenedReply(user_id, page, ())
    if grid is None:  # those that were proposed are all taken
        return OpenedReply(user_id, page, times_at_once(owner_of(client_id), page))
    return OpenedReply(user_id, page, told_at_once(page, zone, json.loads(grid), json.loads(agreed)))


def follow_offer_link(token: str) -> tuple[Owner, UUID]:
    """As `follow_reply_link`, for the link in the client's own mail."""
    return _follow(_OFFER, token)


def _follow(purpose: str, token: str) -> tuple[Owner, UUID]:
    practice_id, invitation_id = _named(purpose, token)
    row = db.session.execute(_LOOK_UP, {"practice": practice_id, "invitation": invitation_id}).one_or_none()
    if row is None:
        raise NotFound
    bind(practice_id, row.user_id)
    return owner_of(row.client_id), invitation_id


def _named(purpose: str, token: str) -> tuple[UUID, UUID]:
    """The practice and the invitation in a link of ours. Raises NotFound for any other."""
    ids = tokens.read(purpose, token)
    if ids is None or len(ids) != 2:
        raise NotFound
    return ids[0], ids[1]
