"""The tree over the audit log: heads are signed, proofs hold, and what was signed cannot be written anew unnoticed."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from shared.audit import TreeHead, verify_export
from shared.audit.tree import is_consistent, is_included
from shared.clock import system_clock
from syncserver.app import create_app
from syncserver.audit import notary, retention
from syncserver.audit.notary import Notary
from syncserver.audit.service import AuditWriter
from syncserver.audit.verification import verify_all
from syncserver.events.transaction import Transaction
from tests.syncserver.conftest import PASSWORD, Server
from tests.syncserver.desktop import Desktop
from tests.syncserver.people import joined
from tests.syncserver.scripted import wait_until

pytestmark = pytest.mark.timeout(60)
LONG_AGO = timedelta(days=-8 * 365)
KEPT = ["audit_leaves", "audit_nodes", "audit_tree_heads"]


def head_of(server: Server) -> dict[str, Any]:
    answer = server.north.get("/api/v1/audit/tree-head")
    assert answer.status_code == 200, answer.text
    head: dict[str, Any] = answer.json()
    return head


def faults(server: Server, *held: TreeHead) -> list[str]:
    with server.parts.database.reading() as session:
        return [one.fault.reason for one in verify_all(session, server.parts.keys, held) if one.fault]


def acted(server: Server, times: int = 1) -> None:
    for _ in range(times):
        assert server.north.post("/api/v1/devices/enrolment-codes").status_code == 201


def past_the_guard(connection: Connection, *statements: str) -> None:
    """Runs the statements as somebody who owns the database and knows what he does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        for trigger in (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        ):
            connection.execute(text(f"DROP TRIGGER {trigger}"))
    for statement in statements:
        connection.execute(text(statement))


