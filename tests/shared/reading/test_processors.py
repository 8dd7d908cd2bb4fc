"""How many processors reading counts on."""

import subprocess
import sys

import pytest

_OF_ONE = (
    "import os; from shared.reading.settings import processors\n"
    "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); print(processors())"
)


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process its share")
def test_processors_that_a_process_may_not_use_are_not_counted() -> None:
    done = subprocess.run([sys.executable, "-c", _OF_ONE], capture_output=True, text=True, check=True)

    assert done.stdout == "1\n"
