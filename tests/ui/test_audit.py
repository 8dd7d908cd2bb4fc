"""Who did what, in words; whether the chain holds; the chain as a file."""

import ast
import json
import re
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import desktop
from desktop.answers import AuditReport
from desktop.services import Workspace
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from desktop.ui.navigation import Place
from desktop.ui.screens.audit.model import Column
from desktop.ui.screens.audit.screen import AuditScreen, report_words
from desktop.ui.screens.audit.words import ActGroup, acts_of, is_known
from desktop.ui.spans import Span
from desktop.vault.connection import open_vault
from desktop.vault.people import Role
from shared.audit import ChainFault
from tests.desktop.vault.test_audit_log import tamper
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf

_ACTION = re.compile(
    r"(act|arrival|audit|conflict|conflicts|correction|device|document|documents|folder|key|person|policy|settings|store"
    r"|template)\.[a-z_]+"
)
_NO_ACTS = {"audit.recorded", "document.read", "correction.made", "device.named", "template.published"}  # of the wire


def audit(window: MainWindow, qtbot: QtBot) -> AuditScreen:
    screen = window.rooms.audit()
    with qtbot.waitSignal(screen.listed):
        window.show_place(Place.AUDIT)
    return screen


def rows(screen: AuditScreen) -> list[tuple[str, ...]]:
    model = screen.model
    columns = (Column.WHO, Column.WHAT, Column.ABOUT)
    return [tuple(str(model.index(row, one).data()) for one in columns) for row in range(model.rowCount())]


def test_acts_are_told_in_words_with_names(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    shelf.read("admission-0148.pdf")
    told = rows(audit(open_window(), qtbot))
    assert ("This device, by itself", "Read a document", "admission-0148.pdf") in told
    assert told[0][:2] == ("Whoever was here", "Looked through the audit chain")


def test_the_list_is_narrowed_by_what_by_whom_and_when(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    shelf.read("admission-0148.pdf")
    screen = audit(open_window(), qtbot)
    with qtbot.waitSignal(screen.listed):
        screen.group.choose(ActGroup.DOCUMENTS)
    assert {what for _, what, _ in rows(screen)} == {"Read a document"}
    qtbot.waitUntil(lambda: screen.person.count() > 1)
    with qtbot.waitSignal(screen.listed):
        screen.person.choose("operator")
    assert rows(screen) == []
    with qtbot.waitSignal(screen.listed):
        screen.group.choose(None)
    assert {who for who, _, _ in rows(screen)} == {"Whoever was here"}
    with qtbot.waitSignal(screen.listed):
        screen.span.choose(Span.LAST_YEAR)
    assert rows(screen) == []


def test_more_entries_come_as_one_scrolls(open_window: OpenWindow, workspace: Workspace, qtbot: QtBot) -> None:
    for number in range(130):
        workspace.house.choose("retention_years", number % 9)
        workspace.house.choose("sync_metered", number % 2)
    screen = audit(open_window(), qtbot)
    assert screen.model.rowCount() == 200
    screen.view.scrollToBottom()
    qtbot.waitUntil(lambda: screen.model.rowCount() > 260)
    assert rows(screen)[-1][1] == "Made the encrypted store"
    assert not screen.model.canFetchMore(screen.view.rootIndex())


def test_the_check_says_that_the_chain_holds_and_where_it_does_not(
    open_window: OpenWindow, shelf: Shelf, settings: Settings, qtbot: QtBot
) -> None:
    shelf.read()
    screen = audit(open_window(), qtbot)
    with qtbot.waitSignal(screen.verified):
        screen.verify.click()
    assert screen.result.text().startswith("The chain holds: ")
    vault = open_vault(settings, lambda: None)
    tamper(vault, "UPDATE audit_entries SET entry = replace(entry, 'document', 'dokument')")
    vault.close()
    with qtbot.waitSignal(screen.verified):
        screen.verify.click()
    assert "does not hold at entry" in screen.result.text()
    assert screen.result.property("look") == "fault"


def test_a_countersigned_chain_says_so() -> None:
    told, _ = report_words(AuditReport(12, None, 9))
    assert told.endswith("The server has countersigned it up to entry 9.")
    told, look = report_words(AuditReport(12, ChainFault(3, "its signature is wrong")))
    assert "entry 3: its signature is wrong" in told
    assert look == "fault"


def test_the_chain_is_exported_and_ends_with_its_export(open_window: OpenWindow, tmp_path: Path, qtbot: QtBot) -> None:
    screen = audit(open_window(), qtbot)
    out = tmp_path / "audit.jsonl"
    with qtbot.waitSignal(screen.exported):
        screen.export_to(out)
    lines = out.read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[-1])["action"] == "audit.exported"
    assert f"{len(lines)} entries" in screen.notice.text
    screen.export_to(tmp_path)
    qtbot.waitUntil(lambda: "could not be written" in screen.notice.text)


def test_who_is_no_manager_reads_why_the_list_is_not_shown_and_may_check_it(
    open_window: OpenWindow, workspace: Workspace, qtbot: QtBot
) -> None:
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana", "482913")
    workspace.staff.add("Vera", Role.VIEWER, "770412")
    workspace.session.sign_in("Vera", "770412")
    screen = audit(open_window(), qtbot)
    assert rows(screen) == []
    with qtbot.waitSignal(screen.verified):
        screen.verify.click()
    assert screen.result.text().startswith("The chain holds: ")


def acts_in_the_code() -> set[str]:
    """Every text of the desktop's code that has the form of an action."""
    found = set()
    for path in Path(desktop.__file__).parent.rglob("*.py"):
        if path.parts[-2] == "audit" or "ui" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ACTION.fullmatch(node.value):
                found.add(node.value)
    return found - {"key.json", "store.db", "documents.id"} - _NO_ACTS


def test_every_act_of_the_desktop_has_words() -> None:
    found = acts_in_the_code()
    assert "person.signed_in" in found
    assert {action for action in found if not is_known(action)} == set()


@pytest.mark.parametrize("group", list(ActGroup))
def test_every_group_holds_acts(group: ActGroup) -> None:
    assert acts_of(group)
