"""Documents taken out of a real store by the real command line: what is written, and what is written down of it."""

import base64
import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import openpyxl
import pypdfium2
import pytest
from pdfminer.high_level import extract_text

from desktop.cli.export import FORMATS
from desktop.journey.review.decisions import Reviewer, Word, correct
from desktop.vault import audit_log, blobs, documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import NewDocument
from desktop.vault.outcomes import record_outcome
from shared.documents import Reading, failed_reading
from shared.documents.corrections import Place
from shared.export import Document, Format
from shared.ids import new_id
from tests.desktop.conftest import PATIENT, CommandLine, environment, nobody_answers, quick_settings
from tests.shared.export.samples import PNG, admission, claim, labs, many

MISSING = UUID(int=7)


def keep(vault: Vault, document: Document, reading: Reading | None = None) -> UUID:
    """The document is in the store, read, with an original and a picture of each page."""
    read = reading or document.reading
    new = NewDocument(document.id, new_id().hex * 2, read.file_name, 3, "auto")
    sealed = [vault.blobs.write(new.id, "original", 0, "application/octet-stream", b"%PDF-1.4 original")]
    sealed += [vault.blobs.write(new.id, "page", page.number, "image/png", PNG) for page in read.pages]
    with vault.act() as connection:
        documents.add(connection, new, document.received_at)
        for blob in sealed:
            blobs.attach(connection, blob)
        record_outcome(vault, connection, new.id, read)
    return new.id


@pytest.fixture
def store(chartdrop: CommandLine) -> Iterator[Vault]:
    """The store of the command line, with an admission, a laboratory's report and a claim."""
    vault = open_vault(quick_settings(chartdrop.data_dir), nobody_answers)
    for document in (admission(), labs(), claim()):
        keep(vault, document)
    yield vault
    vault.close()


def ids(*given: Document) -> list[str]:
    return [str(document.id) for document in given]


def paths(done: "subprocess.CompletedProcess[str]") -> list[Path]:
    assert done.returncode in (0, 3), done.stderr
    return [Path(line) for line in done.stdout.splitlines()]


def exported(vault: Vault) -> list[tuple[str, str]]:
    """Which documents the audit chain says were exported, and as what."""
    with vault.read() as connection:
        entries = [json.loads(line) for line in audit_log.lines(connection)]
        assert audit_log.verify(connection, vault.chain) is None
    return [(e["subject"], e["details"]["format"]) for e in entries if e["action"] == "document.exported"]


