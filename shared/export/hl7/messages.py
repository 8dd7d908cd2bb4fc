"""The messages of one document, and the batch file that holds those of many."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID, uuid5

from shared.documents import Cell, FieldValue
from shared.documents.kinds import kind_of
from shared.documents.reading import Row
from shared.export.document import Document, text_of, title_of
from shared.export.hl7.encoding import END, SEPARATORS, US, Components, day, escaped, moment, segment
from shared.export.hl7.parts import Observed, doctor, field_text, local, observation, patient, visit
from shared.export.kinds import media_type_of

_VERSION = "2.5.1"
_CHARSET = "UNICODE UTF-8"  # table 0211
_REPORT_STATES = {"Final": "F", "Preliminary": "P", "Corrected": "C", "Partial": "A"}  # table 0123


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `kind` is "mdm" or "oru"."""

    kind: str
    content: bytes


def hl7_messages(document: Document, at: datetime) -> tuple[Message, ...]:
    """MDM^T02 with all that was read and the original; ORU^R01 where there are laboratory results.

    Raises what `document.original` raises."""
    messages = [Message("mdm", _encoded(_document_message(document, at)))]
    if _results(document):
        messages.append(Message("oru", _encoded(_result_message(document, at))))
    return tuple(messages)


class Batch:
    """A batch file (2.10.3), written as it comes, which counts its messages at the end."""

    def __init__(self, target: BinaryIO, at: datetime) -> None:
        self._target, self._at, self._messages = target, at, 0
        target.write(_encoded([_header("FHS", moment(at)), _header("BHS", moment(at))]))

    def add(self, document: Document) -> None:
        """The document's messages are in the file. Raises what `document.original` raises."""
        messages = hl7_messages(document, self._at)
        self._messages += len(messages)
        self._target.writelines(message.content for message in messages)

    def close(self) -> None:
        """All is written; the target stays open."""
        self._target.write(_encoded([segment("BTS", str(self._messages)), segment("FTS", "1")]))
        self._target.flush()


def _document_message(document: Document, at: datetime) -> list[str]:
    reading, received = document.reading, moment(document.received_at)
    observations = _observations(document)
    return [
        _message_header(document.id, ("MDM", "T02", "MDM_T02"), at),
        segment("EVN", "", moment(at)),
        patient(document),
        visit(reading),
        segment(
            "TXA", "1", reading.document_type, "TX", received, "", received, moment(document.read_at), "", "", "", "",
            (str(document.id), US), "", "", "", reading.file_name, "IP" if reading.to_review else "DO",
        ),
        *observations,
    ]  # fmt: skip


def _observations(document: Document) -> list[str]:
    """Every value, then the text of each page, then the file."""
    reading, given = document.reading, list[str]()
    for name, cell in reading.fields.items():
        if cell is not None:
            given.append(observation(len(given) + 1, Observed(local(name, title_of(name)), cell)))
    for table, rows in reading.tables.items():
        for number, row in enumerate(rows, start=1):
            for name, cell in row.items():
                if cell is not None:
                    code = local(f"{table}.{name}", f"{title_of(table)}: {title_of(name)}")
                    given.append(observation(len(given) + 1, Observed(code, cell, str(number))))
    for page in reading.pages:
        lines: list[Components] = [(line.text,) for line in page.lines]
        code = local("page_text", f"Text of page {page.number}")
        text = segment("OBX", str(len(given) + 1), "TX", code, str(page.number), lines or "", *[""] * 5, "F")
        given.append(text)
    return [*given, *_original(document, len(given) + 1)]


def _original(document: Document, number: int) -> list[str]:
    content = document.original()
    if content is None:
        return []
    sort, _, subtype = media_type_of(kind_of(content)).partition("/")
    data = ("", sort, subtype, "Base64", base64.b64encode(content).decode("ascii"))
    return [segment("OBX", str(number), "ED", local("original", "Original"), "", data, *[""] * 5, "F")]


def _result_message(document: Document, at: datetime) -> list[str]:
    given = [_message_header(document.id, ("ORU", "R01", "ORU_R01"), at), patient(document), visit(document.reading)]
    panels: list[tuple[str, list[Row]]] = []
    for row in _results(document):
        panel = _text(row.get("panel"))
        if not panels or panels[-1][0] != panel:
            panels.append((panel, []))
        panels[-1][1].append(row)
    for number, (panel, rows) in enumerate(panels, start=1):
        given.append(_order(document, number, panel))
        found = [(row, cell) for row in rows if (cell := row.get("result"))]
        given += [_result(place, row, cell) for place, (row, cell) in enumerate(found, start=1)]
    return given


def _order(document: Document, number: int, panel: str) -> str:
    """OBR: what was asked for, when it was taken, by whom."""
    reading = document.reading
    ordering = field_text(reading, "ordering_physician")
    npi = field_text(reading, "npi") if "ordering_physician" in reading.fields else ""
    state = _REPORT_STATES.get(field_text(reading, "report_status"), "")
    accession = field_text(reading, "accession_number")
    filler = (accession,) if accession else (str(document.id), US)
    dates = ("collected_date", "received_date", "reported_date")
    collected, received, reported = (day(field_text(reading, name)) for name in dates)
    service = ("", panel or "Laboratory results")
    return segment(
        "OBR", str(number), "", filler, service, "", "", collected, *[""] * 6, received, "",
        doctor(ordering, npi), *[""] * 5, reported, "", "", state,
    )  # fmt: skip


def _result(number: int, row: Row, cell: FieldValue) -> str:
    code = ("", _text(row.get("test")) or "Not read")
    units, usual, flag = (_text(row.get(name)) for name in ("units", "reference_range", "flag"))
    return observation(number, Observed(code, cell, "", units, usual, flag, is_result=True))


def _results(document: Document) -> tuple[Row, ...]:
    rows = document.reading.tables.get("lab_results", ())
    return tuple(row for row in rows if row.get("result"))


def _text(cell: Cell) -> str:
    return text_of(cell.value) if cell else ""


def _message_header(document_id: UUID, kind: tuple[str, str, str], at: datetime) -> str:
    control = uuid5(document_id, kind[0]).hex[:20]  # MSH-10 has 20 characters; the same whenever it is written
    rest = segment("", moment(at), "", kind, control, "P", _VERSION, *[""] * 5, _CHARSET)
    return f"MSH|{SEPARATORS}|{US}||||{rest[1:]}"


def _header(name: str, at: str) -> str:
    return f"{name}|{SEPARATORS}|{escaped(US)}||||{at}"


def _encoded(segments: list[str]) -> bytes:
    return "".join(text + END for text in segments).encode()
