"""Another key: the old one opens nothing any more, and whoever pulls the plug leaves a store that opens."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from desktop.errors import StoreBusy, StoreError, StoreLocked
from desktop.services import open_workspace
from desktop.settings import Settings
from desktop.vault import audit_log, blobs, documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import read_key_file
from desktop.vault.keys import unlock
from desktop.vault.rekey import change_lock, is_rotation_pending, rotate
from tests.desktop.conftest import (
    PASSPHRASE,
    fingerprint,
    needs_secret_service,
    nobody_answers,
    quick_settings,
    run_with_secret_service,
)
from tests.desktop.vault.test_erasure import keep


@pytest.fixture
def document_id(settings: Settings) -> UUID:
    vault = open_vault(settings, nobody_answers)
    kept = keep(vault)
    vault.close()
    return kept


def assert_whole(vault: Vault, document_id: UUID) -> list[str]:
    """The document, its file and the chain are there; the chain's lines."""
    with vault.read() as connection:
        assert documents.get(connection, document_id).state == "done"
        sealed = blobs.find(connection, document_id, "original")
        assert sealed is not None
        assert vault.blobs.read(sealed) == b"%PDF"
        assert audit_log.verify(connection, vault.chain) is None
        return list(audit_log.lines(connection))


def test_after_a_rotation_the_old_key_opens_nothing(settings: Settings, document_id: UUID) -> None:
    folder = DataFolder(settings.data_dir)
    old, old_file = unlock(folder, settings, nobody_answers), folder.key_file.read_bytes()

    rotate(settings, nobody_answers)

    new = unlock(folder, settings, nobody_answers)
    assert {new.database, new.blobs}.isdisjoint({old.database, old.blobs})
    assert new.older is None
    vault = open_vault(settings, nobody_answers)
    assert any('"key.rotated"' in line for line in assert_whole(vault, document_id))
    vault.close()
    folder.key_file.write_bytes(old_file)
    with pytest.raises(StoreError):
        open_vault(settings, nobody_answers)


def test_no_key_is_changed_under_somebody_who_has_the_store_open(settings: Settings, document_id: UUID) -> None:
    vault = open_vault(settings, nobody_answers)
    key_file = DataFolder(settings.data_dir).key_file.read_bytes()

    with pytest.raises(StoreBusy, match="Nothing was changed"):
        rotate(settings, nobody_answers)

    assert DataFolder(settings.data_dir).key_file.read_bytes() == key_file
    assert_whole(vault, document_id)
    vault.close()


def test_a_wrong_passphrase_changes_nothing(settings: Settings, document_id: UUID) -> None:
    before = fingerprint(settings.data_dir)
    wrong = quick_settings(settings.data_dir, passphrase="another")

    with pytest.raises(StoreLocked):
        rotate(wrong, nobody_answers)
    with pytest.raises(StoreLocked):
        change_lock(wrong, nobody_answers, "passphrase", "a new one")

    assert fingerprint(settings.data_dir) == before


KILLED = """
import os, signal, sys
from pathlib import Path
from desktop.settings import Settings
from desktop.vault import rekey
def last_words(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
step, moment = sys.argv[2:]
real = getattr(rekey, step)
def killed(*given, **named):
    if moment == "before": last_words()
    if moment == "inside": rekey.system_clock = last_words  # the audit entry's time: in the middle of a transaction
    done = real(*given, **named)
    last_words()
setattr(rekey, step, killed)
rekey.rotate(Settings(data_dir=Path(sys.argv[1])), lambda: None)
"""


@pytest.mark.parametrize(
    ("step", "moment"),
    [
        ("replace_key_file", "before"),
        ("replace_key_file", "after"),
        ("_rewrap", "before"),
        ("_rewrap", "inside"),
        ("_rewrap", "after"),
        ("_rekey", "before"),
        ("_rekey", "after"),
        ("_verify", "before"),
        ("_verify", "after"),
    ],
)
def test_a_rotation_that_is_killed_leaves_a_store_that_opens_and_goes_on(
    settings: Settings, document_id: UUID, step: str, moment: str
) -> None:
    environment = dict(os.environ) | {"CHARTDROP_PASSPHRASE": PASSPHRASE}
    command = [sys.executable, "-c", KILLED, str(settings.data_dir), step, moment]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr

    pending = is_rotation_pending(DataFolder(settings.data_dir))
    with_both = open_vault(settings, nobody_answers)
    assert_whole(with_both, document_id)
    with_both.close()
    assert pending is ((step, moment) != ("replace_key_file", "before"))

    open_workspace(settings, nobody_answers).close()  # which ends what was begun
    assert not is_rotation_pending(DataFolder(settings.data_dir))
    vault = open_vault(settings, nobody_answers)
    assert_whole(vault, document_id)
    vault.close()


