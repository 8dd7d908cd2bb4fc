"""A device that its organization revoked: what it believes, refuses and keeps, and how it comes back."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from desktop.errors import DeviceRevoked, ServerRefused, StoreDestroyed, StoreRevoked
from desktop.journey.sync.enrol import enrol
from desktop.journey.sync.push import Courier
from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.vault import device, outbox
from desktop.vault.connection import Vault, open_vault
from shared.crypto.signing import new_signing_key, verifying_key
from shared.wire.v1.devices import Enrolment
from shared.wire.v1.problems import Problem
from shared.wire.v1.statements import Admission, AdmissionNotice, Revocation, RevocationNotice
from tests.desktop.conftest import (
    PASSPHRASE,
    CommandLine,
    files_that_tell,
    needs_secret_service,
    run_with_secret_service,
)
from tests.desktop.journey.sync.doors import Door
from tests.desktop.journey.sync.test_pull import V1, administrator
from tests.desktop.journey.sync.test_push import owner_of_a_new_organization, write

KEY = bytes(range(32))
PUBLIC = verifying_key(KEY).hex()
CLINIC = UUID(int=1)


def last_sequence(vault: Vault) -> int:
    with vault.read() as connection:
        return outbox.last_sequence(connection)


def new_code(admin: httpx.Client) -> str:
    return str(admin.post(f"{V1}/devices/enrolment-codes").json()["code"])


@pytest.fixture
def workspace(settings: Settings) -> Iterator[Workspace]:
    opened = open_workspace(settings, lambda: None)
    yield opened
    opened.close()


@pytest.fixture
def at_the_server(workspace: Workspace, server_url: str, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """The administrator of the organization that this workspace's device was enrolled with."""
    email = f"{abs(hash(request.node.name))}@example.com"
    owner_of_a_new_organization(server_url, email)
    admin = administrator(server_url, email)
    workspace.connect(server_url, new_code(admin))
    yield admin
    admin.close()


def device_of(admin: httpx.Client) -> Any:
    return admin.get(f"{V1}/devices").json()["items"][0]


def test_a_revoked_device_locks_itself_and_keeps_what_it_did_not_send(
    workspace: Workspace, at_the_server: httpx.Client, scan: Path
) -> None:
    workspace.sync_now()
    document = workspace.add_files([scan])[0].document_id
    assert document is not None
    at_the_server.delete(f"{V1}/devices/{device_of(at_the_server)['id']}")

    outcome = workspace.sync_now()

    assert isinstance(outcome.fault, DeviceRevoked)
    assert outcome.waiting > 0
    assert "A clinic revoked this device" in (workspace.status().revoked or "")
    for refused in (
        workspace.documents,
        lambda: workspace.reading(document),
        lambda: workspace.add_files([scan]),
        lambda: workspace.start(None),
        lambda: workspace.delete(document),
        workspace.disconnect,
        lambda: workspace.back_up(scan.with_suffix(".backup")),
    ):
        with pytest.raises(StoreRevoked, match="stays encrypted here"):
            refused()
    assert workspace.verify_audit().fault is None
    listed = device_of(at_the_server)
    assert listed["revocation_heard_at"]
    assert listed["waiting"] == outcome.waiting - 1  # since then it wrote down that it was revoked


def test_a_new_code_lets_it_go_on_and_what_waited_is_sent(workspace: Workspace, at_the_server: httpx.Client) -> None:
    at_the_server.delete(f"{V1}/devices/{device_of(at_the_server)['id']}")
    assert workspace.sync_now().fault is not None
    url = str(at_the_server.base_url).rstrip("/")

    workspace.connect(url, new_code(at_the_server))

    outcome = workspace.sync_now()
    assert (outcome.fault, outcome.waiting) == (None, 0)
    assert workspace.status().revoked is None
    assert workspace.documents() == ()
    actions = [entry["action"] for entry in at_the_server.get(f"{V1}/audit").json()["items"]]
    assert {"device.heard_of_revocation", "device.revoked", "device.connected"} <= set(actions)