def test_several_documents_are_one_file_that_only_its_owner_reads(
    chartdrop: CommandLine, store: Vault, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    done = chartdrop.run("export", *ids(admission(), labs()), "--format", "json", "--out", out)

    assert (done.returncode, paths(done)) == (0, [out])
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [line["document_id"] for line in lines] == ids(admission(), labs())
    assert lines[0]["fields"]["patient_name"]["value"] == "Siobhán M. O'Featherstone"
    assert out.stat().st_mode & 0o077 == 0
    assert exported(store) == [(one, "json") for one in ids(admission(), labs())]


def test_what_a_person_corrected_is_what_is_handed_on(chartdrop: CommandLine, store: Vault, tmp_path: Path) -> None:
    dana = Reviewer("person:1", "Dana Ortiz")
    correct(store, admission().id, Word(Place("patient_name"), "Siobhan Featherstone"), dana)
    [written] = paths(chartdrop.run("export", *ids(admission()), "--format", "json", "--out", tmp_path / "out.json"))

    told = json.loads(written.read_bytes())
    assert (told["fields"]["patient_name"]["value"], told["fields"]["patient_name"]["source"]) == (
        "Siobhan Featherstone",
        "person",
    )
    assert "fields.patient_name" in told["confirmed"]


def test_in_a_folder_each_document_has_a_file_named_by_its_id(
    chartdrop: CommandLine, store: Vault, tmp_path: Path
) -> None:
    done = chartdrop.run("export", *ids(admission(), labs()), "--format", "json", "--out", f"{tmp_path}/new/")

    assert paths(done) == [tmp_path / "new" / f"{one}.json" for one in ids(admission(), labs())]
    assert json.loads(paths(done)[1].read_bytes())["document_id"] == str(labs().id)
    assert sorted((tmp_path / "new").iterdir()) == sorted(paths(done))


def test_csv_in_a_folder_has_a_file_for_each_table(chartdrop: CommandLine, store: Vault, tmp_path: Path) -> None:
    done = chartdrop.run("export", *ids(admission(), labs(), claim()), "--format", "csv", "--out", f"{tmp_path}/csv/")

    names = ["documents", "secondary_diagnoses", "medications", "lab_results", "claim_lines"]
    assert [path.stem for path in paths(done)] == names
    with (tmp_path / "csv" / "claim_lines.csv").open(encoding="utf-8-sig", newline="") as told:
        assert [row["cpt_code"] for row in csv.DictReader(told)] == ["99213", "J1100"]
    with (tmp_path / "csv" / "documents.csv").open(encoding="utf-8-sig", newline="") as told:
        assert [row["document.id"] for row in csv.DictReader(told)] == ids(admission(), labs(), claim())


def test_a_workbook_has_them_as_sheets(chartdrop: CommandLine, store: Vault, tmp_path: Path) -> None:
    out = tmp_path / "all.xlsx"
    chartdrop.run("export", *ids(admission(), labs(), claim()), "--format", "xlsx", "--out", out)

    book = openpyxl.load_workbook(out)
    assert book["medications"].max_row == 3
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_bundle_holds_the_original_that_the_store_keeps(chartdrop: CommandLine, store: Vault, tmp_path: Path) -> None:
    done = chartdrop.run("export", *ids(admission(), labs()), "--format", "fhir", "--out", f"{tmp_path}/fhir/")

    assert [path.name for path in paths(done)] == [f"{one}.fhir.json" for one in ids(admission(), labs())]
    entries = [entry["resource"] for entry in json.loads(paths(done)[0].read_bytes())["entry"]]
    [reference] = [one for one in entries if one["resourceType"] == "DocumentReference"]
    assert base64.b64decode(reference["content"][0]["attachment"]["data"]) == b"%PDF-1.4 original"


def test_a_scan_that_was_really_read_is_a_pdf_in_which_the_patient_is_found(
    chartdrop: CommandLine, scan: Path, tmp_path: Path
) -> None:
    chartdrop.run("scan", scan, "--save")
    [document] = [json.loads(line) for line in chartdrop.run("documents", "--json").stdout.splitlines()]
    out = tmp_path / "found.pdf"

    assert paths(chartdrop.run("export", document["id"], "--format", "pdf", "--out", out)) == [out]
    assert PATIENT in extract_text(out)
    [size] = [page.get_size() for page in pypdfium2.PdfDocument(out)]
    assert size[0] / size[1] == pytest.approx(1000 / 700, rel=0.01)


def test_a_pdf_holds_one_document_and_one_whose_pictures_are_gone_is_left_out(
    chartdrop: CommandLine, store: Vault, tmp_path: Path
) -> None:
    with store.act() as connection:
        gone = blobs.detach(connection, labs().id, "page")
    store.blobs.remove(gone)
    command = ["export", *ids(labs(), claim()), "--format", "pdf", "--out"]

    refused = chartdrop.run(*command, tmp_path / "both.pdf")
    assert (refused.returncode, "give a folder" in refused.stderr) == (2, True)
    done = chartdrop.run(*command, f"{tmp_path}/pdf/")
    assert (done.returncode, paths(done)) == (3, [tmp_path / "pdf" / f"{claim().id}.pdf"])
    assert f"{labs().id}: Page 1 has no picture" in done.stderr


@pytest.mark.parametrize("form", ["json", "csv"])
def test_nothing_is_written_over_unless_it_is_forced(
    chartdrop: CommandLine, store: Vault, tmp_path: Path, form: str
) -> None:
    out = tmp_path / "kept"
    out.write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / f"{labs().id}.json").write_text("mine")
    (tmp_path / "folder" / "lab_results.csv").write_text("mine")
    command = ["export", str(labs().id), "--format", form, "--out"]

    for place in (out, tmp_path / "folder"):
        refused = chartdrop.run(*command, place)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "--force" in refused.stderr
    assert out.read_text() == "mine"
    assert len(list((tmp_path / "folder").iterdir())) == 2

    assert chartdrop.run(*command, out, "--force").returncode == 0
    assert "Sodium" in out.read_text() or "L0099" in out.read_text()


