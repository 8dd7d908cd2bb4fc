"""The units of systemd, which the package brings too: hardened, and no tighter than the server bears."""

import re
import shutil
import subprocess
from pathlib import Path

import httpx
import psutil
import pytest

from tests.installers.conftest import send_a_page
from tests.installers.deployment import HERE, PROGRAMS, linted, settings_of_the_code
from tests.installers.units import OF_THE_UNITS, SERVICES, allowed_calls, values
from tests.servers import wait_until
from tests.syncserver.test_commands import environment

pytestmark = pytest.mark.timeout(180)
MOST_EXPOSED = 15  # tenths; systemd calls anything below 2.0 "OK", and nothing that serves a network gets much lower
SERVER = HERE / "systemd" / "chartdrop-server.service"


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_systemd_takes_each_unit_and_finds_it_hardened(unit: Path, tmp_path: Path) -> None:
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace("/usr/bin/chartdrop-server", str(PROGRAMS / "chartdrop-server")))

    linted("systemd-analyze", "verify", "--man=no", here)
    linted("systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", here)
    named = set(re.findall(r"\b(CHARTDROP_[A-Z_]+)=", unit.read_text()))
    assert named <= settings_of_the_code() | OF_THE_UNITS


def test_systemd_takes_the_timer() -> None:
    linted("systemd-analyze", "verify", "--man=no", HERE / "systemd" / "chartdrop-server-backup.timer")


def test_commands_run_as_the_service_does() -> None:
    script = (HERE / "as-chartdrop.sh").read_text()

    for name in ("User", "Group", "UMask", "WorkingDirectory", "LoadCredential", "EnvironmentFile"):
        assert re.findall(rf"--property={name}=(\S+)", script) == values(SERVER, name)
    assert f"--property=Environment={values(SERVER, 'Environment')[1]}" in script
    assert values(SERVER, "Environment")[2].replace("%d", "$CREDENTIALS_DIRECTORY") in script


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_serving_and_reading_make_no_system_call_that_the_unit_refuses(tmp_path: Path) -> None:
    allowed = allowed_calls(SERVER)
    assert {"seccomp", "prctl"} <= allowed, "by these the reading processes confine themselves"
    refused, told = tmp_path / "refused", tmp_path / "told"
    as_root = {"fchown"}  # SQLite gives its files away then, and never as the service's own user
    calls = "!" + ",".join(f"?{call}" for call in sorted(allowed | as_root))
    watched = ["strace", "-f", "-qq", "--seccomp-bpf", "--signal=none", f"--trace={calls}", f"--output={refused}"]
    serve = [str(PROGRAMS / "chartdrop-server"), "serve", "--port", "0", "--data-dir", str(tmp_path / "data")]
    with told.open("w") as log:
        server = subprocess.Popen([*watched, *serve], env=environment(), stdout=log, stderr=log, cwd=tmp_path)
    try:
        wait_until(lambda: "listening on " in told.read_text(), server)
        with httpx.Client(base_url=told.read_text().split("listening on ")[1].split()[0], timeout=60) as http:
            assert send_a_page(http)["status"] == "completed"
    finally:
        for traced in psutil.Process(server.pid).children():  # strace itself would leave it alone
            traced.terminate()
        server.wait(timeout=60)

    assert refused.read_text() == ""
