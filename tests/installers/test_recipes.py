"""What installers are made by, as far as it can be told without making them."""

import os
import plistlib
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from click_man.core import write_man_pages
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from desktop.cli import chartdrop
from desktop.licences import Part
from installers.bundle.contents import parts_of
from installers.bundle.sbom import bill_of
from installers.linux.deb import DESKTOP, SERVER
from shared.reading.settings import ReadingSettings
from shared.reading.worker.handle import ChildHandle
from tests.installers.conftest import ROOT
from tests.installers.units import UNITS

INSTALLERS = ROOT / "installers"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent
SCRIPTS = [*INSTALLERS.rglob("*.sh"), *(INSTALLERS / "linux" / "server").glob("p*")]


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"needs {tool}")


def assert_runs(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_workflows_are_what_github_takes_and_give_no_right_away() -> None:
    assert WORKFLOWS
    assert_runs(BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    assert_runs(BIN / "zizmor", "--offline", "--quiet", *WORKFLOWS)


def test_what_workflows_run_is_there() -> None:
    text = "".join(path.read_text() for path in WORKFLOWS)

    for target in re.findall(r"run: make ([a-z-]+)", text):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), flags=re.MULTILINE), target
    for script in re.findall(r"\binstallers[/\\][\w./\\-]+\.(?:sh|iss)", text):
        assert (ROOT / script.replace("\\", "/")).is_file(), script


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_parse_and_may_be_run(script: Path) -> None:
    assert_runs("sh", "-n", script)
    assert os.access(script, os.X_OK)


@needs("desktop-file-validate")
def test_menus_take_the_desktop_file() -> None:
    assert_runs("desktop-file-validate", INSTALLERS / "linux" / "desktop" / "chartdrop.desktop")


@needs("appstreamcli")
def test_software_centres_take_the_metainfo() -> None:
    assert_runs(
        "appstreamcli", "validate", "--no-net", INSTALLERS / "linux" / "desktop" / "org.chartdrop.desktop.metainfo.xml"
    )


def test_what_packages_are_made_of_is_there() -> None:
    for product in (DESKTOP, SERVER):
        assert all(source.is_file() for source in (*product.files.values(), *product.scripts))
        assert {place.lstrip("/") for place in product.settings} <= set(product.files)
    assert {f"lib/systemd/system/{unit.name}" for unit in UNITS} <= set(SERVER.files)


def test_there_is_a_manual_page_for_every_command(tmp_path: Path) -> None:
    write_man_pages("chartdrop", chartdrop, version="1", target_dir=str(tmp_path))

    pages = {path.name for path in tmp_path.iterdir()}
    shown = {name for name, command in chartdrop.commands.items() if not command.hidden}
    assert {"chartdrop.1", *(f"chartdrop-{name}.1" for name in shown)} <= pages


def test_the_windows_installer_asks_for_no_administrator_and_leaves_stores_alone() -> None:
    script = (INSTALLERS / "windows" / "chartdrop.iss").read_text()
    settings = dict(re.findall(r"^([A-Za-z]+)=(.*)$", script, flags=re.MULTILINE))

    assert settings["PrivilegesRequired"] == "lowest"
    assert (INSTALLERS / "windows" / settings["LicenseFile"].replace("\\", "/")).is_file()
    assert re.fullmatch(r"\{\{[0-9A-F-]{36}\}", settings["AppId"])
    assert "[UninstallDelete]" not in script
    programs = set(re.findall(r"\{app\}\\([\w-]+)\.exe", script))
    assert programs == {"chartdrop-window"}
    assert all(f'"{name}"' in (INSTALLERS / "chartdrop.spec").read_text() for name in programs)


def test_the_entitlements_of_macos_are_a_property_list() -> None:
    assert plistlib.loads((INSTALLERS / "macos" / "entitlements.plist").read_bytes())


def test_a_file_that_no_part_owns_is_not_shipped(tmp_path: Path) -> None:
    stray = tmp_path / "found-somewhere.so"
    stray.touch()

    with pytest.raises(LookupError, match=r"found-somewhere\.so"):
        parts_of([str(stray)])


def test_the_runtime_that_windows_lends_is_a_part(tmp_path: Path) -> None:
    runtime = tmp_path / "VCRUNTIME140_1.dll"
    runtime.touch()

    assert "Microsoft Visual C++ runtime" in {part.name for part in parts_of([str(runtime)])}


def test_what_the_wheels_ask_of_macos_is_what_the_application_says() -> None:
    recipe, workflow = (INSTALLERS / "chartdrop.spec").read_text(), WORKFLOWS[0].read_text()
    oldest = re.findall(r'"LSMinimumSystemVersion": "(\d+)\.0"', recipe)

    assert re.findall(r"runs-on: macos-(\d+)", workflow) == oldest
    assert f"for macOS {oldest[0]} and later" in (ROOT / "README.md").read_text()


def test_files_are_told_apart_by_the_part_that_they_came_in() -> None:
    import json as standard

    import cv2
    import httpx

    parts = {part.name: part for part in parts_of([httpx.__file__, cv2.__file__, standard.__file__])}

    assert {"httpx", "opencv-contrib-python", "Python", "PaddleOCR models", "Inter"} <= set(parts)
    assert parts["httpx"].version == version("httpx")
    assert parts["Python"].text


def test_a_bill_of_materials_is_valid_and_the_same_each_time() -> None:
    parts = [Part("httpx", "1", "BSD-3-Clause", ""), Part("libegl1 (Debian)", "1.6", "as its text says", "")]

    bill = bill_of("chartdrop", "0.1.0", parts, built_at=1_767_225_600)

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    assert bill == bill_of("chartdrop", "0.1.0", parts, built_at=1_767_225_600)
    assert '"pkg:pypi/httpx@1"' in bill
    assert '"pkg:deb/debian/libegl1@1.6"' in bill


def test_in_a_bundle_the_reading_process_is_the_program_beside_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = tmp_path / "chartdrop-reader"
    reader.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m shared.reading.worker.child\n')
    reader.chmod(0o755)
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(tmp_path / "chartdrop"))

    child = ChildHandle(ReadingSettings())
    try:
        child.send("draw", b"no document", rotations="0")
        assert child.next_frame(60).kind == "drawn"
    finally:
        child.kill()
