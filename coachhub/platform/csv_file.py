"""Tables as files that spreadsheets open: UTF-8 with a mark that says so, and no cell that is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TYPE = "text/csv; charset=utf-8"


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as a file, comma between cells. What is text and begins like a formula gets a ' in front."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_BEGINS_A_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell
