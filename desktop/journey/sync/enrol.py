"""Making this device known to a server: by a one-time code, or by signing in to get one."""

import platform
import secrets
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel

from desktop.errors import NotConnected, ServerRefused
from desktop.journey.sync.revoked import check_admission
from desktop.journey.sync.server import Server, checked_url
from desktop.vault import ancestry, audit_log, device, feed
from desktop.vault.connection import Vault
from shared.crypto.signing import verifying_key
from shared.wire.v1.devices import Enrolment, EnrolmentCode, EnrolRequest
from shared.wire.v1.succession import Ancestor
from shared.wire.v1.values import NONCE_BYTES

_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signs in to get a code for this device."""

    email: str
    password: str


class _Session(BaseModel):
    access_token: str


def enrol(  # noqa: PLR0913 - who, where and by what right: each said by name
    vault: Vault,
    url: str,
    credential: str | SignIn,
    *,
    allow_insecure: bool,
    authority: str | None = None,
    actor: str = audit_log.OPERATOR,
) -> device.ServerLink:
    """This device belongs to the server at `url`, by an enrolment code or a sign-in; one that was revoked, again.

    With an `authority` (PEM), no other's certificates are ever taken from this server.
    Raises ServerUnreachable, ServerRefused; then all is as it was."""
    url, nonce = checked_url(url, allow_insecure=allow_insecure), secrets.token_hex(NONCE_BYTES)
    with Server(url, authority) as server:
        code = credential if isinstance(credential, str) else _code_of(server, credential)
        enrolment = server.post("/api/v1/devices", _request(vault, code, nonce), Enrolment)
    with vault.act() as connection:
        check_admission(vault, connection, enrolment, nonce)
        feed.clear(connection)
        device.set_link(connection, url, enrolment, vault.clock(), authority)
        details = {"organization": str(enrolment.organization_id)}
        act = audit_log.Act(actor, "device.connected", str(vault.device_id), details)
        audit_log.record(connection, vault.chain, act)
        link = device.link(connection)
    if link is None:
        raise NotConnected("The server was forgotten while this device was being enrolled. Connect again.")
    return link


def pinned_authority(path: Path | None) -> str | None:
    """The certificate authority in the file; None without one. Raises ServerRefused."""
    try:
        return path.read_text(encoding="ascii") if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise ServerRefused(f"The certificate authority {path} cannot be read. Take the server's ca.pem.") from error


def forget(vault: Vault, actor: str = audit_log.OPERATOR) -> None:
    """This device belongs to no server, and what it fetched there is gone; its outbox is whole. Raises NotConnected."""
    with vault.act() as connection:
        if device.link(connection) is None:
            raise NotConnected("This device is not connected to a server.")
        feed.clear(connection)
        device.forget_link(connection)
        act = audit_log.Act(actor, "device.disconnected", str(vault.device_id))
        audit_log.record(connection, vault.chain, act)


def _code_of(server: Server, sign_in: SignIn) -> str:
    form = {"username": sign_in.email, "password": sign_in.password}
    session = server.post_form("/api/v1/login", form, _Session)
    return server.post("/api/v1/devices/enrolment-codes", None, EnrolmentCode, session.access_token).code


def _request(vault: Vault, code: str, nonce: str) -> EnrolRequest:
    return EnrolRequest(
        code=code,
        device_id=vault.device_id,
        name=(platform.node() or "a desktop")[:_NAME_LENGTH],
        public_key=verifying_key(vault.chain.signing_key).hex(),
        platform=platform.platform(terse=True)[:_NAME_LENGTH],
        app_version=app_version(),
        nonce=nonce,
        ancestors=_ancestors(vault),
    )


def _ancestors(vault: Vault) -> list[Ancestor] | None:
    with vault.read() as connection:
        before = ancestry.held(connection)
    return [Ancestor(device_id=one.device_id, public_key=one.public_key) for one in before] or None


def app_version() -> str:
    """Of this program; empty where it is not known."""
    try:
        return version("chartdrop")
    except PackageNotFoundError:  # run from a source tree that was not installed
        return ""
