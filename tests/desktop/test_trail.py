"""The audit chain for people: newest first, narrowed, with names; and as a file that ends with its own export."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.errors import AuditBroken, NotAllowed
from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.vault.audit_search import AuditQuery
from desktop.vault.connection import open_vault
from desktop.vault.people import Role
from shared.clock import system_clock
from tests.desktop.conftest import nobody_answers
from tests.desktop.vault.test_audit_log import tamper


@pytest.fixture
def workspace(settings: Settings, scan: Path) -> Iterator[Workspace]:
    """Dana, who manages and is signed in, added a scan; Ravi was removed."""
    workspace = open_workspace(settings, nobody_answers)
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana", "482913")
    workspace.add_files([scan])
    workspace.staff.add("Ravi", Role.REVIEWER, "770412")
    workspace.staff.remove("Ravi")
    yield workspace
    with suppress(AuditBroken):  # a test broke the chain
        workspace.close()


def told(workspace: Workspace, query: AuditQuery) -> list[tuple[str, str, str]]:
    return [
        (one.who.name or one.who.actor, one.entry.action, one.about) for one in workspace.trail.entries(query).entries
    ]


def test_entries_come_with_names_the_newest_first_and_the_look_is_one_of_them(workspace: Workspace) -> None:
    assert told(workspace, AuditQuery())[:4] == [
        ("Dana", "audit.listed", ""),
        ("Dana", "person.removed", "Ravi"),
        ("Dana", "person.added", "Ravi"),
        ("Dana", "document.received", "page.png"),
    ]


def test_they_are_narrowed_by_who_what_and_when(workspace: Workspace) -> None:
    [dana] = [one for one in workspace.trail.doers() if one.name == "Dana"]
    assert {one.actor for one in workspace.trail.doers()} == {"device", "operator", dana.actor}
    of_dana = told(workspace, AuditQuery(actor=dana.actor, actions=("person.added", "person.removed")))
    assert [action for _, action, _ in of_dana] == ["person.removed", "person.added"]
    now = system_clock()
    assert told(workspace, AuditQuery(since=now + timedelta(hours=1))) == []
    assert told(workspace, AuditQuery(until=now - timedelta(hours=1))) == []
    assert len(told(workspace, AuditQuery(since=now - timedelta(hours=1), until=now + timedelta(hours=1)))) > 5


def test_they_come_page_by_page_without_a_gap(workspace: Workspace) -> None:
    workspace.trail.entries(AuditQuery())
    whole = [one.entry.sequence for one in workspace.trail.entries(AuditQuery()).entries]
    pages, before = list[int](), None
    while True:
        page = workspace.trail.entries(AuditQuery(limit=3, before=before))
        pages += [one.entry.sequence for one in page.entries]
        before = page.next_before
        if before is None:
            break
    assert pages == whole == sorted(whole, reverse=True)


def test_what_is_no_entry_any_more_is_passed_by(workspace: Workspace, settings: Settings) -> None:
    count = len(told(workspace, AuditQuery()))
    vault = open_vault(settings, nobody_answers)
    tamper(vault, "UPDATE audit_entries SET entry = 'no JSON' WHERE sequence = 2")
    vault.close()
    assert len(told(workspace, AuditQuery())) == count - 1
    assert len(told(workspace, AuditQuery(actor="operator"))) >= 0


def test_a_reviewer_may_check_the_chain_and_not_look_through_it(workspace: Workspace) -> None:
    workspace.staff.add("Vera", Role.REVIEWER, "991357")
    workspace.session.sign_in("Vera", "991357")
    with pytest.raises(NotAllowed):
        workspace.trail.entries(AuditQuery())
    with pytest.raises(NotAllowed):
        workspace.trail.doers()
    assert workspace.verify_audit().fault is None


def test_a_broken_chain_is_written_all_the_same(workspace: Workspace, settings: Settings, tmp_path: Path) -> None:
    whole = workspace.trail.export(tmp_path / "whole.jsonl")
    lines = (tmp_path / "whole.jsonl").read_text(encoding="utf-8").splitlines()
    assert (whole.entries, whole.broken) == (len(lines), None)
    assert json.loads(lines[-1])["action"] == "audit.exported"
    vault = open_vault(settings, nobody_answers)
    tamper(vault, "DELETE FROM audit_entries WHERE sequence = (SELECT max(sequence) FROM audit_entries)")
    vault.close()
    broken = workspace.trail.export(tmp_path / "broken.jsonl")
    assert broken.entries == len(lines) - 1
    assert broken.broken is not None
