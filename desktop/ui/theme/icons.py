"""Icons from the Phosphor set, by the meaning they have here."""

from functools import lru_cache

import qtawesome
from PySide6.QtGui import QIcon

ICONS = {
    "add": "ph.plus",
    "alone": "ph.desktop",
    "back": "ph.arrow-left",
    "close": "ph.x",
    "document": "ph.file-text",
    "drop": "ph.tray",
    "failed": "ph.warning-circle",
    "fit": "ph.arrows-out-line-horizontal",
    "folder": "ph.folder-open",
    "lines": "ph.text-aa",
    "lock": "ph.lock-key",
    "next": "ph.caret-right",
    "previous": "ph.caret-left",
    "read": "ph.check",
    "reading": "ph.spinner",
    "retry": "ph.arrow-clockwise",
    "safe": "ph.shield-check",
    "set_aside": "ph.prohibit",
    "sync": "ph.arrows-clockwise",
    "synced": "ph.cloud-check",
    "unsynced": "ph.cloud-arrow-up",
    "waiting": "ph.clock",
    "zoom_in": "ph.magnifying-glass-plus",
    "zoom_out": "ph.magnifying-glass-minus",
}


@lru_cache(maxsize=256)
def icon(name: str, colour: str, disabled_colour: str | None = None) -> QIcon:
    """The icon called `name`, drawn in `colour` (#rrggbb). Raises KeyError for a name that is not in the set."""
    return QIcon(qtawesome.icon(ICONS[name], color=colour, color_disabled=disabled_colour or colour))
