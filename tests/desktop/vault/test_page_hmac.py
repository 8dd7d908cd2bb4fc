"""How the pages of a database are authenticated: told at its making, and kept through all that happens to it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from desktop.errors import StoreDamaged
from desktop.settings import Settings
from desktop.vault.backup import back_up
from desktop.vault.connection import open_engine, open_vault
from desktop.vault.folder import DataFolder
from desktop.vault.key_file import PageHmac, Passphrase
from desktop.vault.keys import DatabaseKey, unlock
from desktop.vault.rekey import change_lock, rotate
from desktop.vault.restore import restore
from tests.desktop.conftest import PASSPHRASE, fingerprint, nobody_answers, quick_settings
from tests.desktop.vault.test_erasure import keep
from tests.desktop.vault.test_rekey import assert_whole

OWN = Passphrase(PASSPHRASE, lambda: None)


def begin(settings: Settings, page_hmac: PageHmac) -> None:
    """A store of today, or one as it was when key files did not say."""
    folder = DataFolder(settings.data_dir)
    unlock(folder, settings, nobody_answers)
    said = json.loads(folder.key_file.read_bytes())
    assert said["page_hmac"] == "SHA256"
    if page_hmac == "SHA512":
        del said["page_hmac"]
        folder.key_file.write_text(json.dumps(said))


def hmacs_that_open(settings: Settings) -> set[PageHmac]:
    folder, opening = DataFolder(settings.data_dir), set[PageHmac]()
    secret = unlock(folder, settings, nobody_answers).database.secret
    hmacs: tuple[PageHmac, PageHmac] = ("SHA256", "SHA512")
    for one in hmacs:
        engine = open_engine(folder.database, DatabaseKey(secret, one))
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT count(*) FROM documents"))
            opening.add(one)
        except DatabaseError:
            pass
        engine.dispose()
    return opening


@pytest.mark.parametrize("page_hmac", ["SHA256", "SHA512"])
def test_a_store_stays_as_it_was_made_under_every_key_and_in_every_copy(
    settings: Settings, page_hmac: PageHmac, tmp_path: Path
) -> None:
    begin(settings, page_hmac)
    vault = open_vault(settings, nobody_answers)
    document_id = keep(vault)
    vault.close()

    rotate(settings, nobody_answers)
    change_lock(settings, nobody_answers, "passphrase", PASSPHRASE)
    vault = open_vault(settings, nobody_answers)
    own, portable = (back_up(vault, OWN, tmp_path / name, given) for name, given in (("a", None), ("b", "safe")))
    assert_whole(vault, document_id)
    vault.close()

    copies = quick_settings(tmp_path / "own"), quick_settings(tmp_path / "portable", passphrase="safe")
    for made, copy in zip((own, portable), copies, strict=True):
        restore(made.path, copy, nobody_answers)
        restored = open_vault(copy, nobody_answers)
        assert_whole(restored, document_id)
        restored.close()
    for one in (settings, *copies):
        assert hmacs_that_open(one) == {page_hmac}


def test_a_key_file_that_tells_another_one_opens_nothing_and_changes_nothing(settings: Settings) -> None:
    vault = open_vault(settings, nobody_answers)
    keep(vault)
    vault.close()
    key_file = DataFolder(settings.data_dir).key_file
    told = key_file.read_bytes()
    key_file.write_bytes(told.replace(b"SHA256", b"SHA512"))
    before = fingerprint(settings.data_dir)

    with pytest.raises(StoreDamaged):
        open_vault(settings, nobody_answers)

    assert fingerprint(settings.data_dir) == before
    key_file.write_bytes(told)
    open_vault(settings, nobody_answers).close()
