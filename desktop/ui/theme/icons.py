"""Icons from the Phosphor set, by the meaning they have here."""

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

ICONS = {
    "about": "info",
    "activity": "activity",
    "appearance": "circle-half",
    "audit": "shield-check",
    "change": "pencil-simple",
    "conflict": "git-fork",
    "down": "caret-down",
    "download": "download-simple",
    "guide": "compass",
    "help": "question",
    "inbox": "tray",
    "keeping": "clock-counter-clockwise",
    "keyboard": "keyboard",
    "open": "arrow-square-out",
    "people": "users",
    "person": "user",
    "remove": "trash",
    "search": "magnifying-glass",
    "server": "hard-drives",
    "settings": "gear-six",
    "sheet": "files",
    "add": "plus",
    "approve": "check-circle",
    "alone": "desktop",
    "back": "arrow-left",
    "close": "x",
    "dark": "moon",
    "document": "file-text",
    "export": "export",
    "drop": "tray",
    "failed": "warning-circle",
    "fit": "arrows-out-line-horizontal",
    "follow": "crosshair-simple",
    "folder": "folder-open",
    "lines": "text-aa",
    "light": "sun",
    "lock": "lock-key",
    "next": "caret-right",
    "note": "note-pencil",
    "paste": "clipboard-text",
    "previous": "caret-left",
    "print": "printer",
    "read": "check",
    "reading": "spinner",
    "redo": "arrow-u-up-right",
    "reject": "x-circle",
    "retry": "arrow-clockwise",
    "review": "magnifying-glass",
    "safe": "shield-check",
    "set_aside": "prohibit",
    "sync": "arrows-clockwise",
    "synced": "cloud-check",
    "turn_left": "arrow-counter-clockwise",
    "turn_right": "arrow-clockwise",
    "undo": "arrow-u-up-left",
    "unsynced": "cloud-arrow-up",
    "waiting": "clock",
    "zoom_in": "magnifying-glass-plus",
    "zoom_out": "magnifying-glass-minus",
}


_FONT, _LETTERS = "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json"
_HEIGHT = 0.875  # of the icon's: the font's letters have room around them


class _Glyph(QIconEngine):
    """One letter of the icons' font, drawn as large as it is asked for."""

    def __init__(self, letter: str, colour: str, disabled_colour: str) -> None:
        super().__init__()
        self._letter, self._colour, self._disabled_colour = letter, colour, disabled_colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        font = QFont(_family())
        font.setPixelSize(max(1, round(_HEIGHT * rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(self._disabled_colour if mode is QIcon.Mode.Disabled else self._colour))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return drawn


@lru_cache(maxsize=256)
def icon(name: str, colour: str, disabled_colour: str | None = None) -> QIcon:
    """The icon called `name`, drawn in `colour` (#rrggbb). Raises KeyError for a name that is not in the set."""
    return QIcon(_Glyph(_letters()[ICONS[name]], colour, disabled_colour or colour))


def forget_icons() -> None:
    """None was drawn, nor the font loaded: the application ends, and another one may begin."""
    icon.cache_clear()
    _family.cache_clear()


@lru_cache(maxsize=1)
def _family() -> str:
    loaded = QFontDatabase.addApplicationFont(str(_folder() / _FONT))
    return QFontDatabase.applicationFontFamilies(loaded)[0]


@lru_cache(maxsize=1)
def _letters() -> dict[str, str]:
    codes: dict[str, str] = json.loads((_folder() / _LETTERS).read_text())
    return {name: chr(int(code, 16)) for name, code in codes.items()}


def _folder() -> Path:
    """Where QtAwesome keeps its fonts.

    It is not imported: it loads every class that Qt has and every font that it has, a third of the time in which the
    window is up."""
    found = find_spec("qtawesome")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("qtawesome")
    return Path(found.submodule_search_locations[0]) / "fonts"
