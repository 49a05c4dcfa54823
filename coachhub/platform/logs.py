"""What our logs look like, and what they never say: one event a line, with where it happened, not what people wrote.

structlog's own way, wherever `rich` is installed, prints the local variables of every frame: passwords, tokens,
mails. Libraries log what they please: of theirs, the words that stand in their code are kept, and what those are
filled with is not.
"""

import json
import logging
import sys
import threading
from contextlib import suppress
from datetime import date
from enum import Enum
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor

from coachhub.platform.addresses import without_addresses
from coachhub.platform.config import Settings
from coachhub.platform.discretion import told, words_said

_THEIR_OWN = ("_granian",)
"""Loggers that come with a handler of their own."""
_PLAIN = (UUID, date, Enum, Path)


def keep_secrets(settings: Settings) -> None:
    """Have every event of ours and of libraries written as one line, and errors without variables and rows."""
    is_json = settings.logs_as_json
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.TimeStamper(fmt="iso" if is_json else "%Y-%m-%d %H:%M:%S", utc=is_json),
            *_reporting(settings),
            _tell_error,
            _hide_addresses,
            _as_json if is_json else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_PLAINLY),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: _Output(),
    )
    _listen_to_libraries()


def tell_what_breaks_off() -> None:
    """Have errors that end this process, or a thread of it, told like all others: Python's own way quotes rows."""
    sys.excepthook = lambda _kind, error, _trace: _tell_of_end(error)
    threading.excepthook = lambda end: _tell_of_end(end.exc_value)


def _tell_of_end(error: BaseException | None) -> None:
    if error is None or not structlog.is_configured():
        print(told(error) if error else "", file=sys.stderr)
    elif not isinstance(error, KeyboardInterrupt | SystemExit):
        structlog.get_logger(__name__).error("broke_off", exc_info=error)


_PLAINLY = structlog.dev.plain_traceback


def _reporting(settings: Settings) -> list[Processor]:
    """Errors are reported elsewhere, too, where an address is set: nothing of the library is loaded otherwise."""
    if settings.sentry_dsn is None:
        return []
    from coachhub.platform import error_reports

    return [error_reports.reporter(settings.sentry_dsn.get_secret_value(), settings)]


def _tell_error(_logger: Any, _method: str, event: EventDict) -> EventDict:
    error = error_of(event)
    event.pop("exc_info", None)
    if error is not None:
        event["exception"] = told(error)
    return event


def error_of(event: EventDict) -> BaseException | None:
    """The error that an event is about, in each of the ways in which a logger may be told of it."""
    found = event.get("exc_info")
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    return error if isinstance(error, BaseException) else None


def _hide_addresses(_logger: Any, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str) and "@" in value and name != "exception":
            event[name] = without_addresses(value)
    return event


def _as_json(_logger: Any, _method: str, event: EventDict) -> str:
    return _AS_JSON(event)


def _written(value: object) -> str:
    """What JSON does not know; an object that might say anything is told by its kind."""
    return str(value) if isinstance(value, _PLAIN) else type(value).__name__


_AS_JSON = json.JSONEncoder(default=_written).encode


class _Output:
    """Standard output as it is now, a line at a time: loggers outlive what a test puts in its place.

    Whoever read it may be gone before us, such as a supervisor that saw only our parent end; then nobody misses a line,
    and no request or job may fail for it.
    """

    def msg(self, line: str) -> None:
        with suppress(OSError):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    debug = info = warning = error = critical = exception = msg


def _listen_to_libraries() -> None:
    root = logging.getLogger()
    if not any(isinstance(each, _ThroughOurs) for each in root.handlers):
        root.addHandler(_ThroughOurs(logging.WARNING))
    for name in _THEIR_OWN:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


class _ThroughOurs(logging.Handler):
    """Hands what a library warns of to our own log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, without what it is about."""
        log = structlog.get_logger(record.name)
        write = log.error if record.levelno >= logging.ERROR else log.warning
        write("library", logger=record.name, said=_words_of(record), exc_info=record.exc_info)


def _words_of(record: logging.LogRecord) -> str:
    """The words of a message that is filled in later; of a ready-made one, what stands in the code that said it."""
    text = str(record.msg)
    return text if record.args else words_said(text, _code_that_said(record))


def _code_that_said(record: logging.LogRecord) -> CodeType | None:
    """Found among those who wait for this line; a library that is no Python, such as granian's inside, is not there."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and (frame.f_code.co_filename, frame.f_lineno) != (record.pathname, record.lineno):
        frame = frame.f_back
    return frame.f_code if frame else None
