"""What was read is found again: in any script, as it is typed, on its page, narrowed and ranked."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text

from desktop.settings import Settings
from desktop.vault import documents, search_index
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import DocumentState, NewDocument
from desktop.vault.outcomes import record_outcome
from desktop.vault.search import Found, SearchQuery, places, search
from shared.documents import Box, FieldValue, Page, Reading, TextLine, Word, box_polygon, failed_reading
from shared.ids import new_id

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


def word(shown: str, number: int) -> Word:
    return Word(shown, 0.9, box_polygon(Box(number * 100, 0, number * 100 + 90, 20)))


def page_of(number: int, shown: str) -> Page:
    words = tuple(word(part, place) for place, part in enumerate(shown.split()))
    line = TextLine(shown, 0.9, box_polygon(Box(0, 0, 1000, 20)), words)
    return Page(number, 1000, 1400, 100, 0, 0.0, (line,))


def reading_of(name: str, *pages: str, kind: str = "referral") -> Reading:
    read = tuple(page_of(number, shown) for number, shown in enumerate(pages, start=1))
    return Reading(name, "0" * 64, len(pages), kind, 0.9, pages=read)


def keep(vault: Vault, reading: Reading, at: datetime = NOON) -> UUID:
    new = NewDocument(new_id(), new_id().hex * 2, reading.file_name, 3, "auto")
    with vault.act() as connection:
        documents.add(connection, new, at)
        record_outcome(vault, connection, new.id, reading)
    return new.id


def find(vault: Vault, query: SearchQuery | str) -> Found:
    with vault.read() as connection:
        return search(connection, SearchQuery(query) if isinstance(query, str) else query)


def names(vault: Vault, query: SearchQuery | str) -> set[str]:
    return {hit.document.file_name for hit in find(vault, query).hits}


@pytest.mark.parametrize(
    ("stands", "typed"),
    [
        ("Seen: Siobhán O'Féatherstone, age 81", "siobhan o'featherstone"),
        ("Łukasz Żółć", "lukasz zolc"),
        ("Bjørn Strauß", "bjorn strauss"),
        ("Zoe\u0308 Ngo\u0302", "ZOË ngô"),
        ("Παπαδόπουλος Ιωάννης", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("Ковалёва Анна", "ковалева"),
        ("患者李明先生", "李明"),
        ("入院のお知らせ 田中さくら様", "さくら"),
        ("ผู้ป่วยสมชาย", "สมชาย"),
        ("김민준 환자", "김민"),
        ("श्री नमस्ते शर्मा", "शर्मा"),
        ("محمد عبد الله", "عبد"),
        ("oxycodone 5mg/5ml solution", "5mg"),
    ],
)
def test_a_name_is_found_in_any_script_and_without_its_marks(vault: Vault, stands: str, typed: str) -> None:
    keep(vault, reading_of("it.pdf", f"Page of {stands} and more"))
    keep(vault, reading_of("other.pdf", "Nothing of the kind stands here"))

    assert names(vault, typed) == {"it.pdf"}


def test_the_last_word_may_still_be_typed_and_a_finished_one_is_meant_whole(vault: Vault) -> None:
    keep(vault, reading_of("it.pdf", "Quillabamba Featherstone"))

    for typed in ("q", "quill", "quillabamba fea", '"quillabamba feather'):
        assert names(vault, typed) == {"it.pdf"}, typed
    for typed in ("quill ", "fea quillabamba ", '"featherstone quillabamba"', '"quillabamba feather"', "", '"', " * "):
        assert not names(vault, typed), typed


def test_a_hit_names_its_pages_and_where_on_them_the_words_stand(vault: Vault) -> None:
    reading = reading_of("it.pdf", "first page", "the dose of Morphine is low", "morphine sulfate")
    document_id = keep(vault, reading)

    [hit] = find(vault, "morph").hits

    assert hit.document.id == document_id
    assert {page.number for page in hit.pages} == {2, 3}
    assert any("dose of Morphine is" in page.snippet for page in hit.pages)
    assert places(reading, "morph") == {2: (word("", 3).polygon,), 3: (word("", 0).polygon,)}
    assert places(reading, '"dose of"') == {2: (word("", 1).polygon, word("", 2).polygon)}


def test_a_value_that_stands_on_the_page_in_another_form_is_found_and_counts_more(vault: Vault) -> None:
    born = FieldValue("1941-02-03", "02/03/1941", 0.9, 1, box_polygon(Box(0, 0, 9, 9)))
    with_field = Reading("field.pdf", "0" * 64, 1, "referral", 0.9, pages=(page_of(1, "x"),), fields={"born": born})
    keep(vault, with_field)
    keep(vault, reading_of("text.pdf", "on 1941 - 02 - 03 something happened"))

    assert [hit.document.file_name for hit in find(vault, "1941-02-03").hits] == ["field.pdf", "text.pdf"]


def test_a_search_is_narrowed_by_kind_state_and_days(vault: Vault) -> None:
    keep(vault, reading_of("march.pdf", "morphine", kind="lab_report"))
    keep(vault, reading_of("may.pdf", "morphine"), NOON + timedelta(days=60))
    keep(vault, failed_reading("morphine.pdf", "0" * 64, "file_empty", "It is empty."))

    assert names(vault, "morphine") == {"march.pdf", "may.pdf", "morphine.pdf"}
    assert names(vault, SearchQuery("morphine", document_type="lab_report")) == {"march.pdf"}
    assert names(vault, SearchQuery("morphine", document_type="labreport")) == set()
    assert names(vault, SearchQuery("morphine", state=DocumentState.FAILED)) == {"morphine.pdf"}
    assert names(vault, SearchQuery("morphine", state=DocumentState.DONE)) == {"march.pdf", "may.pdf"}
    later = NOON + timedelta(days=1)
    assert names(vault, SearchQuery("morphine", since=later)) == {"may.pdf"}
    assert names(vault, SearchQuery("morphine", until=later, document_type="lab_report")) == {"march.pdf"}
    assert names(vault, SearchQuery("morphine", since=later, until=NOON)) == set()
    assert names(vault, SearchQuery("morphine", since=NOON + timedelta(days=900))) == set()
    assert names(vault, SearchQuery("morphine", until=NOON - timedelta(days=40_000))) == set()
    assert names(vault, SearchQuery("morphine", since=NOON, until=NOON + timedelta(days=60))) == {
        "march.pdf",
        "morphine.pdf",
    }


def test_only_so_many_are_given_and_it_is_said_that_there_are_more(vault: Vault) -> None:
    for number in range(4):
        keep(vault, reading_of(f"{number}.pdf", "morphine"))

    few, all_of_them = find(vault, SearchQuery("morphine", limit=3)), find(vault, "morphine")

    assert (len(few.hits), few.more) == (3, True)
    assert (len(all_of_them.hits), all_of_them.more) == (4, False)


def test_what_was_read_again_is_found_by_its_new_words_alone(vault: Vault) -> None:
    document_id = keep(vault, reading_of("it.pdf", "misread words"))
    with vault.act() as connection:
        record_outcome(vault, connection, document_id, reading_of("it.pdf", "proper words"))

    assert not names(vault, "misread")
    assert names(vault, "proper") == {"it.pdf"}


def test_a_document_that_waits_is_found_by_its_name(vault: Vault) -> None:
    with vault.act() as connection:
        documents.add(connection, NewDocument(new_id(), "a" * 64, "Zoë_intake-2.pdf", 3, "auto"), NOON)

    assert names(vault, "zoe intake 2") == {"Zoë_intake-2.pdf"}


def test_what_an_earlier_version_stored_is_indexed_when_the_store_is_opened(settings: Settings) -> None:
    vault = open_vault(settings, lambda: None)
    keep(vault, reading_of("it.pdf", "Quillabamba Featherstone"))
    with vault.act() as connection:  # as 0003 left a store
        for statement in (
            "DROP TABLE page_index",
            "DROP TABLE pages",
            "DROP TABLE store",
            "ALTER TABLE documents DROP COLUMN legal_hold",
            "DROP TABLE audit_receipts",
            "ALTER TABLE server_link DROP COLUMN audit_key",
            "DROP TABLE people",
            "DROP TABLE recovery",
            "DROP TABLE vain_tries",
            "DROP INDEX arrivals_by_document",
            "DROP INDEX arrivals_kept",
            "DROP TABLE watched_folders",
            "DROP TABLE ancestors",
            "DROP TABLE members",
            "DROP TABLE choices",
            "DROP TABLE drafts",
            "DROP TABLE notes",
            "DROP TABLE verdicts",
            "DROP TABLE page_turns",
            "DROP TABLE reviewers",
            "DROP TABLE corrections",
            "DROP TABLE conflicts",
            "DROP TABLE passed_corrections",
            "DROP TABLE feed",
            "DROP TABLE revocation",
            *(f"ALTER TABLE server_link DROP COLUMN {name}" for name in ("last_fault", "next_try_at", "authority")),
            "DROP TABLE organization_templates",
            "ALTER TABLE documents DROP COLUMN unit",
            "ALTER TABLE arrivals DROP COLUMN kept",
            "UPDATE alembic_version SET version_num = '0003'",
        ):
            connection.execute(text(statement))
    vault.close()

    again = open_vault(settings, lambda: None)

    assert names(again, "featherstone") == {"it.pdf"}
    with again.act() as connection:
        assert search_index.index_missing(connection) == 0
    again.close()


@given(st.text(st.characters(exclude_categories=[]), max_size=40))
@hypothesis_settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_is_an_operator_or_a_fault(vault: Vault, typed: str) -> None:
    for one in (typed, f'{typed}" OR *', f"NEAR({typed}) AND NOT text:{typed}^"):
        assert find(vault, one).hits == ()


@given(st.text(max_size=30))
@hypothesis_settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_on_a_page_finds_it(vault: Vault, stands: str) -> None:
    with vault.act() as connection:
        new = NewDocument(new_id(), new_id().hex * 2, "it.pdf", 3, "auto")
        documents.add(connection, new, NOON)
        record_outcome(vault, connection, new.id, reading_of("it.pdf", f"sought {stands}"))

        typed = f"sought {stands.replace(chr(34), ' ')} "
        found = search(connection, SearchQuery(typed, limit=1000))

    assert new.id in {hit.document.id for hit in found.hits}
