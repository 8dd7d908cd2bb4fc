"""A day at the window makes millions of calls into Qt, and the window outlives them."""

import subprocess
import sys

_CALLS = """
from desktop.ui.application import make_application
make_application()
from PySide6.QtCore import QObject
named = QObject()
for _ in range(300_000):
    named.setObjectName("a")
print("alive")
"""


def test_a_window_outlives_hundreds_of_thousands_of_calls() -> None:
    """Without the guard, PySide6 6.12 under Python 3.11 ends the process at a tenth of them."""
    ended = subprocess.run([sys.executable, "-c", _CALLS], capture_output=True, text=True, check=False)
    assert ended.stdout == "alive\n", ended.stderr
    assert ended.returncode == 0, ended.stderr
