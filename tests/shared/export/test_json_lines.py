"""JSON reads back as what was handed on, and says what a person corrected."""

import io
import json

from shared.export import Format, layout_of, open_writer
from shared.wire.v1.readings import reading_from_json
from tests.shared.export.samples import NOW, admission, each_kind


def test_a_line_is_the_contracts_object_with_what_the_file_alone_does_not_say() -> None:
    document = admission()
    target = io.BytesIO()
    writer = open_writer(Format.JSON, target, layout_of([]), NOW)
    writer.add(document)
    writer.close()

    [line] = target.getvalue().decode().splitlines()
    told = json.loads(line)
    extra = {name: told.pop(name) for name in ("document_id", "received_at", "read_at", "confirmed", "needs_review")}
    assert reading_from_json(json.dumps(told)) == document.reading
    assert extra == {
        "document_id": str(document.id),
        "received_at": "2026-03-14T08:30:00.000000Z",
        "read_at": "2026-03-14T08:31:05.000000Z",
        "confirmed": ["fields.patient_name", "tables.medications.0.dose"],
        "needs_review": ["fields.address"],
    }
    assert told["fields"]["patient_name"]["source"] == "person"


def test_every_document_is_a_line_of_its_own() -> None:
    target = io.BytesIO()
    writer = open_writer(Format.JSON, target, layout_of([]), NOW)
    for document in each_kind():
        writer.add(document)

    read = [json.loads(line) for line in target.getvalue().splitlines()]
    assert [line["document_id"] for line in read] == [str(document.id) for document in each_kind()]
    assert "\nSpringfield" in read[0]["fields"]["address"]["value"]
