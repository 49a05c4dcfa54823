"""h2load, the load generator of the nghttp2 project: quick enough to share two cores with the server that it asks."""

import resource
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

_PATIENCE = 600


@cache
def version() -> str | None:
    """Its name and version; None where it is not installed (Debian and Ubuntu have it in `nghttp2-client`)."""
    if shutil.which("h2load") is None:
        return None
    return subprocess.run(["h2load", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def ask(
    port: int, paths: Sequence[str], headers: Mapping[str, str], status: int, times: int, connections: int
) -> tuple[float, list[float], float]:
    """Seconds from the first question to the last answer, milliseconds of each answer, seconds of a core it took."""
    began = _work_of_children()
    with tempfile.TemporaryDirectory(prefix="h2load-") as folder:
        log, asked = Path(folder) / "answers", Path(folder) / "asked"
        asked.write_text("".join(f"http://localhost{path}\n" for path in paths))
        subprocess.run(
            [
                *("h2load", "--h1", "--threads=1", f"--clients={connections}", f"--requests={times}"),
                *(f"--header={name}: {value}" for name, value in headers.items()),
                *(f"--log-file={log}", f"--connect-to=127.0.0.1:{port}", f"--input-file={asked}"),
            ],
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=_PATIENCE,
        )
        seconds, answers = _read(log, paths[0], status, times)
    return seconds, answers, _work_of_children() - began


def _read(log: Path, path: str, status: int, times: int) -> tuple[float, list[float]]:
    """Its log has a line an answer: when it was asked for, its status, how long it took; in microseconds."""
    lines = [[int(part) for part in line.split("\t")] for line in log.read_text().splitlines()]
    wrong = next((answered for _, answered, _ in lines if answered != status), None)
    if wrong is not None or len(lines) != times:
        raise RuntimeError(f"{path} was answered {len(lines)} times of {times}, with {wrong or status}")
    first, last = min(at for at, _, _ in lines), max(at + took for at, _, took in lines)
    return (last - first) / 1_000_000, [took / 1000 for _, _, took in lines]


def _work_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
