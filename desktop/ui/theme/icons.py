"""Icons from the Phosphor set, by the meaning they have here."""

from functools import lru_cache

import qtawesome
from PySide6.QtGui import QIcon

ICONS = {
    "about": "ph.info",
    "activity": "ph.activity",
    "appearance": "ph.circle-half",
    "audit": "ph.shield-check",
    "change": "ph.pencil-simple",
    "conflict": "ph.git-fork",
    "down": "ph.caret-down",
    "download": "ph.download-simple",
    "guide": "ph.compass",
    "help": "ph.question",
    "inbox": "ph.tray",
    "keeping": "ph.clock-counter-clockwise",
    "keyboard": "ph.keyboard",
    "open": "ph.arrow-square-out",
    "people": "ph.users",
    "person": "ph.user",
    "remove": "ph.trash",
    "search": "ph.magnifying-glass",
    "server": "ph.hard-drives",
    "settings": "ph.gear-six",
    "sheet": "ph.files",
    "add": "ph.plus",
    "approve": "ph.check-circle",
    "alone": "ph.desktop",
    "back": "ph.arrow-left",
    "close": "ph.x",
    "dark": "ph.moon",
    "document": "ph.file-text",
    "export": "ph.export",
    "drop": "ph.tray",
    "failed": "ph.warning-circle",
    "fit": "ph.arrows-out-line-horizontal",
    "follow": "ph.crosshair-simple",
    "folder": "ph.folder-open",
    "lines": "ph.text-aa",
    "light": "ph.sun",
    "lock": "ph.lock-key",
    "next": "ph.caret-right",
    "note": "ph.note-pencil",
    "paste": "ph.clipboard-text",
    "previous": "ph.caret-left",
    "print": "ph.printer",
    "read": "ph.check",
    "reading": "ph.spinner",
    "redo": "ph.arrow-u-up-right",
    "reject": "ph.x-circle",
    "retry": "ph.arrow-clockwise",
    "review": "ph.magnifying-glass",
    "safe": "ph.shield-check",
    "set_aside": "ph.prohibit",
    "sync": "ph.arrows-clockwise",
    "synced": "ph.cloud-check",
    "turn_left": "ph.arrow-counter-clockwise",
    "turn_right": "ph.arrow-clockwise",
    "undo": "ph.arrow-u-up-left",
    "unsynced": "ph.cloud-arrow-up",
    "waiting": "ph.clock",
    "zoom_in": "ph.magnifying-glass-plus",
    "zoom_out": "ph.magnifying-glass-minus",
}


@lru_cache(maxsize=256)
def icon(name: str, colour: str, disabled_colour: str | None = None) -> QIcon:
    """The icon called `name`, drawn in `colour` (#rrggbb). Raises KeyError for a name that is not in the set."""
    return QIcon(qtawesome.icon(ICONS[name], color=colour, color_disabled=disabled_colour or colour))
