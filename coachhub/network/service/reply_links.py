"""The link in a message by which a friend answers, without an account: who may follow it, and whose it is."""

from uuid import UUID

from sqlalchemy import text

from coachhub.network.service.owner import Owner, owner_of
from coachhub.platform import tokens
from coachhub.platform.db import db
from coachhub.platform.errors import NotFound
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import bind, current_practice

_PURPOSE = "reply"
_LOOK_UP = text("select client_id, user_id from lookup.reply_link(:practice, :invitation)")


def reply_address(invitation_id: UUID) -> str:
    """The full address under which the friend answers an invitation of the running practice."""
    return address_of(f"/r/{reply_token(invitation_id)}")


def reply_token(invitation_id: UUID) -> str:
    """The part of the address that names the invitation. It carries the practice, so that no index has to look
    across practices.
    """
    return tokens.sign(_PURPOSE, current_practice(), invitation_id)


def follow_reply_link(token: str) -> tuple[Owner, UUID]:
    """Whose invitation a link names, and which; binds the running transaction to its practice and that person.

    The signature is proved first. Raises NotFound: not ours, taken back, erased, or the client is archived.
    """
    ids = tokens.read(_PURPOSE, token)
    if ids is None or len(ids) != 2:
        raise NotFound
    practice_id, invitation_id = ids
    row = db.session.execute(_LOOK_UP, {"practice": practice_id, "invitation": invitation_id}).one_or_none()
    if row is None:
        raise NotFound
    bind(practice_id, row.user_id)
    return owner_of(row.client_id), invitation_id
