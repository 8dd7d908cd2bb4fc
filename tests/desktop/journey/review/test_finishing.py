"""A review from draft to decision: nothing is said until it is finished, and then all of it at once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import CorrectionRefused, FieldUnknown
from desktop.journey.review.decisions import MOST_WORDS, Reviewer, Word, correct, finish, reject
from desktop.journey.review.draft import Draft, Said, Turned, Typing, draft_from_json, draft_to_json
from desktop.journey.review.noting import note
from desktop.vault import audit_log, corrections, documents, drafts, notes, page_turns
from desktop.vault.connection import Vault
from desktop.vault.documents import DocumentSummary
from desktop.vault.erasure import delete_document
from desktop.vault.outcomes import record_outcome
from desktop.vault.verdicts import Decision
from shared.audit import entry_from_json
from shared.documents.corrections import Place
from tests.desktop.journey.review.test_decisions import DANA, DOSE, NAME, NPI, kept, reading, shown, to_review

RAVI = Reviewer("person:2", "Ravi")


def summary(vault: Vault, document_id: object) -> DocumentSummary:
    with vault.read() as connection:
        [document] = documents.listing(connection)
        assert documents.get(connection, document.id) == document
    assert document.id == document_id
    return document


def actions(vault: Vault) -> Iterator[tuple[str, str]]:
    with vault.read() as connection:
        for line in audit_log.lines(connection):
            if '"document.' in line or '"conflict.' in line:
                yield line.split('"action":"')[1].split('"')[0], line


def test_what_was_drafted_and_all_that_is_as_shown_is_kept_at_once(vault: Vault) -> None:
    document_id = kept(vault)
    words = [Word(NAME, "Ann Fetherston"), Word(NPI, "1093817466")]

    finish(vault, document_id, words, DANA, is_approved=True)

    now = shown(vault, document_id)
    assert now.fields["patient_name"] is not None
    assert now.fields["patient_name"].value == "Ann Fetherston"
    assert now.fields["npi"] is not None
    assert to_review(vault, document_id) == 0
    assert summary(vault, document_id).decision is Decision.APPROVED
    said = [action for action, _ in actions(vault)]
    assert said[-3:] == ["document.corrected", "document.corrected", "document.approved"]


def test_pages_that_were_turned_stay_so_and_stand_in_the_chain(vault: Vault) -> None:
    document_id = kept(vault)
    draft = Draft().say(Turned(1, 90)).say(Turned(2, 90)).say(Turned(1, 90)).say(Turned(2, -90))

    finish(vault, document_id, [Turned(*one) for one in draft.turns.items()], DANA, is_approved=False)
    finish(vault, document_id, [Turned(1, -90)], RAVI, is_approved=False)

    with vault.read() as connection:
        assert page_turns.of_document(connection, document_id) == {1: 90}
    turned = [entry_from_json(line).entry.details for act, line in actions(vault) if act == "document.page_turned"]
    assert turned == [{"page": 1, "degrees": 180}, {"page": 1, "degrees": 90}], "there and back is no turn"


def test_a_page_that_is_read_anew_is_not_turned_any_more(vault: Vault) -> None:
    document_id = kept(vault)
    finish(vault, document_id, [Turned(1, 90)], DANA, is_approved=True)
    with vault.act() as connection:
        record_outcome(vault, connection, document_id, reading())
    with vault.read() as connection:
        assert page_turns.of_document(connection, document_id) == {}


def test_without_approval_the_rest_is_still_to_review(vault: Vault) -> None:
    document_id = kept(vault)
    finish(vault, document_id, [Word(NAME, "Fetherston")], DANA, is_approved=False)

    assert to_review(vault, document_id) == 1, "the dose"
    assert summary(vault, document_id).decision is None
    assert [action for action, _ in actions(vault)][-1] != "document.corrected", "the value is the one that was shown"


def test_one_place_that_is_not_there_keeps_all_of_it_from_being_said(vault: Vault) -> None:
    document_id = kept(vault)
    with pytest.raises(FieldUnknown):
        finish(vault, document_id, [Word(NAME, "Ann"), Word(Place("nobody"), "x")], DANA, is_approved=True)

    assert shown(vault, document_id) == reading()
    assert summary(vault, document_id).decision is None


def test_saying_which_of_two_is_right_settles_what_was_open(vault: Vault) -> None:
    document_id = kept(vault)
    correct(vault, document_id, Word(NAME, "Ann"), DANA)
    correct(vault, document_id, Word(NAME, "Anne", seen=()), RAVI)
    finish(vault, document_id, [Word(NAME, "Ann")], DANA, is_approved=True)

    assert to_review(vault, document_id) == 0
    assert "conflict.settled" in [action for action, _ in actions(vault)]


def test_a_rejected_document_asks_for_nobody_and_says_why(vault: Vault) -> None:
    document_id = kept(vault)
    reject(vault, document_id, "  Belongs to another clinic ", DANA)

    document = summary(vault, document_id)
    assert (document.decision, document.reason) == (Decision.REJECTED, "Belongs to another clinic")
    assert document.to_review == 2
    assert not document.is_to_review
    assert not any("another clinic" in line for _, line in actions(vault)), "a reason may name a patient"


@pytest.mark.parametrize("reason", ["", "  ", "x" * (MOST_WORDS + 1)])
def test_a_rejection_has_a_reason_of_bounded_length(vault: Vault, reason: str) -> None:
    document_id = kept(vault)
    with pytest.raises(CorrectionRefused):
        reject(vault, document_id, reason, DANA)
    assert summary(vault, document_id).decision is None


def test_what_is_read_anew_is_not_decided(vault: Vault) -> None:
    document_id = kept(vault)
    finish(vault, document_id, (), DANA, is_approved=True)
    with vault.act() as connection:
        record_outcome(vault, connection, document_id, reading("Featherstone"))

    assert summary(vault, document_id).decision is None


def test_a_note_stands_beside_the_document_and_its_words_in_no_audit_entry(vault: Vault) -> None:
    document_id = kept(vault)
    note(vault, document_id, "Call the ward about the dose. ", DANA)
    with vault.read() as connection:
        [found] = notes.of_document(connection, document_id)
    assert (found.words, found.person) == ("Call the ward about the dose.", "Dana Ortiz")
    assert [action for action, _ in actions(vault)][-1] == "document.noted"
    assert not any("ward" in line for _, line in actions(vault))


def test_drafts_are_each_persons_own_and_go_with_what_they_were_for(vault: Vault) -> None:
    document_id = kept(vault)
    with vault.act() as connection:
        drafts.keep(connection, document_id, DANA.actor, "Dana's")
        drafts.keep(connection, document_id, RAVI.actor, "Ravi's")
    finish(vault, document_id, (), DANA, is_approved=True)
    with vault.read() as connection:
        assert drafts.find(connection, document_id, DANA.actor) is None
        assert drafts.find(connection, document_id, RAVI.actor) == "Ravi's"
    note(vault, document_id, "x", DANA)
    delete_document(vault, document_id, "operator")
    with vault.read() as connection:
        assert drafts.find(connection, document_id, RAVI.actor) is None
        assert not notes.of_document(connection, document_id)


def test_a_person_adds_a_row_after_the_last_and_strikes_one_out(vault: Vault) -> None:
    document_id = kept(vault)
    finish(
        vault, document_id, [Word(Place("dose", "medications", 1), "2 mg"), Word(DOSE, None)], DANA, is_approved=True
    )

    [first, second] = shown(vault, document_id).tables["medications"]
    assert first["dose"] is None, "it keeps its number, so that the others keep theirs"
    assert second["dose"] is not None
    assert second["dose"].value == "2 mg"
    with vault.read() as connection:
        assert corrections.current(connection, document_id).to_review == 0


values = st.one_of(st.none(), st.booleans(), st.text(max_size=5), st.tuples(st.text(max_size=3)))
words = st.builds(lambda value, place: Said(place, value), values, st.sampled_from([NAME, NPI, DOSE]))
turns = st.builds(Turned, st.integers(1, 3), st.sampled_from([90, -90]))


@given(st.lists(words | turns), st.lists(st.booleans(), max_size=30))
def test_every_step_is_taken_back_and_done_again(said: list[Said | Turned], ways: list[bool]) -> None:
    draft = Draft()
    states = [(draft.words, draft.turns)]
    for one in said:
        draft = draft.say(one)
        states.append((draft.words, draft.turns))
    at = len(said)
    for forth in ways:
        draft, at = (draft.redone(), min(at + 1, len(said))) if forth else (draft.undone(), max(at - 1, 0))
        assert (draft.words, draft.turns) == states[at]
    assert draft_from_json(draft_to_json(draft)) == draft


def test_a_draft_comes_back_from_the_store_as_it_was() -> None:
    said = (Said(NAME, None), Said(NPI, "1"), Said(Place("signed"), True), Said(Place("allergies"), ("latex",)))
    draft = replace(Draft().say(*said), typing=Typing(NAME, "Fethers"))
    again = draft_from_json(draft_to_json(draft))
    assert again == draft
    assert again.words[Place("signed")].value is True
