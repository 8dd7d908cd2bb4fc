"""What must hold of a clinic that has come to rest, whatever happened to it."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from desktop.vault import audit_log, corrections, documents, members, people
from desktop.vault.connection import Vault
from desktop.vault.corrections import Conflict
from desktop.vault.people import Role
from shared.documents import Reading
from shared.documents.corrections import Correction, applies, corrected, standings
from shared.wire.v1.corrections import CorrectionMade
from shared.wire.v1.readings import reading_to_json
from shared.wire.v1.sync import DocumentRead, Payload, UsageCounted
from syncserver.audit.verification import VerifiedChain, verify_all
from syncserver.corrections import service as server_corrections
from syncserver.corrections.service import Shelf
from syncserver.documents.models import Job
from syncserver.identity.people.models import User
from syncserver.ingest.models import AppliedOperation
from syncserver.kit.database import Database
from syncserver.kit.secret import ServerKeys
from syncserver.tenants.service import organization_key
from syncserver.usage.models import PagesRead
from tests.simulation.clinic import URL
from tests.simulation.schedule import PAPERS, written
from tests.simulation.wire import InProcess

Told = list[Payload]


class MachineAtRest(Protocol):
    """A machine, whose program may have ended."""

    @property
    def place(self) -> Path: ...
    @property
    def vault(self) -> Vault: ...


class ServerAtRest(Protocol):
    """The server, which answers in this process."""

    @property
    def app(self) -> FastAPI: ...
    @property
    def database(self) -> Database: ...
    @property
    def keys(self) -> ServerKeys: ...


class Rested(Protocol):
    """A clinic that has come to rest: what people handed in (`taken`) and said (`made`), and were told that it is kept;
    what is `gone` from machines; and who `loses` something, so that others must have it."""

    @property
    def server(self) -> ServerAtRest: ...
    @property
    def machines(self) -> Sequence[MachineAtRest]: ...
    @property
    def organization_id(self) -> UUID: ...
    @property
    def api_key(self) -> str: ...
    @property
    def taken(self) -> Set[UUID]: ...
    @property
    def made(self) -> Set[UUID]: ...
    @property
    def gone(self) -> Mapping[UUID, Payload]: ...
    @property
    def loses(self) -> str: ...


ROLES = {"owner": Role.MANAGER, "admin": Role.MANAGER, "member": Role.REVIEWER, "read_only": Role.VIEWER}


def check(rested: Rested) -> None:
    """All replicas agree; nothing is lost, nothing is there twice; usage is exact; every audit chain verifies."""
    told = _check_operations(rested)
    _check_jobs(rested, told)
    _check_usage(rested, told)
    _check_corrections(rested, told)
    for machine in rested.machines:
        _check_machine(rested, machine, told)
        _check_people(rested, machine)
    _check_audit(rested)


def _check_operations(rested: Rested) -> Told:
    """The server applied each operation of each machine once, and of what is gone from them, what it was told."""
    here = {key: one for machine in rested.machines for key, one in written(machine.vault).items()}
    with rested.server.database.reading() as session:
        applied = Counter(session.scalars(select(AppliedOperation.operation_id)))
    assert max(applied.values(), default=1) == 1, "an operation was applied twice"
    assert here.keys() <= applied.keys(), "an operation never arrived"
    known = {**rested.gone, **here}
    assert applied.keys() <= known.keys(), "an operation that nobody wrote was applied"
    return [known[operation_id] for operation_id in applied]


def _check_jobs(rested: Rested, told: Told) -> None:
    """Each document that was ever read is one job."""
    read = {one.document_id for one in told if isinstance(one, DocumentRead)}
    with rested.server.database.reading() as session:
        jobs = list(session.scalars(select(Job.id)))
    assert sorted(jobs) == sorted(read)
    gone = {one.document_id for one in rested.gone.values() if isinstance(one, DocumentRead)}
    assert rested.taken <= read | gone, "a document that was kept is gone"


def _check_usage(rested: Rested, told: Told) -> None:
    """Each attempt at each document is counted once, with its pages."""
    expected = Counter({(one.document_id, one.attempt): one.pages for one in told if isinstance(one, UsageCounted)})
    with rested.server.database.reading() as session:
        counted = session.execute(select(PagesRead.document_id, PagesRead.attempt, PagesRead.pages)).all()
    assert {(row.document_id, row.attempt): row.pages for row in counted} == expected
    with httpx.Client(base_url=URL, transport=InProcess(lambda: rested.server.app)) as http:
        me: Any = http.get("/api/v1/me", headers={"X-API-Key": rested.api_key}).json()
    assert me["usage"]["pages"] == sum(expected.values()), me


def _check_corrections(rested: Rested, told: Told) -> None:
    """What people said is at the server and with every machine that holds the paper, each word once."""
    at_server = {paper: kept_by_server(rested, paper) for paper in PAPERS}
    kept = {one.id for every in at_server.values() for one in every}
    said = [one for one in told if isinstance(one, CorrectionMade)]
    assert {one.correction_id for one in said if not one.is_erased} <= kept, "lost on the way"
    erased = {one.correction_id for one in said if one.is_erased}
    gone = {one.correction_id for one in rested.gone.values() if isinstance(one, CorrectionMade)}
    assert rested.made <= kept | erased | gone, "a word that was kept is gone"
    for machine in rested.machines:
        for paper in PAPERS:
            held = held_by(machine.vault, paper)
            assert held is None or held == at_server[paper], (machine.place.name, paper)


def kept_by_server(rested: Rested, paper: str) -> frozenset[Correction]:
    """What people said of the paper, at the server."""
    organization_id = rested.organization_id
    with rested.server.database.reading() as session:
        shelf = Shelf(organization_id, organization_key(session, rested.server.keys, organization_id))
        return frozenset(server_corrections.of_document(session, shelf, paper))


def held_by(vault: Vault, paper: str) -> frozenset[Correction] | None:
    """What people said of the paper, at the machine; None where it does not hold it."""
    with vault.read() as connection:
        document = documents.find_by_content(connection, paper)
        return frozenset(corrections.of_document(connection, document.id)) if document else None


def _check_machine(rested: Rested, machine: MachineAtRest, told: Told) -> None:
    with machine.vault.read() as connection:
        assert audit_log.verify(connection, machine.vault.chain) is None
        assert audit_log.countersigned_through(connection) == audit_log.length(connection)
        open_ones = list(corrections.open_conflicts(connection))
        every = documents.listing(connection)
        readings = {one.id: documents.reading(connection, one.id) for one in every}
        shown = {one.id: corrections.current(connection, one.id) for one in every}
        said = {one.id: corrections.of_document(connection, one.id) for one in every}
    assert all(one.synced for one in every)
    for one in every:
        _check_conflicts(open_ones, one.id, readings[one.id], said[one.id])
        assert shown[one.id] == corrected(readings[one.id], said[one.id])
        read_since = [each.reading for each in told if isinstance(each, DocumentRead) and each.document_id == one.id]
        may_be = read_since if rested.loses == "machines" else [readings[one.id]]
        assert _job(rested, one.id) in [_as_result(corrected(each, said[one.id])) for each in may_be]


def _check_people(rested: Rested, machine: MachineAtRest) -> None:
    """The machine knows who belongs to the organization; whom it admitted works there as they may, and nobody else."""
    with rested.server.database.reading() as session:
        ours = select(User).where(User.organization_id == rested.organization_id)
        users = {user.id: user for user in session.scalars(ours)}
    with machine.vault.read() as connection:
        known = {member.id: member for member in members.listing(connection)}
        at_work = people.listing(connection)
    assert known.keys() == {user.id for user in users.values() if user.is_active}
    assert {one.id: one.name for one in known.values()} == {one: users[one].full_name for one in known}
    for person in at_work:
        assert person.role is known[person.id].role is ROLES[users[person.id].role]


def _check_audit(rested: Rested) -> None:
    """Every chain that the server holds is whole, from its first entry to what it countersigned."""
    with rested.server.database.reading() as session:
        verified = list(verify_all(session, rested.server.keys))
    assert [one for one in verified if one.fault] == []
    ends = {one.chain: one.length for one in verified if isinstance(one, VerifiedChain)}
    for machine in rested.machines:
        with machine.vault.read() as connection:
            assert ends[machine.vault.device_id] == audit_log.length(connection)


def _check_conflicts(
    open_ones: list[Conflict], document_id: UUID, reading: Reading, said: tuple[Correction, ...]
) -> None:
    """The list of conflicts holds exactly what follows from all that was said."""
    listed = {one.place for one in open_ones if one.document.id == document_id}
    assert listed == {place for place, one in standings(said).items() if one.others and applies(reading, place, one)}


def _job(rested: Rested, document_id: UUID) -> Any:
    with httpx.Client(base_url=URL, transport=InProcess(lambda: rested.server.app)) as http:
        answer = http.get(f"/api/v1/jobs/{document_id}", headers={"X-API-Key": rested.api_key}).json()
    return {name: answer["result"][name] for name in ("fields", "tables")}


def _as_result(reading: Reading) -> Any:
    whole = json.loads(reading_to_json(reading))
    return {name: whole[name] for name in ("fields", "tables")}
