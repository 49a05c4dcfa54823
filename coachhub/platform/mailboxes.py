"""Which mailbox an address leads to. What there is once for each person asks this; to write to somebody, nobody does.

Most providers deliver `vera+coach@` to `vera@`, and Gmail reads no dots: other spellings are the same person.
"""

from typing import Any

from sqlalchemy import ColumnElement, case, func

_DOTLESS = ("gmail.com", "googlemail.com")


def mailbox_of(address: str) -> str:
    """The mailbox of an address as we write it, such as `vera@example.org` for `vera+coach@example.org`."""
    name, _, domain = address.lower().partition("@")
    name = name.partition("+")[0]
    return f"{name.replace('.', '')}@{_DOTLESS[0]}" if domain in _DOTLESS else f"{name}@{domain}"


def mailbox_in(column: Any) -> ColumnElement[str]:
    """The same of a column of addresses, in a query."""
    address = func.lower(column)
    domain = func.split_part(address, "@", 2)
    name = func.split_part(func.split_part(address, "@", 1), "+", 1)
    dotless = func.replace(name, ".", "") + f"@{_DOTLESS[0]}"
    return case((domain.in_(_DOTLESS), dotless), else_=name + "@" + domain)
