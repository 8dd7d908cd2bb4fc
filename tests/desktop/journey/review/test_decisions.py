"""A person's word: kept for good, shown from then on, told to the server, written into the audit chain, all at once."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from desktop.errors import ConflictUnknown, CorrectionRefused, DocumentUnknown, FieldUnknown
from desktop.journey.review.decisions import Reviewer, Word, approve, correct, settle
from desktop.vault import audit_log, corrections, documents, outbox
from desktop.vault.connection import Vault
from desktop.vault.documents import NewDocument
from desktop.vault.erasure import delete_document
from desktop.vault.outcomes import record_outcome
from desktop.vault.search import SearchQuery, search
from shared.clock import system_clock
from shared.documents import FieldValue, Page, Reading, TextLine, failed_reading
from shared.documents.corrections import Correction, Place, Stamp
from shared.documents.reading import Value
from shared.ids import new_id
from shared.wire.v1.corrections import CorrectionMade
from shared.wire.v1.sync import Operation

DANA = Reviewer("person:1", "Dana Ortiz")
SQUARE = ((1.0, 1.0), (9.0, 1.0), (9.0, 5.0), (1.0, 5.0))
NAME, NPI, DOSE = Place("patient_name"), Place("npi"), Place("dose", "medications", 0)
ELSEWHERE = UUID(int=7)


def cell(value: Value, *, doubtful: bool = True) -> FieldValue:
    return FieldValue(value, str(value), 0.5, 1, SQUARE, needs_review=doubtful)


def reading(name: str = "Fetherston") -> Reading:
    return Reading(
        "intake.pdf",
        "ab" * 32,
        1,
        pages=(Page(1, 100, 100, 200, 0, 0.0, (TextLine("Patient", 0.9, SQUARE),)),),
        fields={"patient_name": cell(name), "npi": None, "mrn": cell("A-1", doubtful=False)},
        tables={"medications": ({"dose": cell("5 mg")},)},
    )


def kept(vault: Vault, read: Reading | None = None) -> UUID:
    new = NewDocument(new_id(), "ab" * 32, "intake.pdf", 3, "auto")
    with vault.act() as connection:
        documents.add(connection, new, vault.clock())
        record_outcome(vault, connection, new.id, read or reading())
    return new.id


def shown(vault: Vault, document_id: UUID) -> Reading:
    with vault.read() as connection:
        return corrections.current(connection, document_id)


def to_review(vault: Vault, document_id: UUID) -> int:
    with vault.read() as connection:
        return documents.get(connection, document_id).to_review


def operations(vault: Vault) -> list[Operation]:
    with vault.read() as connection:
        rows = list(outbox.after(connection, 0))
    return [
        Operation.model_validate(
            {
                "sequence": row.sequence,
                "operation_id": row.operation_id,
                "occurred_at": row.occurred_at,
                "payload": json.loads(row.payload),
            }
        )
        for row in rows
    ]


def told(vault: Vault) -> list[CorrectionMade]:
    return [one.payload for one in operations(vault) if isinstance(one.payload, CorrectionMade)]


def entries(vault: Vault) -> list[tuple[str, str, object]]:
    with vault.read() as connection:
        lines = [json.loads(line) for line in audit_log.lines(connection)]
    every = [one.get("entry", one) for one in lines]
    return [(one["actor"], one["action"], one["details"]) for one in every][-1:]


def came(vault: Vault, document_id: UUID, value: Value | None, milliseconds: int = 2**52) -> Correction:
    """Somebody elsewhere said so, knowing of nothing here; the server took it."""
    theirs = Correction(
        new_id(), "ab" * 32, NAME, value, "Fetherston", "Fetherston", (), "person:2", "Ravi", ELSEWHERE,
        Stamp(milliseconds, 0), vault.clock() + timedelta(hours=1),
    )  # fmt: skip
    with vault.act() as connection:
        assert corrections.add(connection, document_id, theirs)
        corrections.refresh(connection, document_id)
    return theirs


def open_ones(vault: Vault) -> list[tuple[str, list[Value | None]]]:
    with vault.read() as connection:
        return [
            (str(one.place), [said.value for said in (one.standing.current, *one.standing.others)])
            for one in corrections.open_conflicts(connection)
        ]


def test_a_corrected_field_is_shown_found_and_told_while_what_was_read_stays(vault: Vault) -> None:
    document_id = kept(vault)
    before = to_review(vault, document_id)

    correct(vault, document_id, Word(NAME, "Featherstone"), DANA)

    value = shown(vault, document_id).fields["patient_name"]
    assert value == FieldValue("Featherstone", "Fetherston", 1.0, 1, SQUARE, "person")
    assert to_review(vault, document_id) == before - 1
    with vault.read() as connection:
        assert documents.reading(connection, document_id) == reading()
        assert [hit.document.id for hit in search(connection, SearchQuery("featherstone")).hits] == [document_id]
    [said] = told(vault)
    assert (said.path, said.value, said.read, said.base, said.actor, said.person) == (
        "fields.patient_name", "Featherstone", "Fetherston", "Fetherston", "person:1", "Dana Ortiz",
    )  # fmt: skip
    assert entries(vault) == [("person:1", "document.corrected", {"field": "fields.patient_name"})]


def test_a_document_that_was_corrected_waits_to_be_synced(vault: Vault) -> None:
    document_id = kept(vault)
    said = correct(vault, document_id, Word(NAME, "Featherstone"), DANA)
    [row] = [one for one in operations(vault) if isinstance(one.payload, CorrectionMade)]

    with vault.read() as connection:
        last = connection.execute(text("SELECT last_sequence FROM documents")).scalar()
    assert (last, said.device_id) == (row.sequence, vault.device_id)


def test_what_comes_after_names_what_it_replaces_and_has_a_later_stamp(vault: Vault) -> None:
    document_id = kept(vault)
    first = correct(vault, document_id, Word(NAME, "Featherstone"), DANA)
    late = replace(vault, clock=lambda: datetime(1999, 1, 1, tzinfo=first.made_at.tzinfo))

    second = correct(late, document_id, Word(NAME, None), DANA)

    assert (second.replaces, second.base, second.read) == ((first.id,), "Featherstone", "Fetherston")
    assert second.stamp > first.stamp
    assert shown(vault, document_id).fields["patient_name"] is None


def test_approving_is_a_word_for_every_value_that_was_to_review(vault: Vault) -> None:
    document_id = kept(vault)

    written = approve(vault, document_id, DANA)

    assert [(str(one.place), one.value) for one in written] == [
        ("fields.patient_name", "Fetherston"),
        ("tables.medications.0.dose", "5 mg"),
    ]
    assert to_review(vault, document_id) == 0
    assert entries(vault) == [("person:1", "document.approved", {})]
    assert approve(vault, document_id, DANA) == []


def test_what_two_people_say_differently_is_open_until_somebody_settles_it(vault: Vault) -> None:
    document_id = kept(vault)
    mine = correct(vault, document_id, Word(NAME, "Featherstone"), DANA)
    theirs = came(vault, document_id, "Feather-Stone")

    assert open_ones(vault) == [("fields.patient_name", ["Feather-Stone", "Featherstone"])]
    value = shown(vault, document_id).fields["patient_name"]
    assert value is not None
    assert (value.needs_review, value.alternatives) == (True, ("Featherstone",))
    assert "fields.patient_name" not in {str(one.place) for one in approve(vault, document_id, DANA)}
    assert to_review(vault, document_id) == 1

    settled = settle(vault, document_id, NAME, mine.id, DANA)

    assert (settled.value, set(settled.replaces)) == ("Featherstone", {mine.id, theirs.id})
    assert (open_ones(vault), to_review(vault, document_id)) == ([], 0)
    assert entries(vault) == [("person:1", "conflict.settled", {"field": "fields.patient_name"})]
    with pytest.raises(ConflictUnknown):
        settle(vault, document_id, NAME, mine.id, DANA)


def test_a_conflict_with_nothing_stands_among_what_is_to_review(vault: Vault) -> None:
    document_id = kept(vault)
    approve(vault, document_id, DANA)

    came(vault, document_id, None)

    assert open_ones(vault) == [("fields.patient_name", [None, "Fetherston"])]
    assert to_review(vault, document_id) == 1


def test_what_came_while_a_person_looked_is_contradicted_not_replaced(vault: Vault) -> None:
    document_id = kept(vault)
    came(vault, document_id, "Feather-Stone")

    correct(vault, document_id, Word(NAME, "Featherstone", seen=()), DANA)

    assert [len(values) for _, values in open_ones(vault)] == [2]


def test_a_field_that_was_not_found_can_be_given_and_a_cell_corrected(vault: Vault) -> None:
    document_id = kept(vault)
    correct(vault, document_id, Word(NPI, "1234567893"), DANA)
    correct(vault, document_id, Word(DOSE, "50 mg"), DANA)

    read = shown(vault, document_id)

    given, dose = read.fields["npi"], read.tables["medications"][0]["dose"]
    assert given is not None
    assert dose is not None
    assert (given.value, given.page, dose.value, dose.source) == ("1234567893", 0, "50 mg", "person")


def test_a_persons_word_outlives_that_the_document_is_read_again(vault: Vault) -> None:
    document_id = kept(vault)
    correct(vault, document_id, Word(NAME, "Featherstone"), DANA)
    with vault.act() as connection:
        record_outcome(vault, connection, document_id, reading("Fezzerston"))

    value = shown(vault, document_id).fields["patient_name"]
    assert value is not None
    assert (value.value, value.text) == ("Featherstone", "Fezzerston")
    assert to_review(vault, document_id) == 1  # the dose
    with vault.read() as connection:
        assert [hit.document.id for hit in search(connection, SearchQuery("featherstone")).hits] == [document_id]


@pytest.mark.parametrize("value", ["x" * 10_001, "\ud800", float("nan")])
def test_a_value_that_no_field_could_hold_is_refused_and_nothing_changes(vault: Vault, value: Value) -> None:
    document_id = kept(vault)
    before = len(operations(vault))

    with pytest.raises(CorrectionRefused) as refused:
        correct(vault, document_id, Word(NAME, value), DANA)

    assert str(value) not in str(refused.value)
    assert len(operations(vault)) == before


def test_only_what_was_read_is_corrected(vault: Vault) -> None:
    document_id = kept(vault)
    with pytest.raises(FieldUnknown):
        correct(vault, document_id, Word(Place("nobody"), "x"), DANA)
    with pytest.raises(FieldUnknown):
        correct(vault, document_id, Word(Place("colour", "medications", 0), "x"), DANA)
    with pytest.raises(DocumentUnknown):
        approve(vault, new_id(), DANA)
    with vault.act() as connection:
        record_outcome(vault, connection, document_id, failed_reading("intake.pdf", "ab" * 32, "encrypted", "It is."))
    with pytest.raises(CorrectionRefused):
        correct(vault, document_id, Word(NAME, "x"), DANA)


def test_no_statement_changes_a_correction(vault: Vault) -> None:
    correct(vault, kept(vault), Word(NAME, "Featherstone"), DANA)

    with pytest.raises(DatabaseError, match="never changed"), vault.act() as connection:
        connection.execute(text("UPDATE corrections SET said = '{}'"))


def test_the_server_may_say_again_when_it_took_a_correction(vault: Vault) -> None:
    document_id = kept(vault)
    theirs = came(vault, document_id, "Feather-Stone")
    again = replace(theirs, received_at=system_clock())

    with vault.act() as connection:
        assert not corrections.add(connection, document_id, again)
        assert corrections.of_document(connection, document_id) == (again,)


def test_a_deleted_document_takes_what_people_said_with_it(vault: Vault) -> None:
    document_id = kept(vault)
    correct(vault, document_id, Word(NAME, "Featherstone"), DANA)
    came(vault, document_id, "Feather-Stone")

    delete_document(vault, document_id, audit_log.OPERATOR)

    assert open_ones(vault) == []
    [erased] = told(vault)
    assert (erased.is_erased, erased.value, erased.read, erased.person) == (True, None, None, "")
    assert not any("eather" in str(one) for one in operations(vault))
    with vault.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM corrections")).scalar() == 0
