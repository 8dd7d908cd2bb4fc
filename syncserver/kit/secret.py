"""The one secret of the server, and every key that comes from it."""

import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shared.crypto.keys import derive_key
from syncserver.kit.errors import CannotStart
from syncserver.settings import Settings

_SECRET_FILE = "secret.key"


@dataclass(frozen=True)
class ServerKeys:
    """32-byte keys, one for each purpose, all derived from the secret (HKDF-SHA256)."""

    secret: bytes

    @cached_property
    def database(self) -> bytes:
        """Opens the embedded database."""
        return derive_key(self.secret, "chartdrop server database v1")

    @cached_property
    def master(self) -> bytes:
        """Seals the organizations' keys."""
        return derive_key(self.secret, "chartdrop server master v1")

    @cached_property
    def tokens(self) -> bytes:
        """Signs access tokens, device tokens and challenges."""
        return derive_key(self.secret, "chartdrop server tokens v1")

    @cached_property
    def refresh(self) -> bytes:
        """Makes a refresh token's successor."""
        return derive_key(self.secret, "chartdrop server refresh v1")

    @cached_property
    def codes(self) -> bytes:
        """Hashes enrolment codes, which are too short for a bare hash."""
        return derive_key(self.secret, "chartdrop server codes v1")

    @cached_property
    def audit(self) -> bytes:
        """The Ed25519 private key that signs the server's audit chains."""
        return derive_key(self.secret, "chartdrop server audit v1")

    @cached_property
    def second_factors(self) -> bytes:
        """Seals the secrets that people's authenticator apps share."""
        return derive_key(self.secret, "chartdrop server second factors v1")

    @cached_property
    def answers(self) -> bytes:
        """Seals the answers kept for repeated requests."""
        return derive_key(self.secret, "chartdrop server answers v1")

    @cached_property
    def links(self) -> bytes:
        """Signs links to originals."""
        return derive_key(self.secret, "chartdrop server links v1")


def load_keys(settings: Settings) -> ServerKeys:
    """The keys of the configured secret, or of the embedded server's own, made at its first start (mode 0600)."""
    if settings.secret_key:
        return ServerKeys(settings.secret_key.get_secret_value().encode())
    path = prepare_data_dir(settings.data_dir) / _SECRET_FILE
    _make_secret(path)
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise CannotStart(f"The secret in {path} cannot be read: {error.strerror}.") from error
    if not secret:
        raise CannotStart(f"The secret in {path} is empty. Restore it from your backup.")
    return ServerKeys(secret)


def has_secret(settings: Settings) -> bool:
    """Whether the secret is set, or lies in the data directory from an earlier start."""
    return settings.secret_key is not None or (settings.data_dir / _SECRET_FILE).exists()


def prepare_data_dir(data_dir: Path) -> Path:
    """`data_dir`, which exists and can be written to, for this user alone when it was made here."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotStart(f"The data directory {data_dir} cannot be made: {error.strerror}.") from error
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise CannotStart(f"The data directory {data_dir} cannot be written to: permission denied.")
    return data_dir


def _make_secret(path: Path) -> None:
    if path.exists():
        return
    # Linked into place whole: of two servers that start at once, both end with the same secret.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise CannotStart(f"The data directory {path.parent} cannot be written to: {error.strerror}.") from error