def test_a_head_is_over_every_entry_and_signed(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.push()

    head = head_of(server)

    entries = server.north.get("/api/v1/audit", params={"limit": "100"}).json()["items"]
    assert head["tree"] == str(server.owners.north.organization_id)
    assert head["size"] == len(entries)
    assert TreeHead(**head).is_genuine()
    assert head_of(server) == head  # nothing was done: nothing new is signed


def test_a_running_server_signs_without_being_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def sizes() -> list[int]:
        with server.parts.database.reading() as session:
            return list(session.execute(text("SELECT size FROM audit_tree_heads ORDER BY size")).scalars())

    monkeypatch.setattr(notary, "_EVERY_S", 0.05)
    with TestClient(create_app(server.parts)):
        wait_until(lambda: sizes() == [3, 3])  # both organizations': registered, signed in, a key made
        acted(server)
        wait_until(lambda: sizes() == [3, 3, 4])


def test_every_entry_is_proved_to_stand_in_the_log(server: Server) -> None:
    acted(server, 5)
    desktop = server.desktop()
    desktop.read()
    desktop.push()

    seen = set()
    for entry in server.north.get("/api/v1/audit", params={"limit": "100"}).json()["items"]:
        where = {"chain": entry["chain"], "sequence": entry["sequence"]}
        proof = server.north.get("/api/v1/audit/inclusion-proof", params=where).json()
        leaf, root = bytes.fromhex(proof["leaf_hash"]), bytes.fromhex(proof["head"]["root"])
        path = [bytes.fromhex(step) for step in proof["path"]]
        assert proof["digest"] == entry["digest"]
        assert is_included(leaf, proof["leaf_index"], proof["head"]["size"], path, root)
        seen.add(proof["leaf_index"])
    assert seen == set(range(head_of(server)["size"]))


def test_a_later_log_is_proved_to_begin_with_an_earlier_one(server: Server) -> None:
    heads = [head_of(server)]
    for times in (1, 2, 3, 5):
        acted(server, times)
        heads.append(head_of(server))

    for earlier in heads:
        for later in heads:
            if earlier["size"] > later["size"]:
                continue
            sizes = {"first": earlier["size"], "second": later["size"]}
            proof = server.north.get("/api/v1/audit/consistency-proof", params=sizes).json()
            roots = bytes.fromhex(earlier["root"]), bytes.fromhex(later["root"])
            path = [bytes.fromhex(step) for step in proof["path"]]
            assert proof["head"] == later
            assert is_consistent(earlier["size"], later["size"], path, *roots)


@pytest.mark.parametrize(
    ("route", "wanted", "status"),
    [
        ("inclusion-proof", {"sequence": "999"}, 404),
        ("inclusion-proof", {"sequence": "1", "size": "999"}, 404),
        ("inclusion-proof", {"sequence": "0"}, 422),
        ("inclusion-proof", {"sequence": "1", "chain": "{south}"}, 404),
        ("consistency-proof", {"first": "999"}, 422),
        ("consistency-proof", {"first": "1", "second": "999"}, 404),
        ("consistency-proof", {"first": "1", "second": str(2**63)}, 422),
    ],
)
def test_what_is_not_there_is_not_proved(server: Server, route: str, wanted: dict[str, str], status: int) -> None:
    south = str(server.owners.south.organization_id)
    params = {name: value.format(south=south) for name, value in wanted.items()}

    assert server.north.get(f"/api/v1/audit/{route}", params=params).status_code == status


@pytest.mark.parametrize("route", ["export", "tree-head", "inclusion-proof?sequence=1", "consistency-proof?first=1"])
def test_the_log_is_for_owners_and_admins(server: Server, route: str) -> None:
    assert joined(server, "member").http.get(f"/api/v1/audit/{route}").status_code == 403
    assert joined(server, "admin").http.get(f"/api/v1/audit/{route}").status_code == 200


def test_leaves_are_numbered_once_however_many_ask_and_act_at_once(server: Server) -> None:
    def ask(turn: int) -> int:
        if turn % 2:
            acted(server)
            return 200
        return server.north.get("/api/v1/audit/tree-head").status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(40))) == {200}

    assert head_of(server)["size"] == 3 + 20
    assert faults(server) == []


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET organization_id = organization_id", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_the_tree(server: Server, table: str, statement: str) -> None:
    acted(server)
    head_of(server)

    with pytest.raises(DBAPIError, match="append-only"), server.parts.database.engine.begin() as owner:
        owner.execute(text(statement.format(table=table)))
    assert faults(server) == []


@pytest.mark.parametrize("table", ["audit_entries", *KEPT])
def test_sqlite_lets_no_row_be_replaced_either(server: Server, table: str) -> None:
    if not server.settings().embedded:
        pytest.skip("INSERT OR REPLACE is SQLite's")
    acted(server)
    head_of(server)

    with pytest.raises(DBAPIError, match="append-only"), server.parts.database.engine.begin() as owner:
        owner.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"))  # noqa: S608


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE audit_leaves SET digest = '{another}' WHERE leaf_index = 1", "is not the one that became a leaf"),
        ("UPDATE audit_leaves SET digest = 'zz', sequence = 9 WHERE leaf_index = 3", "where its entry 4 belongs"),
        ("UPDATE audit_nodes SET digest = 'zz'", "is no hash"),
        ("DELETE FROM audit_leaves WHERE leaf_index = 1", "the leaf is missing"),
        ("DELETE FROM audit_leaves WHERE leaf_index = 3", "the tree ends here, but it had 4 leaves"),
        ("UPDATE audit_leaves SET sequence = sequence + 7 WHERE leaf_index = 3", "where its entry 4 belongs"),
        ("UPDATE audit_nodes SET digest = '{another}'", "is kept of 2 leaves from here is wrong"),
        ("DELETE FROM audit_nodes WHERE level = 2", "is kept of 4 leaves from here is wrong"),
        ("UPDATE audit_tree_heads SET root = '{another}'", "not signed with this server's key"),
        ("UPDATE audit_tree_heads SET signature = 'zz'", "not signed with this server's key"),
        ("UPDATE audit_trees SET size = 5", "the tree ends here, but it had 5 leaves"),
    ],
)
def test_who_changes_the_tree_is_found_out(server: Server, statement: str, reason: str) -> None:
    acted(server)
    head_of(server)
    assert faults(server) == []

    with server.parts.database.engine.begin() as owner:
        past_the_guard(owner, statement.format(another="ab" * 32))

    (found,) = faults(server)
    assert reason in found


