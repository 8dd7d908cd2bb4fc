"""A clinic that has used its server for a while: something of everything that the console's pages show."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi.testclient import TestClient
from sqlalchemy import text

from shared.documents import Reading, failed_reading
from shared.documents.reading import UNKNOWN
from shared.ids import new_id
from shared.wire.v1.sync import DocumentRead, UsageCounted
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import PATIENT, SHA256, Desktop, admission
from tests.syncserver.people import PersonAtWork, accept, at_work, invitation, operator, owner_of_north
from tests.syncserver.test_templates import written

LONG_NAME = "Reception desk, second floor east wing, multifunction scanner beside the medication room (old)"
LONG_EMAIL = "bartholomew.featherstonehaugh-cholmondeley@intake.palliative-care.north-clinic.example.com"
_DAYS = 14
_CHECKED = (
    "fields.patient_name",
    "fields.attending_physician_name",
    "fields.primary_diagnosis_code",
    "tables.medications.0.frequency",
    "fields.advance_directive_on_file_and_witnessed_by",
)


@dataclass(frozen=True)
class Clinic:
    """Who is there, and what there is, by its id."""

    owner: PersonAtWork
    operator: PersonAtWork
    member: PersonAtWork
    device: UUID
    revoked: UUID
    webhook: str
    delivery: str
    key: str


def furnish(server: Server) -> Clinic:
    """North Clinic has devices, people, keys, templates, webhooks, and two weeks of documents."""
    owner, root = owner_of_north(server), operator(server)
    member = _people(server, owner)
    devices = _devices(server, owner)
    _documents(server, devices[0])
    owner.http.post("/api/v1/templates", json=written())
    owner.http.post("/api/v1/templates/wound_round/publish", json={})
    owner.http.post("/api/v1/templates/wound_round/versions", json=written(version=2))
    key = owner.http.post("/api/v1/api-keys", data={"name": LONG_NAME, "scopes": "jobs:write audit:read"}).json()["id"]
    webhook, delivery = _webhooks(owner.http)
    server.follow()
    return Clinic(owner, root, member, devices[0].id, devices[3].id, webhook, delivery, key)


def _people(server: Server, owner: PersonAtWork) -> PersonAtWork:
    for email, role in ((LONG_EMAIL, "admin"), ("ravi@north.example.com", "member")):
        assert accept(server, invitation(owner.http, email, role)["token"]).status_code == 201
    out = at_work(server, LONG_EMAIL)
    owner.http.patch(f"/api/v1/users/{out.id}", json={"is_active": False, "full_name": LONG_NAME})
    invitation(owner.http, "newcomer@north.example.com", "read_only")
    return at_work(server, "ravi@north.example.com")


def _devices(server: Server, owner: PersonAtWork) -> list[Desktop]:
    """In sync; behind, with a long name; away; revoked."""
    devices = [server.desktop(owner.http) for _ in range(4)]
    for device, name in zip(devices, ("Front desk", LONG_NAME, "Ward 3", "Stolen laptop"), strict=True):
        owner.http.patch(f"/api/v1/devices/{device.id}", json={"name": name})
    devices[0].token()
    devices[1].prove(devices[1].challenge(), last_sequence=17)
    owner.http.delete(f"/api/v1/devices/{devices[3].id}")
    with server.parts.database.writing() as session:
        long_ago = server.clock() - timedelta(days=9)
        session.execute(
            text("UPDATE devices SET enrolled_at = :moment, last_seen_at = :moment WHERE id = :id"),
            {"moment": long_ago.replace(tzinfo=None).isoformat(" "), "id": devices[2].id.hex},
        )
    return devices


def _documents(server: Server, desktop: Desktop) -> None:
    now = server.clock()
    for day in range(_DAYS):
        moment = now - timedelta(days=day, minutes=30)
        for number in range(2 + (day * 7) % 5):
            _read(desktop, moment, admission(pages=1 + number, confidence=0.8 + number / 40))
        if day % 4 == 0:
            _read(desktop, moment, failed_reading("fax.pdf", SHA256, "file_encrypted", "It is locked."))
        if day % 5 == 0:
            _read(desktop, moment, _unknown())
    assert desktop.push().status_code == 200


def _unknown() -> Reading:
    known = admission(pages=2)
    fields = {name: cell for name, cell in known.fields.items() if cell}
    return Reading(
        file_name="other.pdf",
        sha256=SHA256,
        page_count=2,
        document_type=UNKNOWN,
        document_type_confidence=0.2,
        template=None,
        pages=known.pages,
        fields=fields,
        tables={},
        timings_ms=known.timings_ms,
    )


def _read(desktop: Desktop, moment: datetime, reading: Reading) -> None:
    document_id = new_id()
    sha256 = hashlib.sha256(document_id.bytes).hexdigest()
    status = "failed" if reading.error else "completed"
    desktop.write(
        DocumentRead(
            document_id=document_id,
            sha256=sha256,
            status=status,
            received_at=moment,
            finished_at=moment,
            reading=reading,
        )
    )
    if not reading.error:
        desktop.write(UsageCounted(document_id=document_id, attempt=1, pages=reading.page_count))
        _check(desktop, sha256, document_id.int)


def _check(desktop: Desktop, sha256: str, chance: int) -> None:
    """Somebody looked the document over: some of its values were right."""
    for number, path in enumerate(_CHECKED):
        value = PATIENT if chance // 7**number % 7 > number else "Somebody else"
        desktop.correct(value, path=path, sha256=sha256)


def _webhooks(http: TestClient) -> tuple[str, str]:
    """One that nobody answers at, and one that was disabled."""
    form = {"url": "https://hooks.invalid/chartdrop/documents?ward=3", "description": LONG_NAME}
    endpoint = http.post("/api/v1/webhooks", json=form).json()["id"]
    other = http.post("/api/v1/webhooks", json={"url": "https://other.invalid/"}).json()["id"]
    http.patch(f"/api/v1/webhooks/{other}", json={"is_enabled": False})
    delivery = http.post(f"/api/v1/webhooks/{endpoint}/test").json()["id"]
    return endpoint, delivery


PAGES_OF_OWNER = (
    "",
    "/analytics",
    "/usage",
    "/usage?by=device",
    "/templates",
    "/templates/new",
    "/templates/wound_round",
    "/templates/wound_round/version",
    "/devices",
    "/devices/{device}",
    "/devices/{revoked}",
    "/people",
    "/people/{member}",
    "/policy",
    "/billing",
    "/keys",
    "/keys/{key}",
    "/webhooks",
    "/webhooks/new",
    "/webhooks/{webhook}",
    "/webhooks/deliveries",
    "/webhooks/deliveries/{delivery}",
    "/audit",
    "/audit/entry?chain={organization}&sequence=1",
    "/audit/tree-head",
    "/account",
    "/account/second-factor",
    "/nowhere",
)
PAGES_OF_OPERATOR = ("/operation", "/operation/organizations", "/operation/organizations/{organization}")
PAGES_OF_STRANGERS = ("/sign-in", "/sign-in/code", "/join", "/reset")


def addresses(server: Server, clinic: Clinic, pages: tuple[str, ...]) -> list[str]:
    """The pages' addresses, with this clinic's ids in them."""
    ids = {
        "device": clinic.device,
        "revoked": clinic.revoked,
        "member": clinic.member.id,
        "key": clinic.key,
        "webhook": clinic.webhook,
        "delivery": clinic.delivery,
        "organization": server.owners.north.organization_id,
    }
    return [f"/console{page.format(**ids)}" for page in pages]
