"""What the window remembers from one day to the next: its place on the screen, how it looks, where one was in it."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from desktop.ui.theme.tokens import Scheme

SIZES = (100, 115, 130, 150, 175, 200, 250, 300)
"""Per cent of the size that the screen asks for."""
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
    def watched_folder(self, folder: Path | None) -> None:
        self._file.setValue("watched_folder", str(folder or ""))

    @property
    def scheme(self) -> Scheme:
        """The palette that was chosen; the system's before anybody chose."""
        return Scheme(text) if (text := self._file.value("scheme")) in set(Scheme) else Scheme.SYSTEM

    @scheme.setter
    def scheme(self, scheme: Scheme) -> None:
        self._file.setValue("scheme", scheme.value)

    @property
    def size(self) -> int:
        """How large text and controls are, in per cent."""
        text = str(self._file.value("size", ""))
        return int(text) if text.isdecimal() and int(text) in SIZES else SIZES[0]

    def choose_size(self, per_cent: int) -> None:
        """From the next application on, text and controls are this large."""
        self._file.setValue("size", str(per_cent))

    @property
    def place(self) -> str:
        """Which part of the window was in front last; empty before the first time."""
        return str(self._file.value("place", ""))

    @place.setter
    def place(self, place: str) -> None:
        self._file.setValue("place", place)

    @property
    def knows_first_steps(self) -> bool:
        """Whether the first steps were gone through, or passed by."""
        return str(self._file.value("first_steps", "")) == "done"

    @knows_first_steps.setter
    def knows_first_steps(self, known: bool) -> None:
        self._file.setValue("first_steps", "done" if known else "")

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
