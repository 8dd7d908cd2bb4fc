"""However many documents are handed on, as much memory is needed as for a few."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.export import Format

MEASURE = """
import re, sys
from pathlib import Path
from shared.export import Format, layout_of, open_writer
from tests.shared.export.samples import NOW, many

form, count, place = Format(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
layout = layout_of(document.reading for document in many(count))
with (place / "out").open("wb") as target:
    writer = open_writer(form, target, layout, NOW, place)
    for document in many(count):
        writer.add(document)
    writer.close()
# VmHWM begins anew with a program; getrusage tells the peak of whoever started it
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""
_GROWTH_MB = 12  # a thousand documents of these are some 30 MB as JSON, and more as objects


def peak_mb(form: Format, count: int, place: Path) -> int:
    """The most memory that a process held which wrote so many documents."""
    command = [sys.executable, "-c", MEASURE, form.value, str(count), str(place)]
    return int(subprocess.run(command, capture_output=True, text=True, timeout=280, check=True).stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells the peak")
@pytest.mark.parametrize("form", [form for form in Format if not form.is_single])
def test_a_thousand_documents_take_as_much_memory_as_twenty(form: Format, tmp_path: Path) -> None:
    few, many = peak_mb(form, 20, tmp_path), peak_mb(form, 1_000, tmp_path)

    print(f"{form}: {few} MB for 20 documents, {many} MB for 1,000")
    assert many - few <= _GROWTH_MB
