"""Tables as files that spreadsheets open: UTF-8 with a mark that says so, and no cell that is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_EXECUTED = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
TYPE = "text/csv; charset=utf-8"


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The table as a file, comma between cells. No text in it is taken for a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def as_cell(text: str) -> str:
    """The text for a CSV file that people open in a spreadsheet: never a formula there.

    An apostrophe in front is how spreadsheets mark text: OWASP, "CSV injection".
    """
    return f"'{text}" if text.lstrip().startswith(_EXECUTED) or (text[:1] in "\t\r" and text) else text


def _harmless(cell: object) -> object:
    if isinstance(cell, str):
        return as_cell(cell)
    return "" if cell is None else cell
