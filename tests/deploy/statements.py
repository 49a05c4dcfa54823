"""What a migration asks of the database: its SQL, read without a database."""

import io
import re
from collections.abc import Iterator

from alembic import command

from coachhub.platform import migrate

_QUOTED = re.compile(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'", re.DOTALL)
_COMMENT = re.compile(r"--[^\n]*")


def statements_between(first: str, last: str) -> list[str]:
    """Each statement that brings a database from one revision to another, on one line, in small letters."""
    config = migrate.alembic_config()
    config.output_buffer = io.StringIO()
    command.upgrade(config, f"{first}:{last}", sql=True)
    return list(split(config.output_buffer.getvalue()))


def split(script: str) -> Iterator[str]:
    """The statements of a script, without comments; what is quoted, bodies of functions too, is left out."""
    for statement in _COMMENT.sub("", _QUOTED.sub("''", script)).split(";"):
        if plain := " ".join(statement.lower().split()):
            yield plain
