"""Messages read back by two others' parsers: the same values, and valid by the strict one."""

import base64
import io
import re
from dataclasses import replace
from typing import Any

import hl7
import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.documents import Reading
from shared.export import Document, Format, layout_of, open_writer, single_files
from shared.export.document import text_of
from shared.export.hl7 import hl7_messages
from tests.shared.export.samples import ADDRESS, LABS_ID, NOW, admission, bare, each_kind, labs, read

_ESCAPES = {"E": "\\", "F": "|", "S": "^", "T": "&", "R": "~", "X0D": "\r", "X0A": "\n"}


def mdm(document: Document) -> str:
    return hl7_messages(document, NOW)[0].content.decode()


def unescaped(text: str) -> str:
    return re.sub(r"\\(E|F|S|T|R|X0D|X0A)\\", lambda found: _ESCAPES[found[1]], text)


def observed(message: str) -> list[tuple[str, str, str]]:
    """Of every value what, in which row, and how it reads: by `hl7`."""
    told = hl7.parse(message)
    return [
        (str(one[3][0][0]), str(one[4]), told.unescape("; ".join(str(part) for part in one[5])))
        for one in told.segments("OBX")
        if str(one[3][0][0]) not in ("page_text", "original")
    ]


def observed_apy(message: str) -> list[tuple[str, str, str]]:
    """The same by `hl7apy`, which leaves escapes to its caller, and escapes hexadecimal ones anew."""
    told = parse_message(message, validation_level=VALIDATION_LEVEL.TOLERANT, find_groups=False)
    given = []
    for one in told.obx:
        texts = [re.sub(r"\\E\\(X0[AD])\\E\\", r"\\\1\\", value.to_er7()) for value in one.obx_5]
        given.append((one.obx_3.obx_3_1.value, one.obx_4.value or "", "; ".join(unescaped(text) for text in texts)))
    return [one for one in given if one[0] not in ("page_text", "original")]


def values(document: Document) -> list[tuple[str, str, str]]:
    """What was read, as it is to be found again."""
    found = [(name, "", cell) for name, cell in document.reading.fields.items() if cell]
    for table, rows in document.reading.tables.items():
        for number, row in enumerate(rows, start=1):
            found += [(f"{table}.{name}", str(number), cell) for name, cell in row.items() if cell]
    return [(name, row, text_of(cell.value)) for name, row, cell in found]


@pytest.mark.parametrize("document", each_kind(), ids=lambda document: document.reading.document_type)
def test_every_value_parses_back_to_what_it_was(document: Document) -> None:
    assert observed(mdm(document)) == values(document)
    assert observed_apy(mdm(document)) == values(document)


@pytest.mark.parametrize("document", each_kind(), ids=lambda document: document.reading.document_type)
def test_every_message_is_valid_to_a_strict_reader(document: Document) -> None:
    for message in hl7_messages(document, NOW):
        told = parse_message(message.content.decode(), validation_level=VALIDATION_LEVEL.STRICT, find_groups=True)
        assert told.validate()
        assert told.version == "2.5.1"


def test_the_header_says_what_it_is_and_in_which_letters() -> None:
    header = hl7.parse(mdm(admission())).segment("MSH")

    assert (str(header[9]), str(header[11]), str(header[12])) == ("MDM^T02^MDM_T02", "P", "2.5.1")
    assert str(header[18]) == "UNICODE UTF-8"
    assert 0 < len(str(header[10])) <= 20
    assert mdm(admission()) == mdm(admission())


def test_the_patient_is_who_stands_on_the_page() -> None:
    told = hl7.parse(mdm(admission()))
    patient = told.segment("PID")

    assert (str(patient[5]), str(patient[7]), str(patient[8])) == (
        "O'Featherstone^Siobhán^M.^^^^L", "19410203", "F",
    )  # fmt: skip
    assert [str(one) for one in patient[3]] == ["00012345^^^^MR", "1EG4TE5MK73^^^^MC", "0042^^^^SS"]
    assert told.unescape(str(patient[11])) == ADDRESS
    assert str(patient[13]) == "^PRN^PH^^^^^^^^^+14155550100"
    assert str(told.segment("PV1")[7]) == "1234567893^Patel^Ravi^K.^^^^^^^^^NPI"


