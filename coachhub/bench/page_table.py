"""The pages of `coachhub bench http` as one table, as README keeps it, and as plain values for programs."""

from collections.abc import Sequence
from typing import Any

from coachhub.bench.http import Measured

_HEAD = ("page", "a second", "of bare", "median ms", "p99 ms", "p99 / median", "SQL", "x its SQL", "x its template")


def as_table(pages: Sequence[Measured]) -> str:
    """A line a page, in Markdown."""
    rows = [_HEAD, *(_row(page) for page in pages)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(_HEAD))]
    rule = "|".join(["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])])
    head, *lines = (" | ".join(_laid(n, cell, widths[n]) for n, cell in enumerate(row)) for row in rows)
    return "\n".join([f"| {head} |", f"|{rule}|", *(f"| {line} |" for line in lines)])


def as_plain(pages: Sequence[Measured]) -> list[dict[str, Any]]:
    """What the table says, unrounded."""
    return [
        {
            "page": page.site.name,
            "a_second": page.paces.pace,
            "of_bare": page.paces.of_bare,
            "median_ms": page.paces.median,
            "p99_ms": page.paces.p99,
            "p99_of_median": page.paces.tail,
            "statements": page.statements.value,
            "of_its_parts": [part.ratio for part in page.parts],
        }
        for page in pages
    ]


def _row(page: Measured) -> tuple[str, ...]:
    paces, parts = page.paces, [f"{part.ratio:.1f}" for part in page.parts] or ["-", "-"]
    times = (f"{paces.median:.1f}", f"{paces.p99:.1f}", f"{paces.tail:.1f}")
    return (page.site.name, f"{paces.pace:.0f}", f"{paces.of_bare:.3f}", *times, f"{page.statements.value}", *parts)


def _laid(number: int, cell: str, width: int) -> str:
    return cell.rjust(width) if number else cell.ljust(width)
