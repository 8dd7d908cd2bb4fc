"""The one secret of the server, and every key that comes from it."""

import os
import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from shared.crypto.keys import derive_key
from syncserver.kit.errors import CannotStart
from syncserver.settings import Settings

_SECRET_FILE = "secret.key"
_NEXT_FILE = "secret.key.next"
_ROTATED = re.compile(rb"chartdrop2:[0-9a-f]{64}:([0-9a-f]{64})")
"""A secret that took another's place: random, and the key that the server goes on signing with."""


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
        """The Ed25519 private key that signs the server's audit chains, receipts, leases and revocations.

        It outlives a rotation: devices know their server by it, and what it signed has to verify for years."""
        if carried := _ROTATED.fullmatch(self.secret):
            return bytes.fromhex(carried[1].decode())
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

    @cached_property
    def console(self) -> bytes:
        """Signs what the console's pages hand to browsers and get back: forms' tokens, notices."""
        return derive_key(self.secret, "chartdrop server console v1")


def load_keys(settings: Settings) -> ServerKeys:
    """The keys of the configured secret, or of the embedded server's own, made at its first start (mode 0600).

    Raises CannotStart while a rotation is half done."""
    if next_secret_file(settings).exists():
        raise CannotStart(
            "The rotation of this server's keys was broken off; nothing is lost. Run `chartdrop-server keys rotate` "
            "again: it goes on where it stopped."
        )
    return present_keys(settings)


def next_secret_file(settings: Settings) -> Path:
    """Where an embedded server's next secret lies while its keys are rotated."""
    return settings.data_dir / _NEXT_FILE


def secret_file(settings: Settings) -> Path:
    """Where an embedded server's own secret lies."""
    return settings.data_dir / _SECRET_FILE


def next_keys(place: Path, present: ServerKeys) -> ServerKeys:
    """The keys of the secret in `place`, which was made now or by a rotation that was broken off."""
    make_secret(place, b"chartdrop2:%s:%s" % (secrets.token_hex(32).encode(), present.audit.hex().encode()))
    return ServerKeys(_read_secret(place))


def present_keys(settings: Settings) -> ServerKeys:
    """The keys of the secret that counts until a rotation has ended."""
    if settings.secret_key:
        return ServerKeys(settings.secret_key.get_secret_value().encode())
    path = prepare_data_dir(settings.data_dir) / _SECRET_FILE
    make_secret(path, secrets.token_hex(32).encode())
    return ServerKeys(_read_secret(path))


def _read_secret(path: Path) -> bytes:
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise CannotStart(f"The secret in {path} cannot be read: {error.strerror}.") from error
    if not secret:
        raise CannotStart(f"The secret in {path} is empty. Restore it from your backup.")
    return secret


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


def make_secret(path: Path, secret: bytes) -> None:
    """`path` holds a secret, for this user alone: what it held before, or now `secret`."""
    if path.exists():
        return
    # Linked into place whole: of two servers that start at once, both end with the same secret.
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secret + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise CannotStart(f"The secret cannot be written into {path.parent}: {error.strerror}.") from error
