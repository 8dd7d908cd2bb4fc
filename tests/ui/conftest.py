"""A real encrypted store, a real workspace on it, and the real window, drawn without a screen."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from pydantic import SecretStr
from pytestqt.qtbot import QtBot

from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.ui.application import make_application
from desktop.ui.main_window import MainWindow
from desktop.ui.memory import WindowMemory
from desktop.ui.operation import finish_operations
from desktop.ui.theme import LIGHT, theme
from tests.ui.reviewer import Open, Reviewer, few_doubts
from tests.ui.shelf import Shelf

PASSPHRASE = "a passphrase of the window"


@pytest.fixture(scope="session")
def qapp() -> object:
    """The one application, dressed as the product's."""
    return make_application()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", passphrase=SecretStr(PASSPHRASE), key_storage="passphrase", workers=1)


@pytest.fixture
def shelf(settings: Settings) -> Iterator[Shelf]:
    """Puts documents into the store, as the stages of the journey do."""
    shelf = Shelf(settings)
    yield shelf
    shelf.close()


@pytest.fixture
def workspace(settings: Settings, shelf: Shelf) -> Iterator[Workspace]:
    workspace = open_workspace(settings, lambda: None)
    yield workspace
    finish_operations()
    workspace.close()


OpenWindow = Callable[[], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, workspace: Workspace, settings: Settings) -> OpenWindow:
    """Opens the window once the shelf is as the test wants it, and waits until it shows what the store holds."""

    def open_it() -> MainWindow:
        if theme().palette is not LIGHT:  # to dress the application anew takes a tenth of a second
            theme().use(LIGHT)
        window = MainWindow(workspace, WindowMemory(settings.data_dir))
        qtbot.addWidget(window)
        with qtbot.waitSignal(window.feed.loaded):
            window.show()
        window.inbox.show_watched(None)
        return window

    return open_it


@pytest.fixture
def opened(open_window: OpenWindow, qtbot: QtBot) -> Open:
    def open_it(document_id: UUID) -> Reviewer:
        window = open_window()
        with qtbot.waitSignal(window.review.page_shown):
            window.open_document(document_id)
        return Reviewer(window, qtbot)

    return open_it


@pytest.fixture
def reviewer(opened: Open, shelf: Shelf) -> Reviewer:
    """Somebody with the admission form in front."""
    return opened(shelf.read("form.pdf", few_doubts()))
