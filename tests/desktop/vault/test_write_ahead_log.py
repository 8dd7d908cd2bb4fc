"""What a power cut leaves of a log is never taken for damage; damage before the last transaction always is."""

from pathlib import Path

import pytest
from sqlalchemy import text

from desktop.vault import audit_log
from desktop.vault.connection import Vault, execute_bare
from desktop.vault.write_ahead_log import is_damaged, log_of

HEADER_BYTES = 32


def act(vault: Vault, times: int) -> None:
    for _ in range(times):
        with vault.act() as connection:
            audit_log.record(connection, vault.chain, audit_log.Act("device", "test", "x"))


@pytest.fixture
def log(vault: Vault, tmp_path: Path) -> Path:
    """A copy of a log with several transactions."""
    vault.fold_log()
    act(vault, 4)
    copy = tmp_path / "log"
    copy.write_bytes(log_of(vault.folder.database).read_bytes())
    return copy


def test_a_log_that_ends_anywhere_is_what_a_power_cut_leaves(log: Path) -> None:
    content = log.read_bytes()

    for size in range(0, len(content), 509):
        log.write_bytes(content[:size])
        assert not is_damaged(log), size


def test_so_is_one_whose_last_pages_were_not_written_in_order(vault: Vault, log: Path) -> None:
    before = len(log.read_bytes())
    act(vault, 1)
    content = bytearray(log_of(vault.folder.database).read_bytes())
    content[before : before + 4096] = bytes(4096)
    log.write_bytes(content)

    assert not is_damaged(log)


def test_what_an_earlier_and_longer_log_left_behind_is_no_damage(vault: Vault) -> None:
    act(vault, 20)
    long = log_of(vault.folder.database).stat().st_size
    execute_bare(vault.engine, "PRAGMA wal_checkpoint(PASSIVE)")
    act(vault, 1)

    assert log_of(vault.folder.database).stat().st_size == long
    assert not is_damaged(log_of(vault.folder.database))


def act_and_undo(vault: Vault) -> None:
    with vault.act() as connection:
        connection.execute(text("PRAGMA cache_size = 1"))  # so that pages are written before the end
        for _ in range(200):
            audit_log.record(connection, vault.chain, audit_log.Act("device", "test", "x"))
        raise ZeroDivisionError


def test_nor_is_what_was_undone(vault: Vault, log: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        act_and_undo(vault)
    act(vault, 1)

    assert not is_damaged(log_of(vault.folder.database))


@pytest.mark.parametrize("offset", [0, 5, 17, 25, HEADER_BYTES + 4, HEADER_BYTES + 9, HEADER_BYTES + 20, 2000])
def test_a_changed_byte_before_the_last_transactions_is_damage(log: Path, offset: int) -> None:
    content = bytearray(log.read_bytes())
    content[offset] ^= 1
    log.write_bytes(content)

    assert is_damaged(log)


def test_no_log_is_no_damage(tmp_path: Path) -> None:
    assert not is_damaged(tmp_path / "none")
