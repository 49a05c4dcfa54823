"""The embedded PostgreSQL: made once, reached only through a socket and a generated password."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psutil

from coachhub.platform.config import ROOT
from coachhub.platform.embedded.binaries import client_program, own_major, postgres_program
from coachhub.platform.embedded.layout import EmbeddedError, Layout, make_owned
from coachhub.platform.launcher import launch_command

ADMIN = "postgres"
PORT = 5432  # no port is opened: it is a part of the socket's name
# The server's own folder by the kernel's link, which needs no way in through closed folders above it.
_HERE = "/proc/self/cwd"


def initialise(layout: Layout, password: str) -> None:
    """Make the database's files, once. Killed halfway, it starts again. Raises EmbeddedError."""
    if (layout.postgres / "PG_VERSION").exists():
        return
    draft = layout.folder / "postgres.new"
    shutil.rmtree(draft, ignore_errors=True)
    make_owned(draft, layout.user)
    with tempfile.NamedTemporaryFile("w", dir=layout.run) as file:
        file.write(password + "\n")
        file.flush()
        if layout.user is not None:
            os.fchown(file.fileno(), *layout.user)  # not by name: the folder is theirs, and a name can become a link
        _run_initdb(layout, draft, Path(file.name))
    draft.replace(layout.postgres)


def forget_stale_lock(layout: Layout) -> None:
    """After a crash the lock files name a pid that may be somebody else's by now: then PostgreSQL would refuse."""
    for lock in (layout.postgres / "postmaster.pid", layout.run / f".s.PGSQL.{PORT}.lock"):
        if lock.exists() and not _is_postgres(lock.read_text().partition("\n")[0]):
            lock.unlink()


def kept_major(layout: Layout) -> int | None:
    """The major version that the database's files are of; None where there are none yet."""
    noted = layout.postgres / "PG_VERSION"
    return int(noted.read_text()) if noted.exists() else None


def refuse_other_major(layout: Layout) -> None:
    """Raises EmbeddedError where the files are of another major version than our programs, which would not start."""
    kept, own = kept_major(layout), own_major()
    if kept not in (None, own):
        raise EmbeddedError(
            f"The database in {layout.postgres} is of PostgreSQL {kept}, and this version of CoachHub brings {own}. "
            "coachhub upgrade-embedded says how to bring it over, and does it."
        )


def command(layout: Layout, durable: bool, programs: Path | None = None) -> list[str]:
    """The foreground server, to be run in `layout.postgres`; by the programs in a folder instead of ours, if named."""
    quoted = str(layout.run).replace('"', '""')
    options = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{quoted}"',
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "cluster_name": "coachhub",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_error_verbosity": "terse",  # without the row that an error is about
        # As shipped it is meant for a machine of twenty years ago: what a day's mails touch is to stay in memory.
        "shared_buffers": f"{_buffers()}MB",
        "wal_buffers": "64MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "jit": "off",
    }
    if not durable:
        options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    program = programs / "postgres" if programs else postgres_program(layout, "postgres")
    argv = [str(program), "-D", _own_folder(layout.postgres)]
    for name, value in options.items():
        argv += ["-c", f"{name}={value}"]
    return argv


def _buffers() -> int:
    """Megabytes: an eighth of the machine's memory, two gigabytes at most. Only what is used of it is taken."""
    memory: int = psutil.virtual_memory().total
    return max(128, min(2048, memory // (8 * 1024 * 1024)))


def ensure_roles(admin_url: str, *, owner_url: str, web_url: str, worker_url: str) -> None:
    """Run deploy/roles.sql with the passwords that the addresses hold. Raises EmbeddedError."""
    admin = urlsplit(admin_url)
    passwords = {
        "PGPASSWORD": admin.password or "",  # a command line is everybody's to read
        "OWNER_PASSWORD": urlsplit(owner_url).password or "",
        "WEB_PASSWORD": urlsplit(web_url).password or "",
        "WORKER_PASSWORD": urlsplit(worker_url).password or "",
    }
    _check(
        subprocess.run(
            [client_program("psql"), "--no-psqlrc", "--quiet", "--file", _roles_file(), _without_password(admin)],
            env=os.environ | passwords,
            capture_output=True,
            text=True,
        ),
        "deploy/roles.sql",
    )


def _without_password(address: SplitResult) -> str:
    return address._replace(netloc=f"{address.username}@{address.hostname or ''}").geturl()


def _roles_file() -> Path:
    """The file in the checkout, or the one that travels in the wheel."""
    checkout = ROOT / "deploy" / "roles.sql"
    return checkout if checkout.exists() else ROOT / "coachhub" / "_deploy" / "roles.sql"


def _run_initdb(layout: Layout, folder: Path, password_file: Path) -> None:
    argv = [
        str(postgres_program(layout, "initdb")),
        *("-D", _own_folder(folder), "--username", ADMIN, "--pwfile", str(password_file)),
        *("--auth-local=scram-sha-256", "--auth-host=scram-sha-256", "--encoding=UTF8", "--no-instructions"),
        # The same order on every machine; the C library's part only says what a letter is.
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        "--locale=C.UTF-8" if sys.platform == "linux" else "--locale=en_US.UTF-8",
    ]
    program = launch_command("initdb", argv, pids=layout.pids, folder=folder, user=layout.user, stop="TERM")
    child = subprocess.Popen(
        program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        output, _ = child.communicate()
    except BaseException:
        os.killpg(child.pid, signal.SIGKILL)  # it starts servers of its own, which would write on
        child.wait()
        raise
    _check(subprocess.CompletedProcess(program, child.returncode, output, ""), "initdb")


def _is_postgres(pid: str) -> bool:
    try:
        return bool(psutil.Process(int(pid)).name().startswith("postgres"))
    except (ValueError, psutil.NoSuchProcess):  # a lock cut short by a power cut holds no number
        return False


def _own_folder(folder: Path) -> str:
    return _HERE if Path(_HERE).exists() else str(folder)


def _check(done: subprocess.CompletedProcess[str], what: str) -> None:
    if done.returncode != 0:
        raise EmbeddedError(f"{what} failed:\n{done.stdout}{done.stderr}")
