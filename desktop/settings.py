"""The desktop's settings: one typed class, read once from `CHARTDROP_*` and handed down."""

import os
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.reading.settings import processors

_WORKER_BYTES = 750_000_000  # what a reading process holds while it reads
_SHARE_OF_MEMORY = 4  # a quarter of the machine's memory is ours, the rest is for what else people run


def default_data_dir() -> Path:
    """The platform's application-data directory."""
    return user_data_path("Chartdrop", appauthor=False)


def default_workers() -> int:
    """One reading process a processor, as many as a quarter of the memory holds.

    Two processes of one thread read 1.3× what one of two threads does."""
    return max(1, min(processors(), _memory_bytes() // _SHARE_OF_MEMORY // _WORKER_BYTES))


def _memory_bytes() -> int:
    """The machine's memory; where the system does not say (Windows), the 8 GB of an ordinary PC."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 8_000_000_000


class Settings(BaseSettings):
    """Everything that can be set. Each field is also an environment variable, `CHARTDROP_` and its name."""

    model_config = SettingsConfigDict(env_prefix="CHARTDROP_", frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(default_factory=default_data_dir, description="Where the encrypted store and the log are.")
    passphrase: SecretStr | None = Field(
        None,
        description="Opens a store whose key is wrapped by a passphrase. Given when a store is made, it is used "
        "instead of the keyring.",
    )
    new_passphrase: SecretStr | None = Field(None, description="What `key passphrase` puts the store's key under.")
    recovery_passphrase: SecretStr | None = Field(
        None, description="What a backup opens with; needed where the store's own key is in the keyring."
    )
    key_storage: Literal["auto", "keyring", "passphrase"] = Field(
        "auto",
        description="Where a new store keeps its key. auto: under the passphrase when one is given, else in the "
        "keyring, else under a passphrase that is asked for.",
    )
    watch: Path | None = Field(None, description="The folder that the window watches.")
    settle_seconds: Annotated[float, Field(ge=0.1, le=3600)] = Field(
        2.0, description="A dropped file is whole once its size and time stood still this long."
    )
    sweep_seconds: Annotated[float, Field(ge=0.1, le=3600)] = Field(
        5.0, description="How often the watched folder is looked through besides the system's own notices."
    )
    workers: Annotated[int, Field(ge=1, le=64)] = Field(
        default_factory=default_workers, description="How many documents are read at a time, each in its own process."
    )
    max_file_mb: Annotated[int, Field(ge=1, le=1024)] = Field(50, description="Larger files are refused (MiB).")
    retention_years: Annotated[int, Field(ge=0, le=100)] = Field(
        7, description="Documents are deleted this many years after they came in; 0 keeps them for ever."
    )
    allow_insecure_server: bool = Field(
        False, description="Lets the desktop talk http to a server that is not on this machine. For tests of a network."
    )
    sync_seconds: Annotated[float, Field(ge=0.1, le=86_400)] = Field(
        30.0, description="How often the server is asked for news while nothing else wakes the sync."
    )
    sync_metered: bool = Field(
        False, description="The network costs, or is slow: nothing is sent or fetched but when a person asks for it."
    )
    server_ca: Path | None = Field(
        None, description="A certificate authority (PEM) that `connect` pins: the server's certificate must be of it."
    )
    lock_minutes: Annotated[float, Field(ge=0.1, le=1440)] = Field(
        10.0, description="Where several people share the device: who touches nothing for so long is signed out."
    )
    person: Annotated[str | None, NoDecode] = Field(
        None, description="Who acts, where several people share the device."
    )
    pin: SecretStr | None = Field(None, description="Goes with `person`.")
    new_pin: SecretStr | None = Field(None, description="What `people add` and `people reset` set.")
    recovery_code: SecretStr | None = Field(None, description="What `people reset --recovery` presents.")
    enrolment_code: SecretStr | None = Field(None, description="What `connect` presents to the server.")
    email: Annotated[str | None, NoDecode] = Field(None, description="Who signs in when `connect` has no code.")
    password: SecretStr | None = Field(None, description="Goes with `email`.")

    @field_validator("data_dir", "watch", "server_ca")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        """What a person wrote, wherever the program runs later: `~` and relative names are resolved once."""
        return path.expanduser().absolute() if path else None
