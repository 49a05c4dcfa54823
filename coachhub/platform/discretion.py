"""What may be told of an error: its kind, its place, and words that stand in a program. Never what people wrote.

The text of an error likes to quote what it stumbled over: a name, a token, a row. So of a text only those pieces stay
that are constants of the function which raised it, and short numbers between them. A database tells its own words
apart from the row; errors of the language's own that speak of code, and of nothing else, keep theirs.
"""

import re
import sys
import traceback
from collections.abc import Iterator
from types import CodeType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg

_LEFT_OUT = "…"
_OF_CODE = (AttributeError, ImportError, IndexError, NameError, RecursionError, TypeError, ZeroDivisionError)
_SHORTEST = 3
_NUMBER = re.compile(r"\d{1,4}")
_QUOTED = re.compile(r"""(?<!\w)(?:".*"|'.*')(?!\w)""", re.DOTALL)
_IN_QUOTES = re.compile(f"""['"]?{_LEFT_OUT}['"]?""")
_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_MEANWHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"


def told(error: BaseException) -> str:
    """The error as Python writes it, after those that led to it, in words that may be told."""
    return "".join(_paragraphs(error)).rstrip()


def break_off_discreetly() -> None:
    """Have Python tell of an error that ends a command in the same words: its own way quotes a row of the database."""
    sys.excepthook = lambda _kind, error, _trace: print(told(error), file=sys.stderr)


def words_of(error: BaseException) -> str:
    """What may be told of the error's text; empty where nothing may."""
    import psycopg  # here: what runs without a database has errors, too
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError):
        return f"({_name(type(error.orig))}) {words_of(error.orig)}\n[SQL: {error.statement}]" if error.orig else ""
    if isinstance(error, psycopg.Error):
        return _words_of_database(error)
    if isinstance(error, OSError) and error.errno is not None:
        return f"[Errno {error.errno}] {error.strerror}"
    return _constant_words(error) or (str(error) if isinstance(error, _OF_CODE) else "")


def words_said(text: str, code: CodeType | None) -> str:
    """What may be told of a ready-made message, of which the code that said it may be known."""
    first = text.partition("\n")[0]
    return _IN_QUOTES.sub(_LEFT_OUT, words_in(first, code)) or _LEFT_OUT if code else unquoted(first)


def unquoted(text: str) -> str:
    """A text without what it quotes."""
    return _QUOTED.sub(_LEFT_OUT, text)


def chain(error: BaseException) -> list[BaseException]:
    """The error and what led to it, the first cause first."""
    found: list[BaseException] = []
    led: BaseException | None = error
    while led is not None and led not in found:
        found.append(led)
        led = led.__cause__ or (None if led.__suppress_context__ else led.__context__)
    return found[::-1]


def _paragraphs(error: BaseException) -> Iterator[str]:
    before: BaseException | None = None
    for each in chain(error):
        if before is not None:
            yield _CAUSE if each.__cause__ is before else _MEANWHILE
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(each.__traceback__)
        yield ": ".join(filter(None, (_name(type(each)), words_of(each)))) + "\n"
        before = each


def _name(kind: type) -> str:
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _words_of_database(error: "psycopg.Error") -> str:
    """Its first line without quotations, and the names that it gives of the schema's parts."""
    said = error.diag
    first = unquoted(said.message_primary or str(error)).partition("\n")[0]
    parts = {"constraint": said.constraint_name, "table": said.table_name, "column": said.column_name}
    return " ".join([first, *(f"{part}={name}" for part, name in parts.items() if name)])


def words_in(text: str, code: CodeType) -> str:
    """The text with each piece left out that is no constant of the code that made it; empty where nothing stays."""
    pieces = _constants(code)
    split = re.split("(" + "|".join(map(re.escape, pieces)) + ")", text) if pieces else []
    if len(split) <= 1:
        return ""
    return "".join(
        part if place % 2 or _NUMBER.fullmatch(part) else part and _LEFT_OUT for place, part in enumerate(split)
    )


def _constant_words(error: BaseException) -> str:
    code = _code_that_raised(error)
    return words_in(str(error), code) if code else ""


def _constants(code: CodeType) -> list[str]:
    found = {each for each in code.co_consts if isinstance(each, str) and len(each) >= _SHORTEST}
    return sorted(found, key=len, reverse=True)


def _code_that_raised(error: BaseException) -> CodeType | None:
    trace = error.__traceback__
    if trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code
