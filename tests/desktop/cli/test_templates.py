"""`chartdrop templates`, and reading by a template of a clinic's own, through the real program."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.desktop.conftest import PATIENT, CommandLine

ARRIVAL = 'name = "arrival"\nversion = 3\ntitle = "Arrival note"\nheadings = ["arrival note"]\nuse = ["patient_name"]\n'
WRONG = ARRIVAL.replace("patient_name", "patient_nam")


def lines(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def own(chartdrop: CommandLine) -> Path:
    """A template in the data directory."""
    folder = chartdrop.data_dir / "templates"
    folder.mkdir(parents=True)
    (folder / "arrival.toml").write_text(ARRIVAL)
    return folder / "arrival.toml"


def test_all_templates_are_listed_with_the_schema_of_their_records(chartdrop: CommandLine, own: Path) -> None:
    listed = lines(chartdrop.run("templates", "list", "--json"))

    assert [one["name"] for one in listed][-2:] == ["referral", "arrival"]
    assert len(listed) == 11
    assert listed[-1]["fields"] == ["patient_name"]
    for one in listed:
        Draft202012Validator.check_schema(one["schema"])


def test_a_person_sees_what_a_template_asks_for(chartdrop: CommandLine) -> None:
    assert "Hospice admission" in chartdrop.run("templates", "list").stdout

    shown = chartdrop.run("templates", "show", "hospice").stdout
    assert "benefit_period" in shown
    assert "medical record number" in shown


def test_an_unknown_template_is_refused_with_the_nearest(chartdrop: CommandLine, own: Path, scan: Path) -> None:
    for words in (["templates", "show", "arival"], ["scan", scan, "--template", "arival"]):
        done = chartdrop.run(*words)
        assert done.returncode == 2
        assert "no template called 'arival'. Did you mean 'arrival'?" in done.stderr


def test_a_template_that_can_be_followed_is_said_so(chartdrop: CommandLine, own: Path) -> None:
    done = chartdrop.run("templates", "check", own)

    assert (done.returncode, done.stdout) == (0, f"{own}: arrival, version 3, can be followed.\n")


def test_a_wrong_template_is_refused_with_line_field_reason_and_remedy(chartdrop: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(WRONG)

    done = chartdrop.run("templates", "check", file)
    assert done.returncode == 3
    assert done.stdout == f"{file}:5: patient_nam: The glossary has no 'patient_nam'. Did you mean 'patient_name'?\n"

    [told] = lines(chartdrop.run("templates", "check", file, "--json"))
    assert (told["template"], told["faults"][0]["line"]) == (None, 5)
    assert chartdrop.run("scan", "x.png", "--template", file).returncode == 2
    assert chartdrop.run("templates", "check", tmp_path / "missing.toml").returncode == 2


def test_a_scan_follows_a_template_by_its_name_or_its_file(chartdrop: CommandLine, own: Path, scan: Path) -> None:
    file = own.rename(own.with_name("kept.toml"))
    [by_name] = lines(chartdrop.run("scan", scan, "--template", "arrival", "--json"))
    file = file.rename(chartdrop.data_dir / "elsewhere.toml")
    [by_file] = lines(chartdrop.run("scan", scan, "--template", file, "--json"))

    for read in (by_name, by_file):
        assert read["template"] == {"name": "arrival", "version": 3}
        assert read["fields"]["patient_name"]["value"] == PATIENT


def test_a_folder_named_after_a_clinics_own_template_chooses_it(
    chartdrop: CommandLine, own: Path, scan: Path, tmp_path: Path
) -> None:
    own.with_name("wrong.toml").write_text(WRONG)
    (tmp_path / "scans" / "arrival").mkdir(parents=True)
    (tmp_path / "scans" / "arrival" / "page.png").write_bytes(scan.read_bytes())

    done = chartdrop.run("watch", tmp_path / "scans", "--until-idle")

    assert done.returncode == 0
    assert "wrong.toml: line 5, patient_nam" in done.stderr
    [document] = lines(chartdrop.run("documents", "--json"))
    assert document["template"] == document["document_type"] == "arrival"
