"""Worker processes for a measurement, as `coachhub up` runs them, mailing to a provider that only counts."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from coachhub.bench.provider import Provider
from coachhub.bench.scratch import Scratch
from coachhub.platform.config import ROOT, Settings

A_WORKER = ("-m", "workers.boot", "worker", "default")
A_SINGLE_WORKER = ("-c", "from coachhub.bench import single; single.work()")


@contextmanager
def crew(scratch: Scratch, provider: Provider | None, commands: Sequence[Sequence[str]]) -> Iterator[None]:
    """Run a Python process for each of the command lines for the length of the block. Their words are thrown away."""
    environment = environment_of(scratch.settings) | ({"SENDGRID_HOST": provider.url} if provider else {})
    with tempfile.TemporaryFile() as log:
        how = {"cwd": home(), "env": environment, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        children = [subprocess.Popen([sys.executable, *command], **how) for command in commands]  # type: ignore[call-overload]
        try:
            yield
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait(90)


def home() -> Path:
    """Where such processes run: they find the workers there."""
    return ROOT if (ROOT / "workers").is_dir() else Path.cwd()


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment of a process that is to have these settings."""
    assert settings.database_worker_url is not None  # noqa: S101 (scratch names it)
    return os.environ | {
        "COACHHUB_ENV": "test",
        "COACHHUB_DATA": str(settings.data),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "DATABASE_WORKER_URL": settings.database_worker_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "BASE_URL": settings.base_url,
        "MAILER": "sendgrid",
        "SENDGRID_API_KEY": "SG.bench",
    }
