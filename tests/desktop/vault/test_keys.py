import re
from pathlib import Path

import pytest

from desktop.errors import StoreDamaged, StoreLocked
from desktop.settings import Settings
from desktop.vault.connection import open_vault
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import read_key_file
from desktop.vault.keys import unlock
from shared.crypto.keys import PassphraseCost
from tests.desktop.conftest import (
    PASSPHRASE,
    fingerprint,
    needs_secret_service,
    nobody_answers,
    quick_settings,
    run_with_secret_service,
)


def test_the_same_passphrase_opens_the_store_again(settings: Settings) -> None:
    first = open_vault(settings, nobody_answers)
    first.close()

    again = open_vault(settings, nobody_answers)

    assert again.device_id == first.device_id
    again.close()


@pytest.mark.usefixtures("full_hashing")
def test_a_new_store_is_stretched_by_what_rfc_9106_recommends_and_says_so(settings: Settings) -> None:
    open_vault(settings, nobody_answers).close()

    assert cost_of(settings) == PassphraseCost(passes=3, memory_kib=64 * 1024, lanes=4)


def test_a_store_keeps_the_cost_that_it_was_made_with(settings: Settings, request: pytest.FixtureRequest) -> None:
    open_vault(settings, nobody_answers).close()
    made_with = cost_of(settings)
    of_today = request.getfixturevalue("full_hashing")
    open_vault(settings, nobody_answers).close()

    assert cost_of(settings) == made_with != of_today


def cost_of(settings: Settings) -> PassphraseCost:
    key_file = read_key_file(DataFolder(settings.data_dir))
    assert key_file is not None
    return key_file.cost


def test_a_wrong_passphrase_locks_and_touches_nothing(settings: Settings) -> None:
    open_vault(settings, nobody_answers).close()
    before = fingerprint(settings.data_dir)

    with pytest.raises(StoreLocked, match="passphrase is wrong"):
        open_vault(quick_settings(settings.data_dir, passphrase="another"), nobody_answers)

    assert fingerprint(settings.data_dir) == before


def test_without_a_passphrase_no_store_is_begun(tmp_path: Path) -> None:
    with pytest.raises(StoreLocked, match="CHARTDROP_PASSPHRASE"):
        open_vault(quick_settings(tmp_path / "data", passphrase=None, key_storage="passphrase"), nobody_answers)

    assert not (tmp_path / "data").exists()


def test_a_passphrase_that_is_asked_for_is_asked_for_once(settings: Settings) -> None:
    open_vault(settings, nobody_answers).close()
    asked = []

    def answer() -> str:
        asked.append(1)
        return PASSPHRASE

    open_vault(quick_settings(settings.data_dir, passphrase=None), answer).close()

    assert len(asked) == 1


def test_an_accent_typed_in_two_ways_is_the_same_passphrase(tmp_path: Path) -> None:
    open_vault(quick_settings(tmp_path, passphrase="caf\u00e9"), nobody_answers).close()

    open_vault(quick_settings(tmp_path, passphrase="cafe\u0301"), nobody_answers).close()


def test_a_store_without_its_key_file_is_refused_untouched(settings: Settings) -> None:
    open_vault(settings, nobody_answers).close()
    (settings.data_dir / "key.json").unlink()
    before = fingerprint(settings.data_dir)

    with pytest.raises(StoreDamaged, match=r"key\.json is missing"):
        open_vault(settings, nobody_answers)

    assert fingerprint(settings.data_dir) == before


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff", b'{"version":2}'])
def test_a_key_file_that_is_none_is_refused(settings: Settings, content: bytes) -> None:
    open_vault(settings, nobody_answers).close()
    (settings.data_dir / "key.json").write_bytes(content)

    with pytest.raises(StoreDamaged, match="cannot be read"):
        open_vault(settings, nobody_answers)


def test_a_doctored_key_file_cannot_ask_for_all_the_memory(settings: Settings) -> None:
    open_vault(settings, nobody_answers).close()
    key_file = settings.data_dir / "key.json"
    key_file.write_text(re.sub(r'"memory_kib":\d+', '"memory_kib":99999999999', key_file.read_text()))

    with pytest.raises(StoreDamaged):
        open_vault(settings, nobody_answers)


def test_database_and_blobs_have_keys_of_their_own(settings: Settings) -> None:
    keys = unlock(DataFolder(settings.data_dir), settings, nobody_answers)

    assert len(keys.database.secret) == len(keys.blobs) == 32
    assert keys.database.secret != keys.blobs


def test_only_the_owner_may_enter_the_data_directory(settings: Settings) -> None:
    open_vault(settings, nobody_answers).close()

    assert settings.data_dir.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in settings.data_dir.rglob("*"))


def test_without_a_keyring_a_store_that_wants_one_is_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

    with pytest.raises(StoreLocked, match="keyring"):
        open_vault(quick_settings(tmp_path / "data", passphrase=None, key_storage="keyring"), nobody_answers)

    assert not (tmp_path / "data").exists()


IN_A_SESSION = """
from pathlib import Path
from desktop.settings import Settings
from desktop.vault.connection import open_vault
settings = Settings(data_dir=Path({data_dir!r}))
def ask(): raise AssertionError("the keyring should have answered")
first = open_vault(settings, ask); first.close()
again = open_vault(settings, ask); again.close()
assert first.device_id == again.device_id
print("opened")
"""


@needs_secret_service
def test_a_real_secret_service_keeps_the_key(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    script = IN_A_SESSION.format(data_dir=str(data_dir))
    done = run_with_secret_service(script, tmp_path)

    assert done.stdout == "opened\n", done.stderr
    key_file = read_key_file(DataFolder(data_dir))
    assert key_file is not None
    assert key_file.kind == "keyring"
    assert not key_file.wrapped_key
    with pytest.raises(StoreLocked, match="keyring"):
        open_vault(quick_settings(data_dir), nobody_answers)
