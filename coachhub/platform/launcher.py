"""The last step before a supervised program: note its pid, tie its life to ours, drop rights, become it.

It runs as a file, before anything of CoachHub is imported:

    python -P launcher.py --name postgres --pids DIR --folder DIR --user 65534:65534 -- postgres -D ...
"""

import argparse
import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# What a server needs of our environment. Ours may hold keys, and that user's other programs could read them.
_FOR_OTHERS = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def launch_command(
    name: str, argv: list[str], *, pids: Path, folder: Path, user: tuple[int, int] | None, stop: str
) -> list[str]:
    """The command line that runs `argv` in `folder` as `user` (uid, gid), stopped by signal `stop` ("TERM").

    The pid goes to `pids`, so that the next start finds what a crash left behind.
    """
    command = [sys.executable, "-P", __file__, "--name", name, "--stop", stop]
    command += ["--pids", str(pids), "--folder", str(folder)]
    if user is not None:
        command += ["--user", f"{user[0]}:{user[1]}"]
    return [*command, "--", *argv]


def die_with_parent(stop: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send us `stop` when our parent ends, however it ends. Linux only; elsewhere nothing."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
    if os.getppid() != parent:  # it ended between the two lines
        os.kill(os.getpid(), stop)


def note_pid(pids: Path, name: str, pid: int) -> None:
    """Note in the folder that a program is that process. Who reads finds the note whole or not at all."""
    written = pids / f".{name}"
    written.write_text(f"{pid}\n")
    written.replace(pids / f"{name}.pid")


def main() -> None:
    """Read the arguments and become the program. Never returns."""
    asked = _arguments()
    note_pid(asked.pids, asked.name, os.getpid())
    os.chdir(asked.folder)  # before the rights go: the way here may be closed to that user
    environment = dict(os.environ)
    if asked.user:
        environment = {name: os.environ[name] for name in _FOR_OTHERS if name in os.environ}
        uid, gid = (int(part) for part in asked.user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        os.umask(0o077)
    die_with_parent(signal.Signals[f"SIG{asked.stop}"])  # after setuid, which forgets it
    os.execvpe(asked.argv[0], asked.argv, environment)  # noqa: S606 - that is the point


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="launcher")
    parser.add_argument("--name", required=True)
    parser.add_argument("--pids", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--user")
    parser.add_argument("--stop", default="TERM")
    parser.add_argument("argv", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    main()