def test_of_nobody_known_the_document_is_named() -> None:
    patient = hl7.parse(mdm(bare())).segment("PID")

    assert str(patient[3]) == f"{bare().id}^^^CHARTDROP^U"
    assert str(patient[5]) == "^^^^^^U"


def test_a_value_says_whose_it_is_and_whether_it_is_final() -> None:
    told = {str(one[3][0][0]): one for one in hl7.parse(mdm(admission())).segments("OBX")}

    assert str(told["patient_name"][17]) == "confirmed^Confirmed by a person^L"
    assert str(told["date_of_birth"][17]) == "machine^Read by a machine^L"
    assert (str(told["address"][11]), str(told["date_of_birth"][11])) == ("P", "F")
    assert str(told["mrn"][2]) == "ST"  # a number would lose its noughts


def test_the_text_of_each_page_and_the_original_go_with_it() -> None:
    told = hl7.parse(mdm(replace(admission(), original=lambda: b"%PDF-1.4 the scan")))
    *_, first, second, original = told.segments("OBX")

    assert [told.unescape(str(line)) for line in first[5]] == ["HOSPICE ADMISSION", "Patient: Siobhán O'Featherstone"]
    assert [str(line) for line in second[5]] == ["患者 李明 🩺", "Παπαδόπουλος"]
    assert [str(part) for part in original[5][0]][1:4] == ["application", "pdf", "Base64"]
    assert base64.b64decode(str(original[5][0][4])) == b"%PDF-1.4 the scan"


def test_results_are_a_message_of_their_own_panel_by_panel() -> None:
    _, message = hl7_messages(labs(), NOW)
    told = hl7.parse(message.content.decode())

    assert str(told.segment("MSH")[9]) == "ORU^R01^ORU_R01"
    orders = told.segments("OBR")
    assert [(str(one[1]), str(one[3]), str(one[4])) for one in orders] == [
        ("1", "L0099", "^BMP"), ("2", "L0099", "^Laboratory results"),
    ]  # fmt: skip
    assert (str(orders[0][7]), str(orders[0][22]), str(orders[0][25])) == ("20260310", "20260311", "F")
    assert str(orders[0][16]) == "1234567893^Patel^Ravi^K.^^^^^^^^^NPI"
    results = [[str(one[place]) for place in (2, 3, 5, 6, 7, 8)] for one in told.segments("OBX")]
    assert results == [
        ["NM", "^Sodium", "131", "mmol/L", "136-145", "L"],
        ["NM", "^Potassium", "4.1", "mmol/L", "3.5-5.1", ""],
        ["ST", "^TSH", "<0.01", "mIU/L", "0.4-4.0", "L"],
        ["ST", "^HIV 1/2", "Non-reactive", "", "", ""],
    ]
    assert len(hl7_messages(admission(), NOW)) == 1


def test_a_file_of_several_is_a_batch_that_counts_its_messages() -> None:
    target = io.BytesIO()
    writer = open_writer(Format.HL7, target, layout_of([]), NOW)
    for document in each_kind():
        writer.add(document)
    writer.close()

    [batch] = hl7.parse_file(target.getvalue().decode())
    assert len(batch) == len(each_kind()) + 1
    assert target.getvalue().decode().split("\r")[-3:] == ["BTS|6", "FTS|1", ""]


def test_a_document_alone_is_a_file_a_message() -> None:
    assert [file.ending for file in single_files(Format.HL7, labs(), NOW)] == [".mdm.hl7", ".oru.hl7"]
    assert str(LABS_ID) in single_files(Format.HL7, labs(), NOW)[0].content.decode()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("|^~\\&\r\n"), min_size=1, max_size=40))
@settings(deadline=None)
def test_any_text_comes_back_and_makes_no_segment_of_its_own(text: str) -> None:
    reading = Reading("x", "0" * 64, 1, fields={"comments": read(text), "allergies": read((text, text))})
    document: Any = replace(bare(), reading=reading)
    kinds = [line[:3] for line in mdm(document).split("\r")]

    assert kinds == ["MSH", "EVN", "PID", "PV1", "TXA", "OBX", "OBX", ""]
    assert observed(mdm(document)) == [("comments", "", text), ("allergies", "", f"{text}; {text}")]
