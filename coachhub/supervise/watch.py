"""What a person at the terminal should hear of: a program that ended or does not start, an error in a log."""

import re
from pathlib import Path

from coachhub.supervise.supervisor import State, last_lines

# PostgreSQL says ERROR for each refused insert, which is daily life; FATAL and PANIC are not.
_ALARM = re.compile(r"\b(FATAL|PANIC):|\[(error|critical)\s*\]|\"level\": ?\"(error|critical)\"|^Traceback")
_CHATTY_AT_STOP = ("terminating connection due to administrator command", "the database system is")


class Watch:
    """Compares each look with the one before."""

    def __init__(self, log: Path, states: list[State]) -> None:
        self._log = log
        self._before = {state.name: state for state in states}
        self._read = {path.name: path.stat().st_size for path in log.glob("*.log")}

    def look(self, states: list[State]) -> list[str]:
        """The news since the last look, as lines for the terminal."""
        news = [line for state in states for line in self._about(state)]
        self._before |= {state.name: state for state in states}
        return news + self._alarms()

    def _about(self, state: State) -> list[str]:
        before = self._before.get(state.name)
        log = self._log / f"{state.name}.log"
        if state.word == "FATAL" and (before is None or before.word != "FATAL"):
            return [f"{state.name} does not start. The end of {log}:", last_lines(log)]
        if before is not None and before.pid not in (0, state.pid):
            return [f"{state.name} ended unexpectedly and is started again (log: {log})."]
        return []

    def _alarms(self) -> list[str]:
        found = []
        for path in sorted(self._log.glob("*.log")):
            start, size = self._read.get(path.name, 0), path.stat().st_size
            self._read[path.name] = size
            with path.open("rb") as file:
                file.seek(start if start <= size else 0)  # shorter than before: it was rotated
                text = file.read(size).decode(errors="replace")
            found += [f"{path.stem}: {line}" for line in text.splitlines() if _is_alarm(line)]
        return found


def _is_alarm(line: str) -> bool:
    return bool(_ALARM.search(line)) and not any(words in line for words in _CHATTY_AT_STOP)
