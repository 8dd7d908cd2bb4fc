"""The vault: safe from whoever has the disk but not the key."""

import hashlib
from pathlib import Path

import pytest

from tests.journey.conftest import Journey, truth_of

pytestmark = pytest.mark.xdist_group("journey")


def test_no_file_below_the_data_directories_holds_a_patients_name(journey: Journey) -> None:
    names = {truth_of(sample)["fields"]["patient_name"] for sample in journey.dropped.values()}
    words = {word for name in names for word in name.split() if len(word) > 3}
    needles = [word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [path for place in (journey.desktop.data_dir, journey.server.place) for path in place.rglob("*")]

    assert needles
    assert len([path for path in files if path.is_file()]) > 5
    assert not [path for path in files if path.is_file() and any(needle in path.read_bytes() for needle in needles)]


def test_a_wrong_passphrase_exits_4_and_touches_nothing(journey: Journey) -> None:
    before = fingerprint(journey.desktop.data_dir)

    refused = journey.desktop.run("documents", passphrase="another passphrase")

    assert refused.returncode == 4
    assert "passphrase" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert fingerprint(journey.desktop.data_dir) == before


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files}
