"""The links by which a visitor comes back to a booking or a wait, without an account: signed, and never stored."""

from uuid import UUID

from coachhub.platform import tokens
from coachhub.platform.errors import NotFound
from coachhub.platform.links import address_of
from coachhub.platform.tenancy import bind, current_practice

_BOOKING, _WAIT = "booking", "wait"


def booking_token(booking_id: UUID) -> str:
    """The part of the address that names a booking of the running practice."""
    return tokens.sign(_BOOKING, current_practice(), booking_id)


def booking_address(booking_id: UUID) -> str:
    """The full address of a booking's page, for mails and calendars."""
    return address_of(f"/b/{booking_token(booking_id)}")


def wait_token(wait_id: UUID) -> str:
    """The part of the address that names a wait of the running practice."""
    return tokens.sign(_WAIT, current_practice(), wait_id)


def wait_address(wait_id: UUID) -> str:
    """The full address of the page that ends a wait, for mails."""
    return address_of(f"/w/{wait_token(wait_id)}")


def follow_booking_link(token: str) -> UUID:
    """The booking that a link names; binds the transaction to its practice and to nobody. Raises NotFound: not ours."""
    return _follow(_BOOKING, token)


def follow_wait_link(token: str) -> UUID:
    """As `follow_booking_link`, for a wait."""
    return _follow(_WAIT, token)


def _follow(purpose: str, token: str) -> UUID:
    ids = tokens.read(purpose, token)
    if ids is None or len(ids) != 2:
        raise NotFound
    practice_id, row_id = ids
    bind(practice_id, None)
    return row_id
