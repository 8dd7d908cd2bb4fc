"""Every setting of the server, in one place: `CHARTDROP_*` variables, an `.env` file in the working directory, files.

A file named as its variable, in the folder of systemd's credentials or of a container's secrets, holds a setting that
must not stand in an environment: that passes to every child, and into every crash report."""

import os
import re
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

RETRIES_S = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, *[36_000.0] * 6, 26_695.0)
"""Of a webhook: after 5 s, 5 min, 30 min, 2 h, 5 h, then every 10 h, and for the last time 75 h after the first."""
MIN_SECRET_CHARACTERS = 32  # 128 bits even when it is written in hexadecimal
_CONTAINER_SECRETS = Path("/run/secrets")  # of Compose, Docker and Podman
_LONGEST_PAUSE_S = 7 * 24 * 3600
_MIN_DISTINCT_CHARACTERS = 8
_RATE = re.compile(r"[1-9]\d{0,8}(/(second|minute|hour|day))?")
_PLACEHOLDERS = (
    "changeme",
    "change-me",
    "change_me",
    "your-secret",
    "your_secret",
    "default",
    "example",
    "placeholder",
)


class Settings(BaseSettings):
    """Read once, in the composition root."""

    model_config = SettingsConfigDict(
        env_prefix="CHARTDROP_",
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        populate_by_name=True,
    )

    environment: Literal["development", "production"] = Field(
        default="development", description="`production` refuses to start with a missing, default or short secret."
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="All keys derive from it: without it the data is lost. Unset, the embedded server makes its own.",
    )
    database_url: str | None = Field(
        default=None,
        repr=False,
        description="`postgresql+psycopg://user:password@host/name`; unset: an encrypted SQLite file in data_dir.",
    )
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("chartdrop-server", appauthor=False),
        validation_alias="CHARTDROP_SERVER_DATA_DIR",  # the desktop on the same machine has its own
        description="Where the embedded database, its secret and other files of the server live (--data-dir).",
    )
    storage_url: str | None = Field(
        default=None,
        repr=False,
        description="`s3://bucket?endpoint=…`, or `file:///…`; unset: a folder in data_dir. Objects are sealed before.",
    )
    broker_url: str | None = Field(
        default=None,
        repr=False,
        description="`redis://…`: `chartdrop-server worker` reads the jobs; unset: this process does.",
    )
    workers: int = Field(
        default=1, ge=0, le=64, description="How many documents a process reads at once (1 GB each); 0: none."
    )
    max_upload_mb: int = Field(default=50, ge=1, le=2000, description="The largest file of a job, in 1,000,000 bytes.")
    max_batch_mb: int = Field(default=500, ge=1, le=20_000, description="The largest batch, all files together.")
    soft_limit_s: int = Field(default=25 * 60, ge=1, description="After which reading a document is broken off.")
    hard_limit_s: int = Field(default=30 * 60, ge=1, description="After which a worker's claim on a document is over.")
    lease_s: float = Field(
        default=60, gt=0, description="How long a worker, or a sender of webhooks, that says nothing counts as alive."
    )
    sweep_s: float = Field(default=30, gt=0, description="How often jobs of dead workers are looked for.")
    backoff_s: float = Field(default=10, ge=0, description="Before a second attempt; six times that before a third.")
    keep_originals_days: int = Field(
        default=30, ge=0, description="Originals of finished jobs are deleted after so many days; 0 keeps them."
    )
    audit_retention_years: int = Field(
        default=7, ge=6, le=100, description="After how many years `audit remove-expired` gives audit entries up."
    )  # six are the least: 45 CFR 164.316(b)(2)(i)
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Comma-separated origins whose web pages may call the API; none by default."
    )
    stripe_api_key: SecretStr | None = Field(
        default=None, description="Payments through Stripe: `sk_live_…` or `sk_test_…`. Unset: no payments, all else."
    )
    stripe_api_base: str | None = Field(default=None, description="Another address than Stripe's own, for tests.")
    stripe_webhook_secret: SecretStr | None = Field(
        default=None,
        description="`whsec_…`, of the endpoint at Stripe that points to /api/v1/billing/stripe-webhook here.",
    )
    smtp_url: SecretStr | None = Field(
        default=None,
        description="`smtp://user:password@host:587` (STARTTLS) or `smtps://…`: sends invitations and password resets. "
        "Unset: owners, admins and the operator hand codes over.",
    )
    mail_from: str | None = Field(default=None, description="The address that the server's e-mail comes from.")
    rate_limit: str | None = Field(
        default=None,
        description="How often one key, session or address may ask each process: `600` a minute, or `20/second`; "
        "unset: as often as they like.",
    )
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="Comma-separated networks of proxies whose X-Forwarded-For is believed; none by default.",
    )
    webhook_allowed_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(),
        description="Comma-separated networks that webhooks may reach besides public addresses, by http too; none by "
        "default.",
    )
    webhook_retries_s: Annotated[tuple[float, ...], NoDecode] = Field(
        default=RETRIES_S,
        description="Comma-separated pauses after each try of a webhook that did not arrive, ±20 %; after the last it "
        "failed.",
    )
    metrics_token: SecretStr | None = Field(
        default=None, description="Opens /metrics to other machines, as a bearer token; unset: to this one alone."
    )
    tls_cert: Path | None = Field(default=None, description="The certificate to serve with (--tls-cert).")
    tls_key: Path | None = Field(default=None, description="Its key (--tls-key).")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="The least severe event that is logged."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic hands over all five
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given comes first, then the environment, `.env`, and secrets in files."""
        files = SecretsSettingsSource(settings_cls, secrets_dir=_secret_folders())
        return init_settings, env_settings, dotenv_settings, files

    @property
    def embedded(self) -> bool:
        """Whether the server brings its own database."""
        return self.database_url is None

    @field_validator("cors_origins", "trusted_proxies", "webhook_allowed_networks", "webhook_retries_s", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("webhook_retries_s")
    @classmethod
    def _are_pauses(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not all(0 < pause <= _LONGEST_PAUSE_S for pause in value):
            raise ValueError("each pause must be more than 0 and at most 604800 seconds")
        return value

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, value: str | None) -> str | None:
        if value is None or value.startswith("postgresql+psycopg://"):
            return value
        if value.startswith(("postgresql://", "postgres://")):
            return "postgresql+psycopg://" + value.split("://", 1)[1]
        raise ValueError("must start with postgresql+psycopg://; leave it unset for the embedded database")

    @field_validator("storage_url")
    @classmethod
    def _check_storage(cls, value: str | None) -> str | None:
        if value is None or value.startswith(("file:///", "s3://")):
            return value
        raise ValueError("must start with file:/// or s3://; leave it unset for a folder in the data directory")

    @field_validator("broker_url")
    @classmethod
    def _check_broker(cls, value: str | None) -> str | None:
        if value is None or value.startswith(("redis://", "rediss://")):
            return value
        raise ValueError("must start with redis:// or rediss://; leave it unset to read in the server's own process")

    @field_validator("rate_limit")
    @classmethod
    def _check_rate(cls, value: str | None) -> str | None:
        if value is None or _RATE.fullmatch(value):
            return value
        raise ValueError("must be a number, of requests a minute, or like 20/second, 600/minute, 10000/hour")

    @model_validator(mode="after")
    def _check_limits(self) -> Self:
        if self.hard_limit_s <= self.soft_limit_s:
            raise ValueError("CHARTDROP_HARD_LIMIT_S must be more than CHARTDROP_SOFT_LIMIT_S")
        return self

    @field_validator("smtp_url")
    @classmethod
    def _is_smtp(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("smtp://", "smtps://")):
            raise ValueError("must start with smtp:// or smtps://")
        return value

    @model_validator(mode="after")
    def _pair_certificate_and_key(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("TLS needs both a certificate (--tls-cert) and its key (--tls-key).")
        return self

    @model_validator(mode="after")
    def _name_a_sender(self) -> Self:
        if self.smtp_url and not self.mail_from:
            raise ValueError("CHARTDROP_MAIL_FROM is not set: e-mail needs the address that it comes from.")
        return self

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> Self:
        secret = self.secret_key.get_secret_value() if self.secret_key else ""
        if self.environment == "production" and (weakness := _weakness(secret)):
            raise ValueError(
                f"CHARTDROP_SECRET_KEY {weakness}. Production needs {MIN_SECRET_CHARACTERS} random characters or more, "
                "such as `openssl rand -hex 32` prints."
            )
        if not secret and self.database_url:
            raise ValueError(
                "CHARTDROP_SECRET_KEY is not set: a server on PostgreSQL needs one, the same for all its processes. "
                "`openssl rand -hex 32` prints a good one."
            )
        return self


def _secret_folders() -> list[Path]:
    """Those that are there: of a container, and of the systemd unit that started this process."""
    credentials = os.environ.get("CREDENTIALS_DIRECTORY")  # systemd.exec(5), LoadCredential=
    folders = [_CONTAINER_SECRETS, *([Path(credentials)] if credentials else [])]
    return [folder for folder in folders if folder.is_dir()]


def _weakness(secret: str) -> str | None:
    if not secret:
        return "is not set"
    if len(secret) < MIN_SECRET_CHARACTERS:
        return f"has only {len(secret)} characters"
    if any(word in secret.lower() for word in _PLACEHOLDERS) or len(set(secret)) < _MIN_DISTINCT_CHARACTERS:
        return "is a placeholder, not a secret"
    return None