def test_a_device_at_work_stops_reading_and_leaves_files_where_they_are(
    workspace: Workspace, at_the_server: httpx.Client, scan: Path, tmp_path: Path
) -> None:
    at_the_server.delete(f"{V1}/devices/{device_of(at_the_server)['id']}")
    folder = tmp_path / "scans"
    workspace.start(folder)
    while workspace.status().revoked is None:
        time.sleep(0.02)
    dropped = folder / "late.png"
    dropped.write_bytes(scan.read_bytes())
    told: list[object] = []
    workspace.events.subscribe(told.append)

    while not any("revoked this device" in getattr(event, "message", "") for event in list(told)):
        time.sleep(0.02)

    assert dropped.exists()
    assert workspace.status().waiting == workspace.status().done == 0


def test_every_command_says_so_and_the_status_can_still_be_asked(
    workspace: Workspace, at_the_server: httpx.Client, chartdrop: CommandLine, tmp_path: Path
) -> None:
    at_the_server.delete(f"{V1}/devices/{device_of(at_the_server)['id']}")

    watched = chartdrop.run("watch", tmp_path / "scans")  # learns of it while it works
    synced, listed, status = (
        chartdrop.run("sync", "--json"),
        chartdrop.run("documents"),
        chartdrop.run("status", "--json"),
    )

    assert (watched.returncode, synced.returncode, listed.returncode, status.returncode) == (4, 5, 4, 0)
    assert json.loads(synced.stdout)["error"]["code"] == "device_revoked"
    for told in (watched.stderr, listed.stderr, json.loads(status.stdout)["revoked"]):
        assert "A clinic revoked this device" in told
        assert "chartdrop connect URL" in told
    assert workspace.status().revoked


def test_the_keys_are_destroyed_when_the_organization_asks(
    workspace: Workspace, at_the_server: httpx.Client, settings: Settings, scan: Path
) -> None:
    workspace.add_files([scan])
    key_file = settings.data_dir / "key.json"
    wrapped = json.loads(key_file.read_bytes())["wrapped_key"]
    at_the_server.delete(f"{V1}/devices/{device_of(at_the_server)['id']}", params={"destroy_keys": True})

    outcome = workspace.sync_now()

    assert isinstance(outcome.fault, DeviceRevoked)
    assert "destroy the keys" in (outcome.error or "")
    with pytest.raises(StoreRevoked, match="cannot be opened any more"):
        workspace.documents()
    workspace.close()
    assert not key_file.exists()
    assert files_that_tell(settings.data_dir, wrapped) == []
    for _ in range(2):
        with pytest.raises(StoreDestroyed, match="A clinic revoked this device and had it destroy the keys"):
            open_workspace(settings, lambda: PASSPHRASE)


def test_destruction_that_a_power_cut_interrupted_is_ended_by_who_comes_next(settings: Settings) -> None:
    open_vault(settings, lambda: None).close()
    left = settings.data_dir / ".0011223344556677.part"
    left.write_bytes((settings.data_dir / "key.json").read_bytes())
    (settings.data_dir / "keys-destroyed.json").write_text('{"organization": "A clinic", "at": "2026-03-05T09:30:00Z"}')

    with pytest.raises(StoreDestroyed, match=r"A clinic revoked this device .* on 2026-03-05"):
        open_vault(settings, lambda: None)

    assert not left.exists()
    assert not (settings.data_dir / "key.json").exists()


@needs_secret_service
def test_a_key_in_the_keyring_is_destroyed_there(tmp_path: Path) -> None:
    script = f"""
from pathlib import Path
from desktop.settings import Settings
from desktop.vault.connection import open_vault
from desktop.vault.destruction import destroy_keys
from desktop.vault.key_file import read_key_file
from desktop.vault.keyring_door import recall
settings = Settings(data_dir=Path({str(tmp_path / "data")!r}), key_storage="keyring")
vault = open_vault(settings, lambda: None)
name = read_key_file(vault.folder).name
assert recall(name)
destroy_keys(vault.folder, "A clinic", vault.clock())
print("gone" if recall(name) is None else "there")
"""
    assert run_with_secret_service(script, tmp_path).stdout.strip() == "gone"


