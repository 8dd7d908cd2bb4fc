"""Audit: every act is in the chain, and the chain holds."""

import json
from pathlib import Path

import pytest

from shared.audit import entry_from_json
from tests.journey.conftest import Journey

pytestmark = pytest.mark.xdist_group("journey")


def test_the_desktops_chain_verifies(journey: Journey) -> None:
    report = journey.desktop.json("audit", "verify")[0]

    assert report["ok"] is True
    assert report["entries"] > len(journey.settled)


def test_the_exported_chain_has_an_entry_for_every_document_and_no_patient_in_it(
    journey: Journey, tmp_path: Path
) -> None:
    exported = tmp_path / "audit.jsonl"
    assert journey.desktop.run("audit", "export", "--out", exported).returncode == 0

    entries = [entry_from_json(line).entry for line in exported.read_text().splitlines()]
    documents = {document["id"] for document in journey.desktop.json("documents")}

    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    assert documents <= {entry.subject for entry in entries}
    assert not [name for name in journey.dropped if name in exported.read_text()]
    assert all(json.loads(line)["signature"] for line in exported.read_text().splitlines())
