"""Recognition: what stands on the page is in the record."""

import hashlib
from pathlib import Path

import pytest

from tests.journey.conftest import Journey, truth_of

pytestmark = pytest.mark.xdist_group("journey")
_READ = ["scan 1.png", "fax ünïcode.tif"]


@pytest.mark.parametrize("name", _READ)
def test_the_patient_is_read_as_printed(journey: Journey, name: str) -> None:
    sample = journey.dropped[name]
    job = job_of(journey, sample)
    fields = journey.owner.get(f"/api/v1/jobs/{job['job_id']}").json()["result"]["fields"]
    truth = truth_of(sample)["fields"]

    for field in ("patient_name", "date_of_birth", "icd10_code"):
        assert fields[field]["value"] == truth[field], field
        assert 0.5 < fields[field]["confidence"] <= 1


def test_the_desktop_lists_each_content_once(journey: Journey) -> None:
    listed = journey.desktop.json("documents")
    hashes = [document["sha256"] for document in listed if document["state"] == "done"]

    assert sorted(hashes) == sorted({hashlib.sha256(journey.dropped[name].read_bytes()).hexdigest() for name in _READ})


def job_of(journey: Journey, sample: Path) -> dict[str, str]:
    sha256 = hashlib.sha256(sample.read_bytes()).hexdigest()
    return next(job for job in journey.jobs() if job["sha256"] == sha256)
