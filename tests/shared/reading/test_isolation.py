"""Reading needs no network and leaves nothing anywhere."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared.reading.conftest import SAMPLES

pytestmark = pytest.mark.xdist_group("reading")
_WITHOUT_NETWORK = ["unshare", "--net", "--map-root-user"]
_READ_ONE = """
import sys
from pathlib import Path
from shared.reading.settings import ReadingSettings
from shared.reading.worker import ReadingProcess
path = Path(sys.argv[1])
with ReadingProcess(ReadingSettings(threads=1)) as process:
    reading = process.read(path.read_bytes(), path.name)
print(reading.error, reading.fields["patient_name"].value)
"""


def may_unshare() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_WITHOUT_NETWORK, "true"], capture_output=True, check=False).returncode == 0


def read_one(tmp_path: Path, *before: str) -> "subprocess.CompletedProcess[str]":
    homes = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp")}
    for folder in homes.values():
        Path(folder).mkdir()
    document = SAMPLES / "documents" / "face sheet.png"
    command = [*before, sys.executable, "-B", "-c", _READ_ONE, str(document)]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | homes, check=False)


@pytest.mark.skipif(not may_unshare(), reason="this system allows no network namespaces")
def test_reading_works_where_there_is_no_network_at_all(tmp_path: Path) -> None:
    done = read_one(tmp_path, *_WITHOUT_NETWORK)

    assert done.stdout == "None Virgil J. Thornbury\n", done.stderr


def test_reading_leaves_no_file_behind(tmp_path: Path) -> None:
    done = read_one(tmp_path)

    assert done.returncode == 0, done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_reading_opens_no_network_socket_and_writes_in_its_own_folder_alone(tmp_path: Path) -> None:
    log = tmp_path / "calls"
    done = read_one(tmp_path, "strace", "-f", "-qq", "-e", "trace=socket,connect,openat", "-o", str(log))
    if "ptrace" in done.stderr.lower():
        pytest.skip("this system allows no tracing")
    calls = log.read_text(errors="replace").splitlines()

    assert [call for call in calls if "AF_INET" in call] == []
    written = [call for call in calls if "openat(" in call and ("O_WRONLY" in call or "O_RDWR" in call)]
    own = (str(tmp_path / "tmp"), "/dev/", "/proc/self", "/tmp/")  # noqa: S108  # Python tries /tmp for mkdtemp
    assert [call for call in written if "= -1" not in call and not any(place in call for place in own)] == []
