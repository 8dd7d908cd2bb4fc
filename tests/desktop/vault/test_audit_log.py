import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from desktop.errors import AuditBroken
from desktop.vault import audit_log
from desktop.vault.connection import Vault


@pytest.fixture
def chain(vault: Vault) -> Vault:
    for number in range(4):
        with vault.act() as connection:
            audit_log.record(connection, vault.chain, audit_log.Act("device", "test", str(number)))
    return vault


def tamper(vault: Vault, *statements: str) -> None:
    """What somebody with the key and no scruples would do: the triggers are no obstacle to them."""
    with vault.act() as connection:
        for trigger in ("audit_entries_no_update", "audit_entries_no_delete", "audit_head_grows", "audit_head_stays"):
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        for statement in statements:
            connection.execute(text(statement))


def test_an_untouched_chain_holds(chain: Vault) -> None:
    with chain.read() as connection:
        assert audit_log.verify(connection, chain.chain) is None
        assert audit_log.length(connection) == 5


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE audit_entries SET entry = replace(entry, '\"test\"', '\"other\"') WHERE sequence = 3", 3),
        ("UPDATE audit_entries SET entry = 'not JSON' WHERE sequence = 2", 2),
        ("DELETE FROM audit_entries WHERE sequence = 2", 2),
        ("DELETE FROM audit_entries WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET sequence = -sequence WHERE sequence = 4", 1),
        ("UPDATE audit_entries SET sequence = 9 WHERE sequence = 5", 5),
        ("UPDATE audit_entries SET digest = 'ab' WHERE sequence = 2", 2),
        ("UPDATE audit_entries SET entry = replace(entry, ',', ', ') WHERE sequence = 2", 2),
    ],
)
def test_the_first_wrong_entry_is_named(chain: Vault, statement: str, position: int) -> None:
    tamper(chain, statement)

    with chain.read() as connection:
        fault = audit_log.verify(connection, chain.chain)

    assert fault is not None
    assert fault.position == position


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entries WHERE sequence = 5",
        "UPDATE audit_entries SET entry = 'not JSON' WHERE sequence = 5",
        "UPDATE audit_head SET digest = 'ab'",
        "DELETE FROM audit_head",
    ],
)
def test_nothing_is_done_where_the_chain_does_not_end_as_it_was_written(chain: Vault, statement: str) -> None:
    tamper(chain, statement)

    with pytest.raises(AuditBroken, match="chartdrop audit verify"), chain.act() as connection:
        audit_log.record(connection, chain.chain, audit_log.Act("device", "test", "x"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET digest = 'ab'",
        "DELETE FROM audit_entries",
        "UPDATE audit_head SET digest = 'ab'",
        "DELETE FROM audit_head",
    ],
)
def test_entries_are_neither_changed_nor_removed(chain: Vault, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"append-only|only grows"), chain.act() as connection:
        connection.execute(text(statement))
