"""Sending files to be read: what is taken, what is refused and why, what is told of it afterwards."""

import dataclasses
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from syncserver.app import create_app
from syncserver.events.record import Event
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import FILE_NAME, PATIENT, Answer
from tests.syncserver.scripted import document

pytestmark = pytest.mark.timeout(60)
PDF = document(pages=2)
FORM = "multipart/form-data; boundary=x"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


def part(disposition: str) -> bytes:
    """A form of one part."""
    return f"--x\r\nContent-Disposition: form-data; {disposition}\r\n\r\n%PDF-1\r\n--x--\r\n".encode()


def send(server: Server, content: bytes = PDF, name: str = FILE_NAME, key: str | None = None, **told: str) -> Answer:
    headers = {"Idempotency-Key": key} if key else {}
    return server.north.post("/api/v1/jobs", files={"file": (name, content)}, data=told, headers=headers)


def sent(server: Server, content: bytes = PDF, **told: str) -> str:
    answer = send(server, content, **told)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["job_id"])


def job(server: Server, job_id: str) -> dict[str, Any]:
    answer = server.north.get(f"/api/v1/jobs/{job_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def objects(server: Server) -> list[str]:
    return [found.name for found in server.works.storage.list("")]


def events(server: Server, kind: str) -> list[dict[str, Any]]:
    with server.parts.database.reading() as session:
        return [dict(event.details) for event in session.query(Event).filter_by(kind=kind)]


def acts(server: Server) -> list[str]:
    return [entry["action"] for entry in server.north.get("/api/v1/audit", params={"limit": 100}).json()["items"]]


def test_a_file_that_was_sent_waits_is_read_and_completes(server: Server) -> None:
    answer = send(server, priority="high", webhook_url="https://clinic.example.com/hook?secret=1")

    assert answer.status_code == 202
    assert set(answer.json()) == {"job_id", "status", "created_at"}
    job_id = answer.json()["job_id"]
    waiting = job(server, job_id)
    assert (waiting["status"], waiting["progress"], waiting["attempts"], waiting["origin"]) == ("pending", 0, 0, "api")
    assert (waiting["started_at"], waiting["finished_at"], waiting["result"]) == (None, None, None)
    assert waiting["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert waiting["document"]["file_name"] == FILE_NAME

    assert server.work() == 1

    done = job(server, job_id)
    assert (done["status"], done["progress"], done["attempts"], done["page_count"]) == ("completed", 1, 1, 2)
    assert done["created_at"] <= done["started_at"] <= done["finished_at"]
    assert done["result"]["fields"]["patient_name"]["value"] == PATIENT
    assert set(done["result"]) >= {"document_type", "template", "fields", "tables", "pages"}
    assert done["error"] is None
    assert events(server, "job.completed") == [{"job_id": job_id}]
    [pages] = events(server, "pages.read")
    assert (pages["document_id"], pages["attempt"], pages["pages"]) == (job_id, 1, 2)
    assert {"job.created", "job.completed", "document.viewed"} <= set(acts(server))


def test_a_file_that_cannot_be_read_fails_with_the_reason_and_counts_no_page(server: Server) -> None:
    job_id = sent(server, document(pages=0, error="file_encrypted"))

    server.work()

    failed = job(server, job_id)
    assert (failed["status"], failed["attempts"], failed["result"]) == ("failed", 1, None)
    assert failed["error"]["code"] == "file_encrypted"
    assert events(server, "job.failed") == [{"job_id": job_id}]
    assert events(server, "pages.read") == []


@pytest.mark.parametrize(
    ("content", "told", "status", "code"),
    [
        (b"", {}, 422, "file_empty"),
        (b"MZ\x90\x00 a program", {}, 415, "file_type_unsupported"),
        (b"<html>", {}, 415, "file_type_unsupported"),
        (PDF, {"schema_template": "hospice_admision"}, 422, "template_unknown"),
        (PDF, {"webhook_url": "ftp://clinic.example.com"}, 422, "invalid_request"),
        (PDF, {"webhook_url": "not a URL"}, 422, "invalid_request"),
        (PDF, {"priority": "11"}, 422, "invalid_request"),
        (PDF, {"priority": "soon"}, 422, "invalid_request"),
        (PDF + b" " * 1_000_000, {}, 413, "body_too_large"),
        (PDF + b" " * 3_000_000, {}, 413, "body_too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_at_the_door(
    small: Server, content: bytes, told: dict[str, str], status: int, code: str
) -> None:
    answer = send(small, content, **told)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert small.north.get("/api/v1/jobs").json()["items"] == []
    assert objects(small) == []


@pytest.fixture
def small(server: Server) -> Server:
    """A server that takes 1 MB, not 50: the same limits, sooner reached."""
    state = server.http.app.state  # type: ignore[attr-defined]
    object.__setattr__(state.intake, "file_bytes", 1_000_000)
    return server


def test_a_misspelt_template_is_told_the_nearest(server: Server) -> None:
    assert "'hospice_admission'" in send(server, schema_template="hospice_admision").json()["detail"]


def test_an_empty_field_counts_as_absent(server: Server) -> None:
    assert send(server, schema_template="", webhook_url="").status_code == 202


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", FORM, 400),
        (b"{}", "application/json", 400),
        (part("name=file; filename=a")[:-9], FORM, 400),
        (part("name=other; filename=a"), FORM, 422),
        (part("name=file"), FORM, 422),
        (b"--x\r\nnonsense\r\n\r\n%PDF-1\r\n--x--\r\n", FORM, 400),
        (b"--x\r\n" * 3, FORM, 400),
        (b"%PDF-1", "multipart/form-data", 400),
    ],
)
def test_a_form_that_is_none_is_refused_and_leaves_nothing(server: Server, body: bytes, kind: str, status: int) -> None:
    answer = server.north.post("/api/v1/jobs", content=body, headers={"Content-Type": kind})

    assert answer.status_code == status, answer.text
    assert objects(server) == []


def test_nobodys_file_is_read_into_memory(server: Server) -> None:
    answer = server.http.post("/api/v1/jobs", files={"file": ("a.pdf", PDF)})

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_what_was_sent_rests_sealed(server: Server, tmp_path: Path) -> None:
    sent(server, PDF + b"Wilhelmina Featherstonehaugh" * 100_000, webhook_url="https://clinic.example.com/?s=hidden")

    (name,) = objects(server)
    held = b"".join(server.works.storage.get(name))
    rows = every_value(server)

    assert len(held) > 2_800_000
    for word in (b"Wilhelmina", b"%PDF", FILE_NAME.encode(), b"hidden"):
        assert word not in held
        assert word not in rows


def every_value(server: Server) -> bytes:
    with server.parts.database.reading() as session:
        rows = [*session.execute(text("SELECT * FROM submissions")), *session.execute(text("SELECT * FROM jobs"))]
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)


@pytest.mark.parametrize("given", ["../../etc/passwd", "C:\\scans\\form.pdf", "a\nb.pdf", "", "x" * 1000 + ".pdf"])
def test_a_files_name_is_a_name_alone(server: Server, given: str) -> None:
    body = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{given}"\r\n\r\n'.encode()
    answer = server.north.post(
        "/api/v1/jobs",
        content=body.replace(b"a\nb", b"a\x01b") + PDF + b"\r\n--x--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    name = job(server, answer.json()["job_id"])["document"]["file_name"]
    assert name in {"passwd", "form.pdf", "ab.pdf", "document", "x" * 251 + ".pdf"}


def test_a_repeated_request_under_its_key_is_one_job(server: Server) -> None:
    first, second = send(server, key="one"), send(server, key="one")
    other = send(server, PNG, key="one")

    assert (second.status_code, second.json()) == (202, first.json())
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(server.north.get("/api/v1/jobs").json()["items"]) == 1
    assert len(objects(server)) == 1
    assert server.work() == 1


def test_one_that_has_used_up_its_trial_sends_nothing_more(server: Server) -> None:
    server.north.get("/api/v1/me")
    sent(server, document(pages=100))
    server.work()
    server.follow()

    refused = send(server)

    assert (refused.status_code, refused.json()["code"]) == (402, "trial_used_up")
    assert len(objects(server)) == 1
    assert server.south.post("/api/v1/jobs", files={"file": ("a.pdf", PDF)}).status_code == 202


def test_lists_tell_origins_and_batches_apart(server: Server) -> None:
    desktop = server.desktop()
    read = str(desktop.read())
    desktop.push()
    alone = sent(server)
    together = batch(server, PDF, PDF)

    def listed(**wanted: str) -> set[str]:
        return {found["job_id"] for found in server.north.get("/api/v1/jobs", params=wanted).json()["items"]}

    members = listed(batch_id=together)
    assert len(members) == 2
    assert listed(origin="desktop") == {read}
    assert listed(origin="api") == {alone, *members}
    assert listed(status="pending", origin="api") == listed(origin="api")
    assert listed(batch_id=str(UUID(int=1))) == set()


def batch(server: Server, *contents: bytes, **told: str) -> str:
    files = [("files", (f"{number}.pdf", content)) for number, content in enumerate(contents)]
    answer = server.north.post("/api/v1/batches", files=files, data={"name": "Monday", **told})
    assert answer.status_code == 202, answer.text
    assert (answer.json()["status"], answer.json()["total_jobs"]) == ("pending", len(contents))
    return str(answer.json()["batch_id"])


def test_a_batch_is_told_how_far_it_is_and_completes_once(server: Server) -> None:
    batch_id = batch(server, PDF, document(pages=0, error="file_damaged"), PDF, webhook_url="https://c.example.com/")

    def view() -> dict[str, Any]:
        found: dict[str, Any] = server.north.get(f"/api/v1/batches/{batch_id}").json()
        return found

    before = view()
    assert (before["name"], before["status"], before["progress"], before["success_rate"]) == (
        "Monday",
        "pending",
        0,
        None,
    )
    server.work()

    after = view()
    assert (after["status"], after["progress"], after["success_rate"]) == ("completed", 1, 0.6667)
    assert (after["total_jobs"], after["completed_jobs"], after["failed_jobs"]) == (3, 2, 1)
    assert {found["status"] for found in after["jobs"]} == {"completed", "failed"}
    assert events(server, "batch.completed") == [
        {"batch_id": batch_id, "total_jobs": 3, "completed_jobs": 2, "failed_jobs": 1}
    ]

    failed = next(found["job_id"] for found in after["jobs"] if found["status"] == "failed")
    assert server.north.post(f"/api/v1/jobs/{failed}/retry").status_code == 202
    assert view()["status"] == "processing"
    server.work()
    assert len(events(server, "batch.completed")) == 1


def test_a_batch_whose_last_job_is_cancelled_or_deleted_is_complete(server: Server) -> None:
    batch_id = batch(server, PDF, PDF)
    first, second = (found["job_id"] for found in server.north.get("/api/v1/jobs").json()["items"])

    assert server.north.post(f"/api/v1/jobs/{first}/cancel").json()["status"] == "cancelled"
    assert events(server, "batch.completed") == []
    assert server.north.delete(f"/api/v1/jobs/{second}").status_code == 204
    assert [event["batch_id"] for event in events(server, "batch.completed")] == [batch_id]


@pytest.mark.parametrize(
    ("contents", "told", "status"),
    [
        ((), {"name": "Monday"}, 400),
        ((PDF,), {}, 422),
        ((PDF,), {"name": " "}, 422),
        ((PDF, b"text"), {"name": "Monday"}, 415),
    ],
)
def test_a_batch_is_taken_whole_or_not_at_all(
    server: Server, contents: tuple[bytes, ...], told: dict[str, str], status: int
) -> None:
    files = [("files", ("a.pdf", content)) for content in contents]
    answer = server.north.post("/api/v1/batches", files=files, data=told)

    assert answer.status_code == status
    assert server.north.get("/api/v1/jobs").json()["items"] == []
    assert objects(server) == []


def test_a_cancelled_job_is_read_by_nobody_until_it_is_retried(server: Server) -> None:
    job_id = sent(server)

    cancelled = server.north.post(f"/api/v1/jobs/{job_id}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert server.work() == 0
    again = server.north.post(f"/api/v1/jobs/{job_id}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "job_ended")

    assert server.north.post(f"/api/v1/jobs/{job_id}/retry").json()["status"] == "pending"
    assert server.work() == 1
    assert job(server, job_id)["status"] == "completed"
    refused = server.north.post(f"/api/v1/jobs/{job_id}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "job_not_retryable")


def test_a_deleted_job_leaves_nothing_but_its_traces_in_the_log(server: Server) -> None:
    job_id = sent(server)
    server.work()

    assert server.north.delete(f"/api/v1/jobs/{job_id}").status_code == 204

    assert server.north.get(f"/api/v1/jobs/{job_id}").status_code == 404
    assert server.north.delete(f"/api/v1/jobs/{job_id}").status_code == 404
    assert objects(server) == []
    assert "job.deleted" in acts(server)


def test_a_document_of_a_desktop_is_cancelled_retried_and_deleted_there(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read()
    desktop.push()

    for method, path in [("POST", "/cancel"), ("POST", "/retry"), ("DELETE", ""), ("GET", "/original")]:
        answer = server.north.request(method, f"/api/v1/jobs/{document_id}{path}")
        assert (answer.status_code, answer.json()["code"]) == (409, "job_of_desktop")


def test_the_original_is_fetched_by_a_link_that_ends(server: Server) -> None:
    content = PDF + bytes(range(256)) * 1000
    job_id = sent(server, content)

    link = server.north.get(f"/api/v1/jobs/{job_id}/original").json()
    got = server.http.get(link["url"])

    assert (got.status_code, got.content) == (200, content)
    assert urlsplit(link["url"]).path == "/api/v1/originals"  # what the access log shows of it
    assert got.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{FILE_NAME}"
    assert {"original.linked", "original.downloaded"} <= set(acts(server))
    assert server.http.get(link["url"][:-3] + "abc").json()["code"] == "link_over"
    server.clock.ahead += timedelta(minutes=6)
    assert server.http.get(link["url"]).json()["code"] == "link_over"


def test_the_original_of_a_deleted_job_is_gone_for_links_too(server: Server) -> None:
    job_id = sent(server)
    link = server.north.get(f"/api/v1/jobs/{job_id}/original").json()
    server.north.delete(f"/api/v1/jobs/{job_id}")

    assert server.http.get(link["url"]).status_code == 404


def test_jobs_and_batches_of_another_organization_are_not_found(server: Server) -> None:
    job_id, batch_id = sent(server), batch(server, PDF)

    for method, path in [
        ("GET", f"/api/v1/jobs/{job_id}"),
        ("GET", f"/api/v1/jobs/{job_id}/original"),
        ("POST", f"/api/v1/jobs/{job_id}/cancel"),
        ("POST", f"/api/v1/jobs/{job_id}/retry"),
        ("DELETE", f"/api/v1/jobs/{job_id}"),
        ("GET", f"/api/v1/batches/{batch_id}"),
    ]:
        answer = server.south.request(method, path)
        assert (path, answer.status_code, answer.json()["code"]) == (path, 404, "not_found")
    assert server.work() == 2


def test_when_the_storage_fails_nothing_is_taken(server: Server) -> None:
    nowhere = (
        "file:///dev/null/objects" if server.parts.settings.embedded else "s3://nobody?endpoint=http://127.0.0.1:9"
    )
    settings = server.parts.settings.model_copy(update={"storage_url": nowhere})
    app = create_app(dataclasses.replace(server.parts, settings=settings))
    with TestClient(app, headers={"X-API-Key": server.owners.north.api_key}) as http:
        answer = http.post("/api/v1/jobs", files={"file": ("a.pdf", PDF)})
        health = http.get("/health")

    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (503, "storage_unavailable", True)
    assert (health.status_code, health.json()["checks"]["storage"]) == (503, "failing")
    assert server.north.get("/api/v1/jobs").json()["items"] == []
    assert server.http.get("/health").json()["status"] == "ok"


def test_when_the_broker_fails_jobs_are_taken_and_health_says_so(server: Server) -> None:
    settings = server.parts.settings.model_copy(update={"broker_url": "redis://127.0.0.1:9/0"})
    app = create_app(dataclasses.replace(server.parts, settings=settings))
    with TestClient(app, headers={"X-API-Key": server.owners.north.api_key}) as http:
        answer = http.post("/api/v1/jobs", files={"file": ("a.pdf", PDF)})
        health = http.get("/health")

    assert answer.status_code == 202
    assert (health.status_code, health.json()["checks"]["queue"]) == (503, "failing")
    assert server.work() == 1
