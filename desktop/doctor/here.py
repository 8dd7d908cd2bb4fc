"""What the program stands on here: its reading models, the display, the keyring, its folder."""

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from secrets import token_bytes
from uuid import uuid4

from desktop.settings import Settings
from desktop.vault import keyring_door
from shared.doctor import Finding, State
from shared.reading.ocr.models import ALL, models_folder, verified_folder

_DISPLAY_S = 30
_LIBRARIES = "libegl1 libgl1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0"


def models() -> Iterable[Finding]:
    """Every weight by its hash. Raises ModelsMissing."""
    root = models_folder()
    for model in ALL:
        verified_folder(model, root)
    yield Finding("models", "well", f"All {len(ALL)} reading models in {root} are whole.")


def poppler() -> Iterable[Finding]:
    """Whether there is a second opinion on damaged PDFs."""
    if shutil.which("pdftoppm") and shutil.which("pdfinfo"):
        yield Finding("poppler", "well", "Poppler is there for damaged PDFs.")
        return
    remedy = "Install poppler (Debian: poppler-utils), so that more damaged PDFs can be read."
    yield Finding("poppler", "warning", "Poppler is not on the path.", remedy)


def display(own_command: Sequence[str]) -> Iterable[Finding]:
    """Whether a window opens. Tried in a process of its own, since Qt ends the one that it finds no display for."""
    try:
        command = [*own_command, "doctor", "--display"]
        tried = subprocess.run(command, capture_output=True, text=True, timeout=_DISPLAY_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        yield Finding("display", "fault", "A window did not open in time.", "See whether the desktop session is stuck.")
        return
    if tried.returncode == 0:
        yield Finding("display", "well", f"Windows open, by Qt's platform {tried.stdout.strip()}.")
    elif sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        yield Finding(
            "display", "warning", "There is no display here.", "The commands work; start the window elsewhere."
        )
    else:
        remedy = f"Install the libraries that Qt needs (Debian: {_LIBRARIES})."
        yield Finding("display", "fault", "No window opens on this display.", remedy)


def keyring(settings: Settings) -> Iterable[Finding]:
    """Whether the system's keyring keeps a key: one is put there and taken away."""
    name, key = f"doctor-{uuid4()}", token_bytes(32)
    keeps = keyring_door.remember(name, key)
    keyring_door.forget(name)
    if keeps:
        yield Finding("keyring", "well", "The system's keyring keeps keys.")
        return
    state: State = "fault" if settings.key_storage == "keyring" else "warning"
    remedy = "Unlock it, or install one (Debian: gnome-keyring); without one a passphrase opens the store."
    yield Finding("keyring", state, "The system's keyring is locked, or there is none.", remedy)


def data_folder(folder: Path) -> Iterable[Finding]:
    """Whether it can be written to, by this user alone."""
    if not folder.exists():
        yield Finding("data_folder", "well", f"{folder} is not there yet; the first start makes it.")
    elif not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            "data_folder", "fault", f"{folder} cannot be written to.", "Give this user the right to, or own it."
        )
    elif sys.platform != "win32" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        remedy = f"Close it to them: chmod 700 '{folder}'"
        yield Finding("data_folder", "warning", f"{folder} is open to other users.", remedy)
    else:
        yield Finding("data_folder", "well", f"{folder} belongs to this user alone.")
