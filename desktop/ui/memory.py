"""What the window remembers from one day to the next: its place on the screen and the folder it watches."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_FILE_NAME = "window.ini"


class WindowMemory:
    """A small file in the data directory. It holds nothing about a patient or a document."""

    def __init__(self, data_dir: Path) -> None:
        self._file = QSettings(str(data_dir / _FILE_NAME), QSettings.Format.IniFormat)

    @property
    def watched_folder(self) -> Path | None:
        """The folder chosen last, None before the first choice."""
        text = self._file.value("watched_folder", "")
        return Path(text) if isinstance(text, str) and text else None

    @watched_folder.setter
    def watched_folder(self, folder: Path) -> None:
        self._file.setValue("watched_folder", str(folder))

    @property
    def geometry(self) -> QByteArray | None:
        """Where the window stood, in Qt's own form."""
        found = self._file.value("geometry")
        return found if isinstance(found, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._file.setValue("geometry", geometry)

    def save(self) -> None:
        """What is remembered is on disk."""
        self._file.sync()
