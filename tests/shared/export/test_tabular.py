"""CSV and XLSX read back by others: every text as it was, and nothing that a spreadsheet would calculate."""

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from shared.documents import Reading, Value
from shared.export import Document, Format, csv_writer, layout_of, open_writer
from shared.export.tabular import neutral
from shared.export.workbook import sheet_names
from tests.shared.export.samples import ADDRESS, LABS_ID, NOW, admission, corrected, each_kind, labs, read, row


def as_csv(*documents: Document, table: str | None = None) -> list[dict[str, str]]:
    target = io.BytesIO()
    writer = csv_writer(target, layout_of(one.reading for one in documents), table)
    for document in documents:
        writer.add(document)
    writer.close()
    return list(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))


def as_sheets(*documents: Document, scratch: Path | None = None) -> dict[str, list[dict[str, Any]]]:
    target = io.BytesIO()
    writer = open_writer(Format.XLSX, target, layout_of(one.reading for one in documents), NOW, scratch)
    for document in documents:
        writer.add(document)
    writer.close()
    book = openpyxl.load_workbook(io.BytesIO(target.getvalue()))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    read = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    return {name: [dict(zip(map(str, rows[0]), line, strict=True)) for line in rows[1:]] for name, rows in read.items()}


def with_fields(**values: Value) -> Document:
    reading = Reading("x.png", "0" * 64, 1, fields={name: read(value) for name, value in values.items()})
    return replace(admission(), reading=reading)


def test_a_document_is_a_row_whatever_its_kind() -> None:
    rows = as_csv(*each_kind())

    assert [row["document.id"] for row in rows] == [str(document.id) for document in each_kind()]
    assert rows[0]["patient_name"] == "Siobhán M. O'Featherstone"
    assert rows[0]["address"] == ADDRESS
    assert (rows[0]["mrn"], rows[0]["group_number"], rows[0]["ssn_last4"]) == ("00012345", "007", "0042")
    assert (rows[0]["date_of_birth"], rows[0]["veteran"]) == ("1941-02-03", "yes")
    assert rows[0]["allergies"] == "Penicillin; Sulfa | rash"
    assert rows[0]["accession_number"] == ""  # a laboratory's alone
    assert rows[1]["accession_number"] == "L0099"
    assert (rows[0]["document.confirmed"], rows[0]["document.needs_review"]) == ("patient_name", "address")


def test_a_table_of_documents_is_a_table_of_its_own() -> None:
    rows = as_csv(*each_kind(), table="lab_results")

    assert [(row["document.id"], row["row.number"], row["test"], row["result"]) for row in rows] == [
        (str(LABS_ID), "1", "Sodium", "131"),
        (str(LABS_ID), "2", "Potassium", "4.1"),
        (str(LABS_ID), "3", "TSH", "<0.01"),
        (str(LABS_ID), "4", "HIV 1/2", "Non-reactive"),
    ]
    medications = as_csv(*each_kind(), table="medications")
    assert [(row["dose"], row["row.confirmed"]) for row in medications] == [("5 mg", "dose"), ("0.5 mg", "")]


@pytest.mark.parametrize("harmful", ["=1+1", "@SUM(A1)", "+1-800", "-cmd|'/C calc'!A0", " =x", "\t=1", "＝1", "\r=1"])
def test_what_a_spreadsheet_would_calculate_is_text_to_it(harmful: str) -> None:
    [told] = as_csv(with_fields(note=harmful))
    [sheet] = as_sheets(with_fields(note=harmful)).values()

    assert told["note"] == f"'{harmful}".replace("\r", "\n")
    assert sheet[0]["note"] == harmful.replace("\r", "\n")


@pytest.mark.parametrize("harmless", ["-2.5", "a=b", "007", "2026-03-01", "1E5", "—"])
def test_what_is_harmless_is_as_it_was(harmless: str) -> None:
    assert neutral(harmless) == harmless


def test_a_workbook_has_a_sheet_a_table_and_texts_stay_texts(tmp_path: Path) -> None:
    sheets = as_sheets(*each_kind(), scratch=tmp_path)

    assert list(sheets) == ["documents", "secondary_diagnoses", "medications", "lab_results", "claim_lines", "pairs"]
    first = sheets["documents"][0]
    assert (first["mrn"], first["group_number"], first["date_of_birth"]) == ("00012345", "007", "1941-02-03")
    assert (first["veteran"], first["document.page_count"]) == (True, 2)
    assert first["address"] == ADDRESS
    assert [line["result"] for line in sheets["lab_results"]] == ["131", "4.1", "<0.01", "Non-reactive"]
    assert not list(tmp_path.iterdir())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_comes_back_from_a_workbook_but_for_what_steers_machines(text: str) -> None:
    [told] = as_sheets(with_fields(note=text))["documents"]
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join("\ufffd" if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 else c for c in lines)

    assert unescape(told["note"] or "") == shown  # openpyxl leaves ECMA-376's _xHHHH_ to its caller


def test_a_text_that_no_cell_holds_is_cut_and_says_so() -> None:
    [told] = as_sheets(with_fields(note="🩺" * 20_000))["documents"]

    assert told["note"].endswith("🩺 […]")
    assert len(told["note"].encode("utf-16-le")) // 2 <= 32_767


def test_sheets_have_names_that_excel_takes_whatever_tables_are_called() -> None:
    long = "a" * 40
    assert sheet_names(("documents", "documents", "history", long, long)) == (
        "documents", "documents_2", "history_2", "a" * 31, "a" * 29 + "_2",
    )  # fmt: skip


def test_a_clinics_own_table_may_be_called_as_ours() -> None:
    reading = replace(labs().reading, tables={"documents": (row(a="1"),)}, fields={"sha256": corrected("x")})
    sheets = as_sheets(replace(labs(), reading=reading))

    assert sheets["documents_2"][0]["a"] == "1"
    assert (sheets["documents"][0]["sha256"], sheets["documents"][0]["document.sha256"]) == ("x", "cd" * 32)