def test_who_has_the_servers_keys_and_writes_the_log_anew_is_found_out_by_a_head_kept_elsewhere(server: Server) -> None:
    acted(server, 3)
    kept = TreeHead(**head_of(server))
    assert faults(server, kept) == []

    tables = ("audit_entries", "audit_heads", "audit_trees", *KEPT)
    cleared = [f"DELETE FROM {table}" for table in tables]  # noqa: S608
    with server.parts.database.engine.begin() as owner:
        past_the_guard(owner, *cleared)
    acted(server, 6)
    head_of(server)

    assert faults(server) == []  # it holds in itself
    assert faults(server, kept) == ["the tree up to here is not the one whose head was signed"]


def exported(server: Server) -> list[str]:
    answer = server.north.get("/api/v1/audit/export")
    assert answer.headers["content-type"] == "application/jsonl"
    return answer.text.splitlines()


def test_the_export_is_checked_by_the_program_that_shares_no_code(server: Server, tmp_path: Path) -> None:
    acted(server, 3)
    earlier = head_of(server)
    desktop = server.desktop()
    desktop.read()
    desktop.push()
    file = tmp_path / "audit.jsonl"
    lines = exported(server)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    known = ["--server-key", earlier["server_key"], "--head", f"{earlier['size']}:{earlier['root']}"]
    program = [sys.executable, "-I", "-S", verify_export.__file__, str(file)]
    told = subprocess.run([*program, *known], capture_output=True, text=True, timeout=60, check=False)

    assert told.returncode == 0, told.stdout + told.stderr
    assert f"The audit log holds: {len(lines) - 2} entries" in told.stdout
    foreign = subprocess.run([*program, "--server-key", "ab" * 32], capture_output=True, text=True, check=False)
    assert (foreign.returncode, "another server's key" in foreign.stdout) == (1, True)


def test_no_line_of_the_export_can_be_changed_left_out_or_moved(server: Server) -> None:
    acted(server, 2)
    lines = exported(server)
    assert verify_export.verify_log(lines).fault is None

    for place in range(1, len(lines)):
        without = lines[:place] + lines[place + 1 :]
        changed = [*lines[:place], lines[place].replace("north", "x").replace("a", "b", 1), *lines[place + 1 :]]
        doubled = [*lines[:place], lines[place], *lines[place:]]
        assert verify_export.verify_log(without).fault, place
        assert verify_export.verify_log(changed).fault, place
        assert verify_export.verify_log(doubled).fault, place
    (last,) = lines[-1:]
    other = json.loads(last)["root"]
    assert verify_export.verify_log(lines, verify_export.Known(head=(2, other))).fault
    assert verify_export.verify_log(lines, verify_export.Known(head=(99, other))).fault


@dataclass(frozen=True)
class OldClinic:
    """An organization whose log began eight years ago, and one of its desktops."""

    id: str
    key: str
    desktop: Desktop


def old_clinic(server: Server) -> OldClinic:
    server.clock.ahead = LONG_AGO
    account = {"email": "old@example.com", "password": PASSWORD, "full_name": "O", "organization_name": "Old Clinic"}
    registered = server.http.post("/api/v1/register", json=account).json()
    signed_in = server.http.post("/api/v1/login", data={"username": "old@example.com", "password": PASSWORD}).json()
    bearer = {"Authorization": f"Bearer {signed_in['access_token']}"}
    key = server.http.post("/api/v1/api-keys", data={"name": "old"}, headers=bearer).json()["key"]
    desktop = server.desktop(server.client(key))
    desktop.read()
    assert desktop.push().status_code == 200
    server.clock.ahead = timedelta()
    return OldClinic(registered["organization_id"], key, desktop)


