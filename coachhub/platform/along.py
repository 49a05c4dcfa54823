"""What a page reads along with who asks for it: one statement, which is a transaction of its own, answers with both.

A view that only reads says by `reads_along` (guards.py) what that is; the edge sends it, and the view takes it from
here. It finds nothing where it has to ask itself: somebody changes something, or nothing could be read along.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g

_READ = "read_along"


@dataclass(frozen=True, slots=True)
class Along:
    """An expression in SQL, such as a function's call, and its values as the driver names them (`%(query)s`).

    It sees whom it is read for as `s`, the row of `lookup.holder`: `s.practice_id`, `s.user_id`.
    """

    call: str
    values: Mapping[str, Any]


def keep_along(along: Along, answer: Any) -> None:
    """Keep what was read for the view, which is let in now."""
    setattr(g, _READ, (along.call, answer))


def taken_along(call: str) -> Any:
    """What that expression was answered with, once; None where it was not read along."""
    asked, answer = g.get(_READ, (None, None))
    if asked != call:
        return None
    g.pop(_READ)
    return answer
