"""How long a window takes to be up: ours on a store, beside a bare one of PySide6; each in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

PASSPHRASE = "a passphrase of the measured window"

_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow
from PySide6.QtCore import QTimer
application = QApplication([])
window = QMainWindow()
window.resize(1240, 800)
window.show()
QTimer.singleShot(0, lambda: (print("up", flush=True), application.quit()))
application.exec()
"""

_OURS = """
import sys
from pathlib import Path
from pydantic import SecretStr
from desktop.settings import Settings
from desktop.ui.application import Opening, make_application
from PySide6.QtCore import QTimer
settings = Settings(data_dir=Path(sys.argv[1]), passphrase=SecretStr(sys.argv[2]), key_storage="passphrase", workers=1)
application = make_application()
opening = Opening(settings)
def listed():
    print("up", flush=True)
    QTimer.singleShot(0, application.quit)
opening.window_opened.connect(lambda window: window.feed.loaded.connect(listed))
opening.begin()
application.exec()
opening.close()
"""


def time_bare(times: int, compiled: Path) -> list[float]:
    """Seconds from the process's start until its window is drawn."""
    return _times([sys.executable, "-c", _BARE], times, compiled)


def time_ours(data_dir: Path, times: int, compiled: Path) -> list[float]:
    """Seconds from the process's start until the store is unlocked, the window drawn and its list filled."""
    return _times([sys.executable, "-c", _OURS, str(data_dir), PASSPHRASE], times, compiled)


def _times(command: list[str], times: int, compiled: Path) -> list[float]:
    """Once more than is told: by then files are in memory, and Python's `compiled`, as they come installed."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return [_time(command, environment) for _ in range(times + 1)][1:]


def _time(command: list[str], environment: Mapping[str, str]) -> float:
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "up\n"
        taken = time.perf_counter() - begun
        program.communicate()
    assert program.returncode == 0
    return taken
