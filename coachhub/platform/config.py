"""Settings: read once at start from the environment, then from the settings file in `COACHHUB_DATA`."""

import os
import sys
from base64 import b64decode
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, get_origin
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

ROOT = Path(__file__).resolve().parents[2]
SETTINGS_FILE = "settings.env"
_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
_P256_LONG = 91


class SettingsError(Exception):
    """The settings cannot be used; the text says which one and what to do."""


def data_folder() -> Path:
    """The folder of all state: `COACHHUB_DATA`, or `.coachhub` in the checkout."""
    return Path(os.environ.get("COACHHUB_DATA") or ROOT / ".coachhub").expanduser().absolute()


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads `NAME_FILE`: the setting NAME is the content of that file, as container secrets come."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = str(field.validation_alias or field_name).upper()
        path = os.environ.get(f"{name}_FILE")
        return (Path(path).read_text().strip() if path else None), name, False

    def __call__(self) -> dict[str, Any]:
        found = {}
        for field_name, field in self.settings_cls.model_fields.items():
            value, name, _ = self.get_field_value(field, field_name)
            if value is not None:
                is_list = self.field_is_complex(field)
                found[name.lower()] = self.decode_complex_value(field_name, field, value) if is_list else value
        return found


class Settings(BaseSettings):
    """Every setting, by the name of its environment variable. A secret never has a default."""

    model_config = SettingsConfigDict(
        extra="ignore", case_sensitive=False, populate_by_name=True, env_ignore_empty=True
    )

    environment: Literal["development", "test", "production"] = Field("production", validation_alias="coachhub_env")
    data: Path = Field(default_factory=data_folder, validation_alias="coachhub_data")
    secret_key: SecretStr
    secret_key_fallbacks: list[SecretStr] = []
    database_url: SecretStr
    database_worker_url: SecretStr | None = None
    database_owner_url: SecretStr | None = None
    database_admin_url: SecretStr | None = None
    redis_url: SecretStr
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str
    web_workers: int = 1
    workers: int = Field(2, ge=1, le=64)
    bulk_workers: int = Field(2, ge=1, le=64)
    trusted_proxies: int = 0
    mailer: Literal["outbox", "sendgrid", "smtp"] = "outbox"
    mail_from: str = "CoachHub <hello@coachhub.example>"
    sendgrid_api_key: SecretStr | None = None
    sendgrid_host: str | None = None
    sendgrid_sandbox: bool = False
    sendgrid_webhook_keys: list[str] = []
    smtp_url: SecretStr | None = None
    stripe_secret_key: SecretStr | None = None
    stripe_webhook_secrets: list[SecretStr] = []
    stripe_api_base: str | None = None
    stripe_price_id: str | None = None
    metrics_token: SecretStr | None = Field(None, min_length=32)
    platform_fee_basis_points: int = Field(0, ge=0, le=5000)
    log_format: Literal["json", "plain"] | None = None
    access_log: bool = True
    slow_request_ms: int = Field(1_000, ge=0)
    slow_job_ms: int = Field(60_000, ge=0)
    sentry_dsn: SecretStr | None = None
    otel_exporter_otlp_endpoint: str | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller passes, then the environment, then `*_FILE`, then the settings file."""
        kept = DotEnvSettingsSource(settings_cls, env_file=data_folder() / SETTINGS_FILE)
        return init_settings, env_settings, _SecretFiles(settings_cls), kept

    @model_validator(mode="after")
    def _production_is_strict(self) -> "Settings":
        if len(self.secret_key.get_secret_value()) < 32:
            raise ValueError("SECRET_KEY must have at least 32 characters")
        if self.environment == "production" and not self.base_url.startswith("https://"):
            raise ValueError("BASE_URL must begin with https:// in production")
        if self.environment == "production" and self.mailer == "outbox":
            raise ValueError("MAILER=outbox keeps every mail on this machine: set sendgrid or smtp in production")
        return self

    @model_validator(mode="after")
    def _mail_can_go_out(self) -> "Settings":
        if self.mailer == "sendgrid" and self.sendgrid_api_key is None:
            raise ValueError("MAILER=sendgrid needs SENDGRID_API_KEY")
        if self.mailer == "smtp" and self.smtp_url is None:
            raise ValueError("MAILER=smtp needs SMTP_URL, such as smtp://user:password@mail.example.com:587")
        if self.environment == "production" and self.sendgrid_sandbox:
            raise ValueError("SENDGRID_SANDBOX=true has SendGrid deliver nothing: not in production")
        if self.sendgrid_host and not _reaches(self.sendgrid_host, "https", *self._plain_for_tests()):
            raise ValueError("SENDGRID_HOST must begin with https:// and name a host")
        if self.smtp_url and not _reaches(self.smtp_url.get_secret_value(), "smtp", "smtps"):
            raise ValueError("SMTP_URL must begin with smtp:// or smtps:// and name a host")
        if not all(_is_public_key(key) for key in self.sendgrid_webhook_keys):
            raise ValueError("SENDGRID_WEBHOOK_KEYS must be a JSON list of verification keys as SendGrid shows them")
        return self

    @model_validator(mode="after")
    def _money_can_move(self) -> "Settings":
        if self.stripe_secret_key is not None and not self.stripe_webhook_secrets:
            raise ValueError("STRIPE_SECRET_KEY needs STRIPE_WEBHOOK_SECRETS, a JSON list of the endpoints' secrets")
        if self.stripe_api_base and not _reaches(self.stripe_api_base, "https", *self._plain_for_tests()):
            raise ValueError("STRIPE_API_BASE must begin with https:// and name a host")
        return self

    @model_validator(mode="after")
    def _reports_can_leave(self) -> "Settings":
        dsn = self.sentry_dsn.get_secret_value() if self.sentry_dsn else None
        for name, url, package, extra in (
            ("SENTRY_DSN", dsn, "sentry_sdk", "errors"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", self.otel_exporter_otlp_endpoint, "opentelemetry", "traces"),
        ):
            if url and not _reaches(url, "https", "http"):
                raise ValueError(f"{name} must begin with https:// or http:// and name a host")
            if url and find_spec(package) is None:
                raise ValueError(f"{name} needs more packages: pip install 'coachhub[{extra}]'")
        return self

    def _plain_for_tests(self) -> tuple[str, ...]:
        return () if self.environment == "production" else ("http",)

    @cached_property
    def secure(self) -> bool:
        """Whether people reach us over TLS, so that cookies may be `__Host-` and `Secure`."""
        return urlsplit(self.base_url).scheme == "https"

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def logs_as_json(self) -> bool:
        """One JSON object a line where machines read the log, plain lines where a person does."""
        return self.is_production if self.log_format is None else self.log_format == "json"


def _reaches(url: str, *schemes: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in schemes and bool(parts.hostname) and not any(sign.isspace() for sign in url)


def _is_public_key(text: str) -> bool:
    """Whether it is a public key of P-256, as SendGrid signs its events with."""
    try:
        return b64decode(text, validate=True).startswith(_P256) and len(b64decode(text)) == _P256_LONG
    except ValueError:
        return False


def load_settings(**given: Any) -> Settings:
    """The settings in force. Raises SettingsError with one line a problem."""
    try:
        return Settings(**given)
    except ValidationError as error:
        problems = [_explain(problem) for problem in error.errors()]
        raise SettingsError("\n".join(problems)) from None
    except OSError as error:  # of NAME_FILE
        raise SettingsError(f"{error.filename} cannot be read: {error.strerror}.") from None
    except ValueError:  # pydantic's own would quote a list of secrets, or say nothing
        lists = [name.upper() for name, field in Settings.model_fields.items() if get_origin(field.annotation) is list]
        raise SettingsError(f'One of {", ".join(lists)} is no JSON list, such as ["one", "two"].') from None


def _explain(problem: Any) -> str:
    name = ".".join(str(part) for part in problem["loc"]).upper()
    if problem["type"] == "missing":
        return f"{name} is not set. Set it, or {name}_FILE, or start with script/up once."
    return f"{name + ': ' if name else ''}{problem['msg']}"


def load_settings_or_exit() -> Settings:
    """For the command line: the settings, or one clear message and exit code 2."""
    try:
        return load_settings()
    except SettingsError as error:
        sys.exit(f"coachhub: settings are incomplete\n{error}")


def sqlalchemy_url(url: str) -> str:
    """The address with the driver that we use, whatever `postgres` spelling was given."""
    _, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}"