@pytest.fixture
def door(vault: Vault) -> Iterator[Door]:
    """A door that this device is enrolled with, whose key the device knows."""
    with Door().serving() as one:
        clinic = Enrolment(
            device_id=vault.device_id, organization_id=CLINIC, organization_name="A clinic", audit_key=PUBLIC
        )
        with vault.act() as connection:
            device.set_link(connection, one.url, clinic, vault.clock())
        yield one


def notice(vault: Vault, nonce: str, **changes: Any) -> RevocationNotice:
    right = {"organization_id": CLINIC, "device_id": vault.device_id, "nonce": nonce, "destroy_keys": False}
    return RevocationNotice.model_validate(right | {"revoked_at": "2026-03-05T09:30:00Z"} | changes)


def refusal(revocation: Any = None) -> tuple[int, Any]:
    problem = {"title": "Forbidden", "status": 403, "code": "device_revoked", "detail": "This device was revoked."}
    return 403, problem | ({"revocation": revocation.model_dump(mode="json")} if revocation else {})


def test_nobody_between_can_lock_a_device(vault: Vault, door: Door) -> None:
    earlier = Revocation.signed(KEY, notice(vault, "5e" * 32))
    forged = [
        lambda _: (401, {"title": "Unauthorized", "status": 401}),
        lambda _: (403, "<h1>Blocked by your network</h1>"),
        lambda _: refusal(),
        lambda _: refusal(earlier),  # heard once, and played again
        lambda asked: refusal(Revocation.signed(new_signing_key(), notice(vault, asked["nonce"]))),
        lambda asked: refusal(Revocation.signed(KEY, notice(vault, asked["nonce"], device_id=UUID(int=7)))),
        lambda asked: refusal(Revocation.signed(KEY, notice(vault, asked["nonce"], organization_id=UUID(int=7)))),
        lambda _: refusal(Revocation.signed(KEY, Problem(title="no notice", status=403))),
    ]
    for number, answer in enumerate(forged):
        door.answers["/devices/token"] = answer
        fault = Courier(vault).round().fault
        assert isinstance(fault, ServerRefused), number
        assert not isinstance(fault, DeviceRevoked), number
    write(vault, 1)

    door.answers["/devices/token"] = lambda asked: refusal(Revocation.signed(KEY, notice(vault, asked["nonce"])))
    assert isinstance(Courier(vault).round().fault, DeviceRevoked)


def test_a_refusal_of_a_push_is_believed_once_the_token_is_refused_with_a_signature(vault: Vault, door: Door) -> None:
    door.answers["/sync/push"] = lambda _: refusal()
    fault = Courier(vault).round().fault

    assert isinstance(fault, ServerRefused)
    assert not isinstance(fault, DeviceRevoked)
    door.answers["/devices/token"] = lambda asked: refusal(Revocation.signed(KEY, notice(vault, asked["nonce"])))
    assert isinstance(Courier(vault).round().fault, DeviceRevoked)


def test_a_server_that_only_calls_itself_the_same_does_not_unlock_a_device(vault: Vault, door: Door) -> None:
    door.answers["/devices/token"] = lambda asked: refusal(Revocation.signed(KEY, notice(vault, asked["nonce"])))
    Courier(vault).round()
    before = last_sequence(vault)
    again = {"device_id": str(vault.device_id), "organization_id": str(CLINIC), "organization_name": "A clinic"}

    def signed(key: bytes, nonce: str, organization: UUID = CLINIC) -> Any:
        addressed = AdmissionNotice(organization_id=organization, device_id=vault.device_id, nonce=nonce)
        return again | {"audit_key": PUBLIC, "admission": Admission.signed(key, addressed).model_dump(mode="json")}

    for answer in (
        lambda _: (201, again | {"audit_key": PUBLIC}),
        lambda asked: (201, signed(new_signing_key(), asked["nonce"])),
        lambda _: (201, signed(KEY, "5e" * 32)),
        lambda asked: (201, signed(KEY, asked["nonce"], UUID(int=7))),
    ):
        door.answers["/devices"] = answer
        with pytest.raises(ServerRefused, match="did not prove"):
            enrol(vault, door.url, "a code", allow_insecure=False)
    assert last_sequence(vault) == before

    door.answers["/devices"] = lambda asked: (201, signed(KEY, asked["nonce"]))
    assert enrol(vault, door.url, "a code", allow_insecure=False).organization_id == CLINIC
