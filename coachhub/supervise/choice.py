"""Which settings hold for `coachhub up`: what the environment says, else what we generate."""

import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from coachhub.platform.config import SETTINGS_FILE, Settings, SettingsError
from coachhub.platform.embedded import Addresses

_DATABASE = ("DATABASE_URL", "DATABASE_WORKER_URL", "DATABASE_OWNER_URL")


@dataclass(frozen=True)
class Choice:
    """The embedded servers that are needed, and the settings that the environment gives."""

    servers: tuple[str, ...]
    given: Mapping[str, str]


def choose(environment: Mapping[str, str]) -> Choice:
    """Read the environment. Raises SettingsError where it names only some of the database's roles."""
    names = [_name(field) for field in Settings.model_fields]
    given = {name: environment[name] for name in names if environment.get(name)}
    named = {name for name in names if name in given or environment.get(f"{name}_FILE")}
    missing = [name for name in _DATABASE if name not in named]
    if 0 < len(missing) < len(_DATABASE):
        raise SettingsError(
            f"{' and '.join(missing)} not set. A database of your own needs three roles, each with its address: "
            "deploy/roles.sql makes them and says how."
        )
    servers = (["postgres"] if missing else []) + ([] if "REDIS_URL" in named else ["valkey"])
    return Choice(tuple(servers), given)


def settle(folder: Path, choice: Choice, addresses: Addresses) -> None:
    """Write the settings file of `folder`, readable by us alone, for every other command to read."""
    values = {
        "COACHHUB_ENV": "development",
        "SECRET_KEY": _kept_secret(folder) or secrets.token_urlsafe(48),
        "HOST": "127.0.0.1",
        "PORT": "8000",
    }
    if "postgres" in choice.servers:
        values["DATABASE_URL"] = addresses.database_url
        values["DATABASE_WORKER_URL"] = addresses.worker_url
        values["DATABASE_OWNER_URL"] = addresses.owner_url
    if "valkey" in choice.servers:
        values["REDIS_URL"] = addresses.redis_url
    values |= {name: value for name, value in choice.given.items() if name != "COACHHUB_DATA"}
    values.setdefault("BASE_URL", f"http://{_for_people(values['HOST'])}:{values['PORT']}")
    _write(folder / SETTINGS_FILE, values)


def refuse_taken_port(host: str, port: int) -> None:
    """Raises SettingsError where somebody listens on the port already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {host} cannot be used: {os.strerror(error.errno or 0)}. "
                f"Choose another, for example: PORT={port + 1} script/up"
            ) from None


def _name(field_name: str) -> str:
    return str(Settings.model_fields[field_name].validation_alias or field_name).upper()


def _for_people(host: str) -> str:
    """An address that a browser on this machine can open."""
    return "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host  # noqa: S104


def _kept_secret(folder: Path) -> str | None:
    """The key of earlier starts: with another one, everybody would be signed out."""
    path = folder / SETTINGS_FILE
    return dotenv_values(path).get("SECRET_KEY") if path.exists() else None


def _write(path: Path, values: Mapping[str, str]) -> None:
    """Whole or not at all, as a command may read it at this moment."""
    lines = ["# Written by `coachhub up` at each start. The environment goes before it.\n"]
    for name, value in values.items():
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        lines.append(f"{name}='{escaped}'\n")
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(lines)
    draft.replace(path)
