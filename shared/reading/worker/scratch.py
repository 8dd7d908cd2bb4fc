"""The folders that are all a reading process may write to, and the sweeping up of those that a crash left behind."""

import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_PREFIX = "chartdrop-reader-"
_YOUNG_SECONDS = 60.0  # a folder this new may be just about to be taken
_OLD_SECONDS = 86_400.0  # where folders cannot be locked, one that was not touched for a day is nobody's


class Scratch:
    """A new folder, held for as long as this process lives and does not remove it."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._held = _hold(self.folder)

    def remove(self) -> None:
        """The folder is gone, with all that is in it."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
        shutil.rmtree(self.folder, ignore_errors=True)


def sweep_leftovers() -> None:
    """Folders whose process was killed together with its reader are gone; those of others stay."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # another user's, or swept by another process at this moment
            if _is_left_over(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left_over(folder: Path) -> bool:
    age = time.time() - folder.lstat().st_mtime
    if sys.platform == "win32":
        return age > _OLD_SECONDS
    held = _hold(folder) if age > _YOUNG_SECONDS and not folder.is_symlink() else None
    if held is not None:
        os.close(held)
    return held is not None


def _hold(folder: Path) -> int | None:
    """A descriptor whose lock ends with it or with this process; None when another holds the folder."""
    if sys.platform == "win32":
        return None
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
