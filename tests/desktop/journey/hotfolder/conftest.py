from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.settings import Settings
from desktop.vault.connection import Vault
from tests.desktop.journey.hotfolder.watching import Watched


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    (tmp_path / "scans").mkdir()
    return tmp_path / "scans"


@pytest.fixture
def watched(vault: Vault, settings: Settings, scans: Path) -> Iterator[Watched]:
    watched = Watched(vault, settings, scans)
    watched.folder.start()
    yield watched
    watched.folder.stop()
