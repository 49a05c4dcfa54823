"""From bytes to lines: which encoding, and no line longer than the memory of a worker likes.

The file is gone through once before anything is read of it. So a file that cannot be read is refused at once, and
what follows need not look again.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import BinaryIO

from coachhub.network.service.imports.people import LONGEST_LINE, MOST_LINES, Problem, Unreadable

_BLOCK = 256 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HIGH = re.compile(rb"[\x80-\xff]+")
_LONG_RUN = 4  # bytes: western letters stand alone among plain ones, other scripts write whole words in high bytes
_MOST_BROKEN = 0.1


@dataclass
class Text:
    """The text of a file in blocks of whole lines, each line ending with \\n. `read` counts the bytes so far."""

    file: BinaryIO
    encoding: str
    start: int
    read: int = field(default=0, init=False)

    def blocks(self) -> Iterator[str]:
        """The text piece by piece, from the beginning. Raises Unreadable after MOST_LINES."""
        decoder = codecs.getincrementaldecoder(self.encoding)(errors="replace")
        newlines = io.IncrementalNewlineDecoder(decoder, translate=True)
        self.read, lines = self.start, 0
        for chunk in _chunks(self.file, self.start):
            self.read += len(chunk)
            block = newlines.decode(chunk)
            lines += block.count("\n")
            if lines > MOST_LINES:
                raise Unreadable(Problem.TOO_MANY_ROWS)
            yield block
        yield newlines.decode(b"", final=True)

    def lines(self) -> Iterator[str]:
        """Each line. Raises Unreadable at a line of more than LONGEST_LINE characters or at a NUL."""
        return chain.from_iterable(self._lines_by_block())

    def clipped_lines(self) -> Iterator[str]:
        """Each line, without what goes beyond LONGEST_LINE characters: cards hold pictures in one line."""
        kept = ""
        for block in self.blocks():
            *whole, rest = block.split("\n")
            for line in whole:
                yield (kept + line)[:LONGEST_LINE]
                kept = ""
            kept = (kept + rest)[:LONGEST_LINE]
        if kept:
            yield kept

    def _lines_by_block(self) -> Iterator[list[str]]:
        rest = ""
        for block in self.blocks():
            if "\0" in block:
                raise Unreadable(Problem.NOT_A_TABLE)
            lines = _kept_ends(rest + block)
            rest = lines.pop()
            if max(len(rest), max(map(len, lines), default=0)) > LONGEST_LINE:
                raise Unreadable(Problem.LINE_TOO_LONG)
            yield lines
        yield [rest] if rest else []


def _kept_ends(block: str) -> list[str]:
    """The lines with their ends, and what follows the last of them. Other ends than \\n stand inside cells."""
    lines = block.splitlines(keepends=True)
    count = block.count("\n")
    if len(lines) - (not block.endswith("\n")) != count:
        lines = [f"{line}\n" for line in block.split("\n")]
        lines[-1] = lines[-1][:-1]
    elif block.endswith("\n"):
        lines.append("")
    return lines


def opened(file: BinaryIO) -> Text:
    """The text of a file in the encoding that it is in. Raises Unreadable where no encoding makes sense of it."""
    file.seek(0)
    head = file.read(4096)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return Text(file, encoding, len(bom))
    if encoding := _utf_16_of(head):
        return Text(file, encoding, 0)
    if b"\0" in head:
        raise Unreadable(Problem.NOT_A_TABLE)
    return Text(file, _eight_bits_of(file), 0)


def _utf_16_of(head: bytes) -> str:
    """Plain letters in UTF-16 have a NUL as every other byte."""
    pairs = len(head) // 2
    if head[1::2].count(0) > 0.4 * pairs > 10 * head[::2].count(0):
        return "utf-16-le"
    if head[::2].count(0) > 0.4 * pairs > 10 * head[1::2].count(0):
        return "utf-16-be"
    return ""


def _eight_bits_of(file: BinaryIO) -> str:
    """UTF-8, also with a few broken places; else what Excel writes in western countries."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    broken = sum(decoder.decode(chunk).count("\ufffd") for chunk in _chunks(file))
    if not broken:
        return "utf-8"
    high, in_words = 0, 0
    for chunk in _chunks(file):
        runs = [len(run) for run in _HIGH.findall(chunk)]
        high += sum(runs)
        in_words += sum(run for run in runs if run >= _LONG_RUN)
    if broken <= _MOST_BROKEN * high:
        return "utf-8"
    if in_words > high / 2:
        raise Unreadable(Problem.LETTERS_UNCLEAR)
    return "cp1252"


def _chunks(file: BinaryIO, start: int = 0) -> Iterator[bytes]:
    file.seek(start)
    return iter(partial(file.read, _BLOCK), b"")
