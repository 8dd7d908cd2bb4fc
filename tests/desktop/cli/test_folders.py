"""`chartdrop folders`, and what `chartdrop watch` does with its list."""

import json
from pathlib import Path

from tests.desktop.conftest import CommandLine


def test_a_folder_is_added_changed_watched_and_removed(chartdrop: CommandLine, tmp_path: Path) -> None:
    ward, lab = tmp_path / "ward", tmp_path / "lab"
    added = chartdrop.run("folders", "add", ward, "--unit", "Ward 3", "--originals", "kept", "--json")
    assert added.returncode == 0, added.stderr
    ward_id = json.loads(added.stdout)["id"]
    assert chartdrop.run("folders", "add", lab).returncode == 0
    changed = chartdrop.run("folders", "change", ward_id, "--template", "lab_report", "--json")
    (ward / "notes.txt").write_text("no document")
    (lab / "empty.pdf").touch()

    done = chartdrop.run("watch", "--until-idle", "--json")

    assert json.loads(changed.stdout) == {
        "id": ward_id,
        "folder": str(ward.resolve()),
        "template": "lab_report",
        "unit": "Ward 3",
        "originals": "kept",
    }
    assert done.returncode == 3, done.stderr
    assert {path.name for path in ward.iterdir()} == {"notes.txt"}
    assert (lab / "Failed" / "empty.pdf").exists()
    documents = [json.loads(line) for line in chartdrop.run("documents", "--json").stdout.splitlines()]
    assert {one["file_name"]: one["unit"] for one in documents} == {"notes.txt": "Ward 3", "empty.pdf": None}

    assert chartdrop.run("folders", "remove", ward_id).returncode == 0
    listed = chartdrop.run("folders", "list", "--json").stdout.splitlines()
    assert [json.loads(line)["folder"] for line in listed] == [str(lab.resolve())]
    assert chartdrop.run("audit", "verify").returncode == 0


def test_what_cannot_be_watched_is_refused_in_one_sentence(chartdrop: CommandLine, tmp_path: Path) -> None:
    assert chartdrop.run("folders", "add", tmp_path / "scans").returncode == 0
    unknown = "00000000-0000-0000-0000-000000000000"

    inside = chartdrop.run("folders", "add", tmp_path / "scans" / "inner")
    nowhere = chartdrop.run("folders", "remove", unknown)
    odd = chartdrop.run("folders", "add", tmp_path / "other", "--template", "no_such_template")

    assert (inside.returncode, nowhere.returncode) == (2, 2)
    assert "lie in each other" in inside.stderr
    assert unknown in nowhere.stderr
    assert odd.returncode != 0
    assert "no_such_template" in odd.stderr


def test_watching_without_a_folder_needs_a_list(chartdrop: CommandLine) -> None:
    done = chartdrop.run("watch", "--until-idle")

    assert done.returncode == 2
    assert "chartdrop folders add" in done.stderr
