"""Rows as one run of text, as the database wrote them: a page of rows is the same for all who work in a practice, until
one of the rows changes. Whoever has written the same run before need not take it apart.
"""

import json
from typing import Any


def opened(answer: str) -> list[Any]:
    """What a statement has told in three lines: the stamp under which it has read, where that tells whether it still
    holds; JSON, of which the first says whose standing is good no longer; and a run of rows, which stays as it is.

    Gives the first of the JSON, the stamp, the rest, and the run.
    """
    stamp, _end, rest = answer.partition("\n")
    told, _end, run = rest.partition("\n")
    stale, *found = json.loads(told)
    return [stale, stamp or None, *found, run]


def rows_in(run: str) -> list[list[Any]]:
    """The values of each row."""
    rows: list[list[Any]] = json.loads(f"[{run}]")
    return rows
