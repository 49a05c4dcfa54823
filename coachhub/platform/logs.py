"""What our logs say of an error: where it happened, never what people wrote.

structlog's own way, wherever `rich` is installed, prints the local variables of every frame: passwords, tokens,
mails. And PostgreSQL's answers quote rows behind `DETAIL:`.
"""

import re
import traceback
from typing import Any, TextIO

import structlog

# To the end of the answer, which has as many lines as the row it quotes.
_QUOTED_ROW = re.compile(r"\n(DETAIL|CONTEXT):.*?(?=\n\[SQL|\n\nThe above exception|\n\nDuring handling|\Z)", re.DOTALL)


def keep_secrets() -> None:
    """Have every event written as one plain line, and an error without variables and without rows."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S"),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_write_traceback),
        ]
    )


def _write_traceback(sink: TextIO, error: Any) -> None:
    text = "".join(traceback.format_exception(*error)).rstrip()
    sink.write("\n" + _QUOTED_ROW.sub("", text))
