"""One click in a mail: its reader gets no reminders any more. The address is signed and holds ids alone."""

from uuid import UUID

from coachhub.platform import tokens
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import current_practice

_CLIENT, _COACH = "unsubscribe-client", "unsubscribe-coach"


def unsubscribe_address(*, client_id: UUID | None, user_id: UUID | None) -> str:
    """The page on which a client, or a coach where there is no client, switches mails off without signing in."""
    if client_id is not None:
        return address_of(f"/u/c/{tokens.sign(_CLIENT, current_practice(), client_id)}")
    assert user_id is not None  # noqa: S101 (a reminder is always somebody's)
    return address_of(f"/u/s/{tokens.sign(_COACH, current_practice(), user_id)}")
