"""Everything that was read is found as one types, shown on its page, and opened there."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from desktop.ui.navigation import Place
from desktop.ui.screens.search.model import Piece, pieces
from desktop.ui.screens.search.screen import SearchScreen
from desktop.ui.spans import Span, bounds_of
from desktop.vault.documents import DocumentState
from desktop.vault.search import Found
from tests.ui.conftest import OpenWindow
from tests.ui.paper import unknown_letter
from tests.ui.shelf import Shelf
from tests.ui.test_heartbeat import LONGEST_TURN, listening

NOON = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.fixture
def window(open_window: OpenWindow, shelf: Shelf) -> MainWindow:
    """Two forms of Eleanor Whitfield, and a letter about a delivery."""
    shelf.read("admission-0148.pdf")
    shelf.read("admission-0149.pdf")
    shelf.read("letter.png", unknown_letter("letter.png", ""))
    window = open_window()
    window.show_place(Place.SEARCH)
    return window


def search(window: MainWindow, qtbot: QtBot, typed: str) -> SearchScreen:
    screen = window.rooms.search()
    with qtbot.waitSignal(screen.searched):
        screen.typed.setText(typed)
    return screen


def found(screen: SearchScreen) -> list[tuple[str, int]]:
    rows = (screen.model.row(number) for number in range(screen.model.rowCount()))
    return [(row.document.file_name, row.number) for row in rows]


def test_what_is_found_follows_what_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    screen = search(window, qtbot, "whitf")
    assert {name for name, _ in found(screen)} == {"admission-0148.pdf", "admission-0149.pdf"}
    assert screen.count.text().endswith("in 2 documents")
    search(window, qtbot, "delivery")
    assert found(screen) == [("letter.png", 1)]
    search(window, qtbot, "nowhere")
    assert found(screen) == []
    assert screen.isVisible()


def test_only_the_answer_to_what_is_typed_now_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.rooms.search()
    answers: list[Found] = []
    screen.searched.connect(answers.append)
    with qtbot.waitSignal(screen.searched):
        QTest.keyClicks(screen.typed, "delivery")
    qtbot.wait(300)
    assert len(answers) == 1
    assert found(screen) == [("letter.png", 1)]


def test_hits_are_marked_on_their_page(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.rooms.search()
    with qtbot.waitSignal(screen.hit_shown) as shown:
        screen.typed.setText("furosemide")
    hit = shown.args[0]
    assert hit.page.number == 2
    assert screen.hit_view.hit_count == len(hit.hits) >= 1
    line = hit.page.lines[hit.line]
    assert "Furosemide" in line.text


def test_enter_opens_the_document_at_the_hit(window: MainWindow, qtbot: QtBot) -> None:
    screen = window.rooms.search()
    with qtbot.waitSignal(screen.hit_shown):
        screen.typed.setText("furosemide")
    QTest.keyClick(screen.typed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.review.isVisible() and window.review.bar.where.text() == "Page 2 of 2")
    entry = window.review.panel.entry_in_hand()
    assert entry is not None
    assert "Furosemide" in entry.value
    QTest.keyClick(window.review, Qt.Key.Key_Escape)
    assert screen.isVisible()
    assert screen.typed.text() == "furosemide"


def test_the_same_document_is_opened_at_another_hit(window: MainWindow, qtbot: QtBot) -> None:
    for typed, where in (("furosemide", "Page 2 of 2"), ("juniper", "Page 1 of 2")):
        window.show_place(Place.SEARCH)
        open_first(window, qtbot, typed, where)


def open_first(window: MainWindow, qtbot: QtBot, typed: str, where: str) -> None:
    screen = window.rooms.search()
    with qtbot.waitSignal(screen.hit_shown):
        screen.typed.setText(typed)
    QTest.keyClick(screen.typed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.review.isVisible() and window.review.bar.where.text() == where)


def test_the_arrow_leads_from_what_is_typed_to_what_was_found(window: MainWindow, qtbot: QtBot) -> None:
    screen = search(window, qtbot, "whitfield")
    screen.typed.setFocus()
    QTest.keyClick(screen.typed, Qt.Key.Key_Down)
    assert window.focusWidget() is screen.view


@pytest.mark.parametrize(
    ("choice", "value", "names"),
    [
        ("kind", "hospice_admission", {"admission-0148.pdf", "admission-0149.pdf"}),
        ("kind", "unknown", {"letter.png"}),
        ("state", DocumentState.DONE, {"admission-0148.pdf", "admission-0149.pdf", "letter.png"}),
        ("state", DocumentState.FAILED, set()),
        ("span", Span.TODAY, {"admission-0148.pdf", "admission-0149.pdf", "letter.png"}),
        ("span", Span.LAST_YEAR, set()),
    ],
)
def test_filters_narrow_what_is_found(
    window: MainWindow, qtbot: QtBot, choice: str, value: object, names: set[str]
) -> None:
    screen = search(window, qtbot, "of")  # stands on every page
    qtbot.waitUntil(lambda: screen.filters.kind.count() > 2)
    with qtbot.waitSignal(screen.searched):
        getattr(screen.filters, choice).choose(value)
    assert {name for name, _ in found(screen)} == names
    with qtbot.waitSignal(screen.searched):
        screen.filters.clear.click()
    assert len({name for name, _ in found(screen)}) == 3


def test_documents_are_found_by_who_reviewed_them(
    open_window: OpenWindow, shelf: Shelf, workspace: Workspace, qtbot: QtBot
) -> None:
    shelf.contradicted("admission-0148.pdf")
    shelf.read("admission-0149.pdf")
    window = open_window()
    window.show_place(Place.SEARCH)
    screen = search(window, qtbot, "juniper")
    assert len(found(screen)) == 2
    qtbot.waitUntil(lambda: screen.filters.person.count() > 1)
    with qtbot.waitSignal(screen.searched):
        screen.filters.person.choose("ravi")
    assert [name for name, _ in found(screen)] == ["admission-0148.pdf"]


def test_the_words_that_were_typed_are_marked_in_the_line() -> None:
    assert pieces("Patient name: WHITFIELD, ELEANOR", "whitf") == (
        Piece("Patient", False),
        Piece("name:", False),
        Piece("WHITFIELD,", True),
        Piece("ELEANOR", False),
    )


@pytest.mark.parametrize(
    ("span", "since", "until"),
    [
        (None, None, None),
        (Span.TODAY, "2026-03-15", None),
        (Span.WEEK, "2026-03-09", None),
        (Span.MONTH, "2026-02-14", None),
        (Span.THIS_YEAR, "2026-01-01", None),
        (Span.LAST_YEAR, "2025-01-01", "2026-01-01"),
    ],
)
def test_spans_begin_and_end_at_midnight(span: Span | None, since: str | None, until: str | None) -> None:
    bounds = bounds_of(span, NOON)
    assert [one and one.isoformat() for one in bounds] == [one and f"{one}T00:00:00+00:00" for one in (since, until)]


def test_typing_never_stalls_the_window(window: MainWindow, qtbot: QtBot) -> None:
    screen = search(window, qtbot, "w")
    with listening() as heart:
        for letter in "hitfield":
            QTest.keyClicks(screen.typed, letter)
            qtbot.wait(150)
        qtbot.wait(300)
    assert max(heart.turns) < LONGEST_TURN
