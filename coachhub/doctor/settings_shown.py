"""The settings in force, by the name of their environment variable, with secrets masked."""

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from coachhub.platform.config import Settings

_MASK = "********"


@dataclass(frozen=True)
class SettingShown:
    """One setting: the name of its environment variable and its text, None where it is not set."""

    name: str
    value: str | None


def shown(settings: Settings, *, show_secrets: bool) -> list[SettingShown]:
    """Every setting. Of an address only the password is masked; of a key everything."""
    found = []
    for field_name, field in Settings.model_fields.items():
        value = getattr(settings, field_name)
        name = str(field.validation_alias or field_name).upper()
        found.append(SettingShown(name, None if value is None else _text(value, show_secrets)))
    return found


def to_json(lines: list[SettingShown]) -> str:
    """One object, names to texts."""
    return json.dumps({line.name: line.value for line in lines})


def _text(value: object, show_secrets: bool) -> str:
    if isinstance(value, list):
        return ",".join(_text(one, show_secrets) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, SecretStr):
        return str(value)
    secret = value.get_secret_value()
    return secret if show_secrets else _masked(secret)


def _masked(secret: str) -> str:
    parts = urlsplit(secret)
    if not parts.scheme or "://" not in secret:
        return _MASK
    if parts.password is None:
        return secret
    return secret.replace(f":{parts.password}@", f":{_MASK}@", 1)