@pytest.mark.skipif(sys.platform != "linux", reason="limits a process's files as Linux does")
@pytest.mark.parametrize("command", [["key", "rotate"], ["backup", "--out", "made"]])
def test_a_disk_that_takes_no_more_is_said_and_loses_nothing(
    settings: Settings, document_id: UUID, command: list[str], tmp_path: Path
) -> None:
    import resource

    done = subprocess.run(
        [sys.executable, "-m", "desktop", "--data-dir", str(settings.data_dir), *command],
        env=dict(os.environ) | {"CHARTDROP_PASSPHRASE": PASSPHRASE, "PYTHONPATH": str(Path(__file__).parents[3])},
        cwd=tmp_path,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 4, done.stderr
    assert "Free some space" in done.stderr
    assert not (tmp_path / "made").exists()
    vault = open_vault(settings, nobody_answers)
    assert_whole(vault, document_id)
    vault.close()
    open_workspace(settings, nobody_answers).close()
    assert not is_rotation_pending(DataFolder(settings.data_dir))


def test_the_passphrase_can_be_changed_while_others_work(settings: Settings, document_id: UUID) -> None:
    at_work = open_vault(settings, nobody_answers)

    change_lock(settings, nobody_answers, "passphrase", "a new one, long")

    assert "key.lock_changed" in "".join(assert_whole(at_work, document_id))
    at_work.close()
    with pytest.raises(StoreLocked):
        open_vault(settings, nobody_answers)
    open_vault(quick_settings(settings.data_dir, passphrase="a new one, long"), nobody_answers).close()


def test_no_new_passphrase_is_no_change(settings: Settings, document_id: UUID) -> None:
    with pytest.raises(StoreLocked):
        change_lock(settings, nobody_answers, "passphrase", None)

    open_vault(settings, nobody_answers).close()


def test_without_a_keyring_the_key_stays_under_its_passphrase(
    settings: Settings, document_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    with pytest.raises(StoreError, match="keyring cannot be used"):
        change_lock(settings, nobody_answers, "keyring", None)

    open_vault(settings, nobody_answers).close()


IN_A_SESSION = """
from pathlib import Path
from desktop.settings import Settings
from desktop.vault.connection import open_vault
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import read_key_file
from desktop.vault.keyring_door import recall
from desktop.vault.rekey import change_lock, rotate
settings = Settings(data_dir=Path({data_dir!r}))
def ask(): raise AssertionError("the keyring should have answered")
first = open_vault(settings, ask); first.close()
old = read_key_file(DataFolder(settings.data_dir))
rotate(settings, ask)
new = read_key_file(DataFolder(settings.data_dir))
assert recall(old.keyring_name(old)) is None and recall(new.keyring_name(new)) is not None
change_lock(settings, ask, "passphrase", {passphrase!r})
assert recall(new.keyring_name(new)) is None
change_lock(settings, lambda: {passphrase!r}, "keyring", None)
again = open_vault(settings, ask); again.close()
assert first.device_id == again.device_id
change_lock(settings, ask, "passphrase", {passphrase!r})
print("moved")
"""


@needs_secret_service
def test_the_key_moves_between_a_real_secret_service_and_a_passphrase(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    script = IN_A_SESSION.format(data_dir=str(data_dir), passphrase=PASSPHRASE)
    done = run_with_secret_service(script, tmp_path)

    assert done.stdout == "moved\n", done.stderr
    key_file = read_key_file(DataFolder(data_dir))
    assert key_file is not None
    assert key_file.kind == "passphrase"
    open_vault(quick_settings(data_dir), nobody_answers).close()
