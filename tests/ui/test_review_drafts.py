"""What a person is about to say is never lost, and every step of it can be taken back."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.journey.review.draft import Said, Typing
from desktop.services import Workspace
from desktop.settings import Settings
from desktop.ui.screens.search.hit_view import load_hit
from desktop.vault.documents import DocumentState
from desktop.vault.people import Role
from shared.documents.corrections import Place
from tests.ui.conftest import PASSPHRASE, OpenWindow
from tests.ui.reviewer import CONTROL, Open, Reviewer, few_doubts
from tests.ui.shelf import Shelf


def test_everything_is_undone_and_done_again(reviewer: Reviewer) -> None:
    reviewer.take("field:patient_name")
    reviewer.write("Ellen Whitfield")
    reviewer.press(Qt.Key.Key_Return)
    reviewer.press(Qt.Key.Key_Return)
    panel = reviewer.window.review.panel
    assert len(panel.to_check()) == 2
    reviewer.press(Qt.Key.Key_Z, CONTROL)
    assert len(panel.to_check()) == 3
    reviewer.press(Qt.Key.Key_Z, CONTROL)
    assert (reviewer.entry.label, reviewer.entry.value) == ("Name", "Eleanor M. Whitfield")
    reviewer.press(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert (reviewer.entry.label, reviewer.entry.value) == ("Name", "Ellen Whitfield")


def test_a_draft_is_there_again_after_one_goes_back_to_the_inbox(reviewer: Reviewer, qtbot: QtBot) -> None:
    window, document_id = reviewer.window, reviewer.window.review.document_id
    assert document_id is not None
    reviewer.press(Qt.Key.Key_Return)
    reviewer.write("I50.22")
    reviewer.press(Qt.Key.Key_Escape)
    reviewer.finish_writing()
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)
    words = window.review.keeper.draft.words
    assert {place.name: said.value for place, said in words.items()} == {"npi": "1093817465", "icd10_code": "I50.22"}
    assert reviewer.entry.label == "Dose"


_TYPING = """
import sys
from pathlib import Path
from uuid import UUID
from pydantic import SecretStr
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from desktop.services import open_workspace
from desktop.settings import Settings
from desktop.ui.application import make_application
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory

settings = Settings(data_dir=Path(sys.argv[1]), passphrase=SecretStr(sys.argv[2]), key_storage="passphrase", workers=1)
application = make_application()
window = MainWindow(open_workspace(settings, lambda: None), WindowMemory(settings.data_dir))
window.show()
review = window.review
window.feed.loaded.connect(lambda: window.open_document(UUID(sys.argv[3])))

def type_then_tell(_page):
    review.page_shown.disconnect(type_then_tell)
    review.panel.take("field:patient_name")
    line = review.panel.editor.line
    line.selectAll()
    QTest.keyClicks(line, "Ellen Whitfield")
    review.panel.confirm()
    review.panel.take("field:address")
    line.selectAll()
    QTest.keyClicks(line, "12 Main")
    watch.start(20)

def tell():
    if not review.keeper.is_busy and review.keeper.draft.typing and not review.keeper.is_pausing:
        watch.stop()
        print("typed", flush=True)

watch = QTimer()
watch.timeout.connect(tell)
review.page_shown.connect(type_then_tell)
application.exec()
"""


def test_a_draft_survives_the_program_being_killed_in_the_middle_of_a_word(
    shelf: Shelf, settings: Settings, workspace: Workspace, opened: Open
) -> None:
    document_id = shelf.read("form.pdf", few_doubts())
    command = [sys.executable, "-c", _TYPING, str(settings.data_dir), PASSPHRASE, str(document_id)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "typed\n"
        program.send_signal(signal.SIGKILL)
    assert program.returncode == -signal.SIGKILL
    assert workspace.document(document_id).state is DocumentState.DONE

    person = opened(document_id)

    draft = person.window.review.keeper.draft
    assert draft.steps == ((Said(Place("patient_name"), "Ellen Whitfield"),),)
    assert draft.typing == Typing(Place("address"), "12 Main")
    assert (person.entry.label, person.window.review.panel.editor.text) == ("Address", "12 Main")


def test_a_step_is_in_the_store_before_anything_else_happens(
    reviewer: Reviewer, workspace: Workspace, tmp_path: Path
) -> None:
    document_id = reviewer.window.review.document_id
    assert document_id is not None
    reviewer.press(Qt.Key.Key_Return)
    reviewer.finish_writing()
    assert workspace.review.sheet(document_id).draft == reviewer.window.review.keeper.draft
    assert list(workspace.review.sheet(document_id).draft.words) == [Place("npi")]


LEFT, RIGHT = Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight


def test_a_turned_page_is_turned_back_by_undo_and_the_others_lie_as_they_did(reviewer: Reviewer, qtbot: QtBot) -> None:
    review = reviewer.window.review
    reviewer.press(RIGHT, CONTROL)
    reviewer.press(RIGHT, CONTROL)
    assert review.page.turned == 180
    with qtbot.waitSignal(review.page_shown):
        reviewer.press(Qt.Key.Key_PageDown)
    assert review.page.turned == 0
    reviewer.press(LEFT, CONTROL)
    assert review.page.turned == 270
    reviewer.press(Qt.Key.Key_Z, CONTROL)
    assert review.page.turned == 0
    with qtbot.waitSignal(review.page_shown):
        reviewer.press(Qt.Key.Key_Z, CONTROL)
    assert review.page.turned == 90, "the page whose turn was taken back is in front"
    reviewer.press(Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert review.page.turned == 180


def test_a_turned_page_is_remembered_with_the_document(reviewer: Reviewer, workspace: Workspace, qtbot: QtBot) -> None:
    window, document_id = reviewer.window, reviewer.window.review.document_id
    assert document_id is not None
    reviewer.press(RIGHT, CONTROL)
    reviewer.press(Qt.Key.Key_Escape)
    reviewer.finish_writing()
    assert workspace.review.turns(document_id) == {}, "nothing is said before it is approved"
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)
    assert window.review.page.turned == 90
    window.review.approve()
    with qtbot.waitSignal(window.review.decided):
        window.review.approve()
    assert workspace.review.turns(document_id) == {1: 90}
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)
    assert window.review.page.turned == 90
    hit = load_hit(workspace, document_id, 1, "whitfield")
    assert hit is not None
    assert hit.turned == 90


def test_who_may_only_look_turns_a_page_for_a_look(
    workspace: Workspace, open_window: OpenWindow, shelf: Shelf, qtbot: QtBot
) -> None:
    document_id = shelf.read("form.pdf", few_doubts())
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana", "482913")
    workspace.staff.add("Vera", Role.VIEWER, "770412")
    workspace.session.sign_in("Vera", "770412")
    window = open_window()
    with qtbot.waitSignal(window.review.page_shown):
        window.open_document(document_id)
    window.review.bar.right.click()
    assert window.review.page.turned == 90
    with qtbot.waitSignal(window.review.page_shown):
        window.review.turn(1)
    with qtbot.waitSignal(window.review.page_shown):
        window.review.turn(-1)
    assert window.review.page.turned == 0
    assert workspace.review.turns(document_id) == {}
