"""A whole log as JSON Lines: what `chartdrop-server`'s auditors check away from it (`shared/audit/verify_export.py`).

The first line names the organization's chain and every chain's public key. Each line after it is an entry as its writer
signed it, in the order of the tree's leaves; one that was written under an earlier identity of a chain's device stands
in an object that names the chain; of one whose time was over, its chain, sequence and digest are left. `begins_after`
of the first line says how many first entries a chain shares with that of such an identity, where they stand.
The last line is the signed tree head over exactly these.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from uuid import UUID

from sqlalchemy.orm import Session

from shared.audit import TreeHead, entry_to_json
from syncserver.audit import repository, tree, tree_rows
from syncserver.audit.service import begins, chain_key, writers_before
from syncserver.audit.tree_rows import LeafAndEntry
from syncserver.events.transaction import Act, Transaction
from syncserver.kit.database import Database
from syncserver.kit.secret import ServerKeys
from syncserver.kit.tenancy import only

_BATCH = 500


def begin(transaction: Transaction, keys: ServerKeys, organization_id: UUID, actor: str) -> TreeHead:
    """The log is being exported, which stands in it; the head over what will be exported."""
    transaction.record(Act(organization_id, actor, "audit.exported", str(organization_id)))
    transaction.session.flush()
    tree.grow_whole(transaction.session, keys, organization_id, transaction.now)
    return tree.current_head(transaction.session, keys, organization_id, transaction.now)


def lines(database: Database, keys: ServerKeys, head: TreeHead) -> Iterator[str]:
    """Line after line, in transactions of their own: a slow reader keeps none open. Entries do not change meanwhile."""
    organization_id = UUID(head.tree)
    with database.reading(only(organization_id)) as session:
        shared = {str(chain): begin.after for chain, begin in begins(session, organization_id).items() if begin.after}
        begin: dict[str, object] = {"tree": head.tree, "keys": _keys(session, keys, organization_id)}
        yield _line(begin | ({"begins_after": shared} if shared else {}))
    for first in range(0, head.size, _BATCH):
        with database.reading(only(organization_id)) as session:
            end = min(first + _BATCH, head.size)
            batch = [_told(one) for one in tree_rows.leaves_with_entries(session, organization_id, first, end)]
        yield "".join(batch)
    yield _line(asdict(head))


def _keys(session: Session, keys: ServerKeys, organization_id: UUID) -> dict[str, str]:
    """Every chain's public key, and those that their devices had before."""
    chains = [head.chain for head in repository.heads_of(session, organization_id)]
    before = [one for chain in chains for one in writers_before(session, organization_id, chain)]
    own = {str(chain): chain_key(session, keys, organization_id, chain).hex() for chain in chains}
    return {writer: key.hex() for writer, key in before} | own


def _told(one: LeafAndEntry) -> str:
    if one.entry:
        entry = entry_to_json(repository.signed_entry(one.entry))
        return (f'{{"of":"{one.leaf.chain}","entry":{entry}}}' if one.entry.writer else entry) + "\n"
    return _line({"chain": str(one.leaf.chain), "sequence": one.leaf.sequence, "digest": one.leaf.digest})


def _line(members: dict[str, object]) -> str:
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")) + "\n"