def remove_expired(server: Server, years: int = 7) -> int:
    now, keys = system_clock(), server.parts.keys
    with server.parts.database.reading() as session:
        organizations = retention.organizations(session)
    removed = 0
    for organization_id in organizations:
        with server.parts.database.writing() as session:
            transaction = Transaction(session, now, AuditWriter(keys))
            before = retention.cut_off(now, years)
            removed += retention.remove_expired(transaction, keys, organization_id, before).entries
    return removed


def entries_of(server: Server, clinic: OldClinic) -> list[str]:
    items = server.client(clinic.key).get("/api/v1/audit", params={"limit": "100"}).json()["items"]
    return [item["action"] for item in items][::-1]


def test_entries_whose_time_is_over_go_and_the_log_still_verifies(server: Server) -> None:
    clinic = old_clinic(server)
    before = entries_of(server, clinic)
    clinic.desktop.read()
    clinic.desktop.push()
    entries = len(entries_of(server, clinic))

    removed = remove_expired(server)

    left = entries_of(server, clinic)
    assert removed == len(before) > 5
    assert len(left) == entries - removed + 2
    assert left.count("audit.entries_removed") == 2  # the organization's chain, and the desktop's
    assert faults(server) == []
    clinic.desktop.read()
    assert clinic.desktop.push().status_code == 200
    assert remove_expired(server) == 0
    assert faults(server) == []
    lines = server.client(clinic.key).get("/api/v1/audit/export").text.splitlines()
    assert verify_export.verify_log(lines).fault is None
    assert sum('"at"' not in line for line in lines[1:-1]) == removed


def test_what_was_given_up_stays_proved(server: Server) -> None:
    clinic = old_clinic(server)
    api = server.client(clinic.key)
    head = api.get("/api/v1/audit/tree-head").json()

    remove_expired(server)

    proof = api.get("/api/v1/audit/inclusion-proof", params={"sequence": 1, "size": head["size"]}).json()
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = bytes.fromhex(head["root"])
    assert is_included(bytes.fromhex(proof["leaf_hash"]), proof["leaf_index"], head["size"], path, root)


def test_an_entry_goes_no_other_way(server: Server) -> None:
    clinic = old_clinic(server)
    Notary(server.parts.database, server.parts.keys, server.clock).sign_all()
    on_record = (
        "INSERT INTO audit_removals SELECT organization_id, chain, sequence, recorded_at FROM audit_entries "
        "WHERE sequence = 3"
    )

    removal = text(
        "DELETE FROM audit_entries WHERE organization_id IN (SELECT id FROM organizations WHERE name = :name) "
        "AND sequence = 1"
    )

    for prepare, name in [("SELECT 1", "Old Clinic"), (on_record, "North Clinic")]:  # not on record; not old
        with server.parts.database.engine.connect() as owner:
            owner.execute(text(prepare))
            with pytest.raises(DBAPIError, match="append-only"):
                owner.execute(removal, {"name": name})
    assert len(entries_of(server, clinic)) > 5


def test_who_takes_entries_away_without_a_record_is_found_out(server: Server) -> None:
    old_clinic(server)
    Notary(server.parts.database, server.parts.keys, server.clock).sign_all()
    remove_expired(server)
    statement = (
        "DELETE FROM audit_entries WHERE action = 'session.started' AND organization_id IN "
        "(SELECT id FROM organizations WHERE name = 'North Clinic')"
    )

    with server.parts.database.engine.begin() as owner:
        past_the_guard(owner, statement)

    assert len(faults(server)) == 2  # the chain, and the tree
    assert any("is missing" in fault for fault in faults(server))
