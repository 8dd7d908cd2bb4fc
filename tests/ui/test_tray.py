"""What the tray tells while nobody looks: counts and where to look, never a name or a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from desktop.events import SyncFinished, WatchTrouble
from desktop.services import Workspace
from desktop.ui.tray import News, Tray
from desktop.vault.documents import DocumentSummary
from shared.ids import new_id
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def read(shelf: Shelf, workspace: Workspace) -> DocumentSummary:
    """A document with values to check, that was just read."""
    return workspace.document(shelf.read("WHITFIELD Eleanor 1941-03-04.pdf"))


@pytest.fixture
def failed(shelf: Shelf, workspace: Workspace) -> DocumentSummary:
    return workspace.document(shelf.failed("WHITFIELD locked.pdf", "The PDF is locked."))


def listening(is_watched: bool = False) -> tuple[News, list[str]]:
    news, told = News(LONG_AGO, lambda: is_watched), list[str]()
    news.told.connect(told.append)
    return news, told


def test_documents_are_told_of_at_once_by_their_number(read: DocumentSummary, failed: DocumentSummary) -> None:
    news, told = listening()
    for document in (read, replace(read, id=new_id(), to_review=0), failed, read):
        news.document_changed(document)
    news.tell()
    news.tell()
    assert told == ["Documents: 2 read, 1 to check, 1 could not be read."]


def test_what_was_read_before_the_window_was_opened_is_no_news(read: DocumentSummary) -> None:
    assert read.finished_at is not None
    news, told = News(read.finished_at + timedelta(seconds=1), lambda: False), list[str]()
    news.told.connect(told.append)
    news.document_changed(read)
    news.tell()
    assert told == []


def test_who_looks_at_the_window_is_told_nothing(read: DocumentSummary) -> None:
    news, told = listening(is_watched=True)
    news.document_changed(read)
    news.tell()
    news.watch_trouble(WatchTrouble("/scans", "x"))
    assert told == []


def test_a_server_that_refuses_is_told_once_and_one_that_is_away_never() -> None:
    news, told = listening()
    away = SyncFinished(0, 3, "It is away.", "server_unreachable")
    refuses = SyncFinished(0, 3, "Whitfield's chain is broken.", "server_refused")
    for sync in (away, refuses, refuses, SyncFinished(3, 0, None), refuses):
        news.sync_finished(sync)
    assert told == ["The server refuses this device. Activity says why, and what to do."] * 2


def test_a_folder_in_trouble_is_told_once_without_its_name() -> None:
    news, told = listening()
    for _ in range(3):
        news.watch_trouble(WatchTrouble("/scans/Whitfield", "The file Whitfield.pdf is locked."))
    assert told == ["A watched folder needs a look. Activity says why."]


def test_the_window_hears_of_what_is_read(open_window: OpenWindow, shelf: Shelf, qtbot: QtBot) -> None:
    document_id = shelf.waiting("soon.pdf")
    window = open_window()
    shelf.finish(document_id, "soon.pdf")
    told: list[DocumentSummary] = []
    window.feed.document_changed.connect(told.append)
    window.bridge.documents_changed.emit(frozenset({document_id}))
    qtbot.waitUntil(lambda: bool(told))
    assert window.news._known == {document_id}


def test_the_trays_menu_opens_syncs_and_quits(open_window: OpenWindow) -> None:
    window = open_window()
    tray = Tray(window)
    heard: list[str] = []
    tray.open_wanted.connect(lambda: heard.append("open"))
    tray.sync_wanted.connect(lambda: heard.append("sync"))
    tray.quit_wanted.connect(lambda: heard.append("quit"))
    for action in tray.menu.actions():
        action.trigger()
    assert heard == ["open", "sync", "quit"]
