"""PostgreSQL's files with the schema in them, made once for all: who needs servers of their own begins with a copy."""

import os
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from coachhub.platform import embedded, migrate

_FOLDER = "COACHHUB_TEST_PREPARED"
_TEMPLATES = "templates"
_running = embedded.running


def prepare(folder: Path) -> None:
    """Make them, in the first process; the other ones read of the folder in their environment."""
    with embedded.running(folder, ["postgres"], durable=False) as addresses:
        migrate.upgrade(addresses.owner_url)
    (folder / _TEMPLATES).mkdir()
    os.environ[_FOLDER] = str(folder)


def copy_into(folder: Path) -> None:
    """Lay a copy and its passwords into a folder that the servers have not seen yet: a start then finds them."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    prepared = Path(os.environ[_FOLDER])
    subprocess.run(["cp", "-a", prepared / "postgres", prepared / "secrets.json", folder], check=True)


def running(folder: Path) -> AbstractContextManager[embedded.Addresses]:
    """Servers with the schema, for the length of a block; a power cut may lose it all."""
    copy_into(folder)
    return _running(folder, durable=False)


def with_templates(app: Flask) -> Flask:
    """An application whose templates are compiled once for all: by whoever needs one first."""
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(Path(os.environ[_FOLDER]) / _TEMPLATES))
    return app
