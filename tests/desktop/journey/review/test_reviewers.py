"""Documents are found by who corrected or approved them, here or elsewhere, and by nobody once they are deleted."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from desktop.journey.review.decisions import Reviewer, Word, approve, correct
from desktop.vault import audit_log, documents
from desktop.vault.connection import Vault, open_vault
from desktop.vault.documents import NewDocument
from desktop.vault.erasure import delete_document
from desktop.vault.outcomes import record_outcome
from desktop.vault.search import SearchQuery, search
from shared.documents import Reading
from shared.ids import new_id
from tests.desktop.conftest import CommandLine, nobody_answers, quick_settings
from tests.desktop.journey.review.test_decisions import DANA, NAME, came, cell, kept, reading


def kept_too(vault: Vault) -> UUID:
    """Another document with the same words, and nothing to review."""
    new = NewDocument(new_id(), "cd" * 32, "intake.pdf", 3, "auto")
    with vault.act() as connection:
        documents.add(connection, new, vault.clock())
        record_outcome(vault, connection, new.id, nothing_to_review())
    return new.id


def nothing_to_review() -> Reading:
    return replace(reading(), fields={"mrn": cell("A-1", doubtful=False)}, tables={})


def reviewed_by(vault: Vault, name: str) -> set[UUID]:
    with vault.read() as connection:
        return {hit.document.id for hit in search(connection, SearchQuery("patient ", reviewed_by=name)).hits}


def test_who_corrected_or_approved_a_document_finds_it(vault: Vault) -> None:
    corrected, approved = kept(vault), kept_too(vault)
    assert reviewed_by(vault, "Dana Ortiz") == set()

    correct(vault, corrected, Word(NAME, "Featherstone"), DANA)
    assert reviewed_by(vault, "Dana Ortiz") == {corrected}
    approve(vault, approved, DANA)
    approve(vault, approved, Reviewer("person:3", "Ravi"))

    assert reviewed_by(vault, " dana  ORTIZ ") == {corrected, approved}
    assert reviewed_by(vault, "Ravi") == {approved}
    for nobody in ("Dana-Ortiz", "Dana", "Ortiz", "", "*", '" OR r'):
        assert reviewed_by(vault, nobody) == set(), nobody


def test_who_corrected_it_elsewhere_finds_it_too(vault: Vault) -> None:
    document_id = kept(vault)

    came(vault, document_id, "Featherstone")

    assert reviewed_by(vault, "ravi") == {document_id}


def test_a_document_that_is_read_again_is_still_theirs(vault: Vault) -> None:
    document_id = kept_too(vault)
    approve(vault, document_id, DANA)

    with vault.act() as connection:
        record_outcome(vault, connection, document_id, nothing_to_review())

    assert reviewed_by(vault, "Dana Ortiz") == {document_id}


def test_where_nobody_has_a_name_nobody_is_noted_and_the_deleted_are_nobodys(vault: Vault) -> None:
    unnamed, deleted = kept_too(vault), kept(vault)
    approve(vault, unnamed, Reviewer())
    approve(vault, deleted, DANA)

    delete_document(vault, deleted, audit_log.OPERATOR)

    assert reviewed_by(vault, "Dana Ortiz") == set()
    with vault.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM reviewers")).scalar() == 0


@pytest.fixture
def approved(tmp_path: Path) -> UUID:
    with closing(open_vault(quick_settings(tmp_path / "data"), nobody_answers)) as vault:
        document_id = kept(vault)
        kept_too(vault)
        approve(vault, document_id, DANA)
    return document_id


def test_the_command_line_narrows_a_search_by_a_name(chartdrop: CommandLine, approved: UUID) -> None:
    found = chartdrop.run("search", "patient", "--reviewed-by", "dana ortiz", "--json")

    assert found.returncode == 0, found.stderr
    assert [json.loads(line)["id"] for line in found.stdout.splitlines()] == [str(approved)]
    assert chartdrop.run("search", "patient", "--reviewed-by", "Ravi", "--json").stdout == ""
