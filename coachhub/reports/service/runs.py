"""Rows as one run of text, as the database wrote them: a page of rows is the same for all who work in a practice, until
one of the rows changes. Whoever has written the same run before need not take it apart.
"""

import json
from typing import Any


def opened(answer: str) -> list[Any]:
    """What a statement has told in two lines: JSON, and behind it a run of rows, which stays as it is."""
    told, _end, run = answer.partition("\n")
    return [*json.loads(told), run]


def rows_in(run: str) -> list[list[Any]]:
    """The values of each row."""
    rows: list[list[Any]] = json.loads(f"[{run}]")
    return rows
