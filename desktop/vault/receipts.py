"""The servers' receipts for this device's audit chain: of each server the newest, which only moves on."""

from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from desktop.vault.schema import audit_receipts
from shared.audit import Receipt


def keep(connection: Connection, receipt: Receipt) -> None:
    """`receipt` is kept, unless a later one of the same server is."""
    statement = insert(audit_receipts).values(**asdict(receipt))
    newer = {name: statement.excluded[name] for name in ("chain", "sequence", "digest", "at", "signature")}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["server_key"], set_=newer, where=audit_receipts.c.sequence < statement.excluded.sequence
        )
    )


def held(connection: Connection) -> Iterator[Receipt]:
    """Every receipt that is kept, the farthest first."""
    for row in connection.execute(select(audit_receipts).order_by(audit_receipts.c.sequence.desc())):
        yield Receipt(row.chain, row.sequence, row.digest, row.at, row.server_key, row.signature)


def farthest(connection: Connection) -> Receipt | None:
    """The receipt that reaches farthest; None where there is none."""
    return next(held(connection), None)