def test_what_cannot_be_exported_is_named_and_the_rest_is_written(
    chartdrop: CommandLine, store: Vault, tmp_path: Path
) -> None:
    waiting = NewDocument(new_id(), "77" * 32, "later.pdf", 3, "auto")
    with store.act() as connection:
        documents.add(connection, waiting, labs().received_at)
    broken = replace(labs(), id=new_id())
    keep(store, broken, failed_reading("broken.pdf", "88" * 32, "file_damaged", "It is damaged. Scan it again."))

    wanted = [*ids(labs(), broken), str(waiting.id)]
    done = chartdrop.run("export", *wanted, "--format", "json", "--out", tmp_path / "out.json")

    assert done.returncode == 3
    assert len((tmp_path / "out.json").read_text().splitlines()) == 1
    assert f"{broken.id}: It could not be read" in done.stderr
    assert f"{waiting.id}: It is waiting" in done.stderr
    nothing = chartdrop.run("export", str(waiting.id), "--format", "json", "--out", tmp_path / "none.json")
    assert (nothing.returncode, (tmp_path / "none.json").exists()) == (3, False)
    assert exported(store) == [(str(labs().id), "json")]


def test_an_unknown_document_or_place_is_wrong_usage_and_nothing_is_written(
    chartdrop: CommandLine, store: Vault, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    unknown = chartdrop.run("export", str(labs().id), str(MISSING), "--format", "json", "--out", out)
    nowhere = chartdrop.run("export", str(labs().id), "--format", "json", "--out", tmp_path / "no" / "out.json")

    assert (unknown.returncode, nowhere.returncode) == (2, 2)
    assert str(MISSING) in unknown.stderr
    assert not out.exists()
    assert exported(store) == []


def test_who_may_not_export_is_refused_and_that_is_written_down(
    chartdrop: CommandLine, store: Vault, tmp_path: Path
) -> None:
    dana = {"CHARTDROP_PERSON": "Dana", "CHARTDROP_PIN": "482913"}
    vera = {"CHARTDROP_PERSON": "Vera", "CHARTDROP_PIN": "770412"}
    chartdrop.run("people", "add", "Dana", CHARTDROP_PIN=dana["CHARTDROP_PIN"])
    chartdrop.run("people", "add", "Vera", CHARTDROP_NEW_PIN=vera["CHARTDROP_PIN"], **dana)
    command: list[str | Path] = ["export", str(labs().id), "--format", "json", "--out", tmp_path / "out.json"]

    refused = chartdrop.run(*command, **vera)

    assert (refused.returncode, "may not export" in refused.stderr) == (4, True)
    assert not (tmp_path / "out.json").exists()
    assert exported(store) == []
    assert chartdrop.run(*command, **dana).returncode == 0
    assert exported(store) == [(str(labs().id), "json")]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="/proc is a place where not even root may write")
def test_a_place_that_takes_no_file_is_named_with_the_reason(chartdrop: CommandLine, store: Vault) -> None:
    done = chartdrop.run("export", str(labs().id), "--format", "json", "--out", "/proc/out.json")

    assert done.returncode == 3
    assert "could not be written to /proc/out.json" in done.stderr


def test_the_command_offers_every_form_without_loading_one() -> None:
    assert tuple(Format) == FORMATS


MEASURE = """
import re, sys
from pathlib import Path
from desktop.cli import run

code = run(sys.argv[1:])
# VmHWM begins anew with a program; getrusage tells the peak of whoever started it
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(code, peak, file=sys.stderr)
"""


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak")
@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "fhir", "hl7", "pdf"])
def test_a_thousand_documents_leave_the_store_in_as_much_memory_as_fifty(
    chartdrop: CommandLine, tmp_path: Path, form: str
) -> None:
    with closing(open_vault(quick_settings(chartdrop.data_dir), nobody_answers)) as vault:
        kept = [str(keep(vault, replace(document, id=new_id()))) for document in many(1_000)]
    peaks = []
    for count in (50, 1_000):
        words = ["export", *kept[:count], "--format", form, "--out", f"{tmp_path}/{form}-{count}/"]
        command = [sys.executable, "-c", MEASURE, "--data-dir", str(chartdrop.data_dir), *words]
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=1_800, check=True)
        code, peak = done.stderr.split()[-2:]
        assert code == "0", done.stderr
        peaks.append(int(peak))

    print(f"{form}: {peaks[0]} MB for 50 documents, {peaks[1]} MB for 1,000")
    assert peaks[1] - peaks[0] <= 20
