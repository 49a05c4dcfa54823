"""The header of signed-in pages, written once for each person but for the token of the form in it."""

from coachhub.platform.identity import Role, identity
from coachhub.platform.written_once import Written, WrittenOnce

_TOPS = WrittenOnce("layouts/signed_in_parts.html", "top", most=1024)
_BUTTONS = WrittenOnce("layouts/signed_in_parts.html", "sign_out")


def signed_in_top(home: str) -> Written:
    """Up to that form; all of it where nobody is signed in. `home`: the endpoint of the first page."""
    person = identity()
    if person is None:
        return _TOPS(home, None)
    of_practice = person.practice_name, person.name, person.email, person.is_elsewhere
    return _TOPS(home, (*of_practice, person.role is Role.CLIENT))


def sign_out_button() -> Written:
    """What follows the token."""
    return _BUTTONS()
