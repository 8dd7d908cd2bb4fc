"""Jobs as files for other programs, over HTTP, from the same code as the desktop's."""

import base64
import csv
import io
import json
from typing import Any

import hl7
import openpyxl
import pypdfium2
import pytest
from fhirclient.models.bundle import Bundle
from pikepdf import pdfa

from shared.reading.worker import ReadingProcess
from syncserver.processing.work import work_once
from tests.shared.reading.conftest import SAMPLES as ALL_SAMPLES
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import PATIENT, admission
from tests.syncserver.scripted import document

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "fhir": "application/fhir+json",
    "hl7": "application/hl7-v2; charset=utf-8",
}
SAMPLES = ALL_SAMPLES / "documents"
FILE = document(pages=1, looks_like="hospice_admission")


def synced(server: Server) -> str:
    """A document that a desktop read."""
    desktop = server.desktop()
    document_id = desktop.read(reading=admission())
    assert desktop.push().status_code == 200
    return str(document_id)


def sent(server: Server) -> str:
    """A file that came through the API, and was read here."""
    answer = server.north.post("/api/v1/jobs", files={"file": ("x.pdf", FILE)})
    assert server.work() == 1
    return str(answer.json()["job_id"])


def export(server: Server, job_id: str, form: str) -> Any:
    return server.north.get(f"/api/v1/jobs/{job_id}/export", params={"format": form})


def told(form: str, content: bytes) -> str:
    """The patient's name, as another reader of the form finds it."""
    match form:
        case "csv":
            [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
            return row["patient_name"]
        case "xlsx":
            header, row = openpyxl.load_workbook(io.BytesIO(content))["documents"].iter_rows(values_only=True)
            return str(dict(zip(header, row, strict=True))["patient_name"])
        case "json":
            return str(json.loads(content)["fields"]["patient_name"]["value"])
        case "fhir":
            bundle = Bundle(json.loads(content))
            return str(
                next(one.resource for one in bundle.entry if one.resource.resource_type == "Patient").name[0].text
            )
        case _:
            [batch] = hl7.parse_file(content.decode())
            return str(next(one[5] for one in batch[0].segments("OBX") if str(one[3][0][0]) == "patient_name"))


@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_a_document_is_handed_on_in_every_form(server: Server, form: str) -> None:
    job_id = synced(server)

    answer = export(server, job_id, form)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, MEDIA_TYPES[form])
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{job_id}.{form}"'
    assert told(form, answer.content) == PATIENT
    entry = server.north.get("/api/v1/audit", params={"action": "document.exported"}).json()["items"][0]
    assert (entry["subject"], entry["details"]) == (job_id, {"format": form})


def test_the_original_goes_with_it_as_long_as_it_is_here(server: Server) -> None:
    bundle = export(server, sent(server), "fhir").json()
    [reference] = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "DocumentReference"]
    assert base64.b64decode(reference["content"][0]["attachment"]["data"]) == FILE

    elsewhere = export(server, synced(server), "fhir").json()
    [reference] = [
        one["resource"] for one in elsewhere["entry"] if one["resource"]["resourceType"] == "DocumentReference"
    ]
    assert "data" not in reference["content"][0]["attachment"]


def test_a_pdf_is_drawn_of_the_original_and_finds_what_was_read_of_it(server: Server, reader: ReadingProcess) -> None:
    scan = (SAMPLES / "lying on its side.jpg").read_bytes()
    job_id = server.north.post("/api/v1/jobs", files={"file": ("x.jpg", scan)}).json()["job_id"]
    assert work_once(server.works, reader)
    words = [line["text"] for line in server.north.get(f"/api/v1/jobs/{job_id}").json()["result"]["pages"][0]["lines"]]

    answer = export(server, job_id, "pdf")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert pdfa.validate_written(io.BytesIO(answer.content), "2b").passed
    [page] = pypdfium2.PdfDocument(answer.content)
    assert page.get_height() > page.get_width()  # upright
    text = page.get_textpage().get_text_bounded()
    assert words
    assert all(word in text for word in words[:3])


def test_a_pdf_takes_an_original_that_is_here_and_can_be_drawn(server: Server) -> None:
    of_desktop, undrawable = export(server, synced(server), "pdf"), export(server, sent(server), "pdf")

    assert (of_desktop.status_code, of_desktop.json()["code"]) == (409, "job_of_desktop")
    assert (undrawable.status_code, undrawable.json()["code"]) == (409, "not_exportable")


def test_what_did_not_complete_is_not_exported_and_nothing_is_written_down(server: Server) -> None:
    waiting = server.north.post("/api/v1/jobs", files={"file": ("x.pdf", FILE)}).json()["job_id"]
    failing = document(pages=1, error="file_damaged")

    assert (export(server, waiting, "json").status_code, export(server, waiting, "json").json()["code"]) == (
        409, "not_exportable",
    )  # fmt: skip
    failed = server.north.post("/api/v1/jobs", files={"file": ("y.pdf", failing)}).json()["job_id"]
    server.work()
    assert export(server, failed, "hl7").status_code == 409
    assert server.north.get("/api/v1/audit", params={"action": "document.exported"}).json()["items"] == []


def test_another_form_is_no_request(server: Server) -> None:
    assert export(server, synced(server), "docx").status_code == 422


def test_another_organizations_document_is_not_found(server: Server) -> None:
    job_id = synced(server)

    answer = server.south.get(f"/api/v1/jobs/{job_id}/export", params={"format": "json"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
