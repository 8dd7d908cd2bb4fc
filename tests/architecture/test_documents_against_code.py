"""What README and CONTRIBUTING say can be typed can be typed, and the house keeps its rules."""

import re
from pathlib import Path

import pytest
from click import Command, Group

from desktop.cli import chartdrop
from syncserver.cli import chartdrop_server

ROOT = Path(__file__).parents[2]
README, CONTRIBUTING = (ROOT / name for name in ("README.md", "CONTRIBUTING.md"))
LONGEST_FILE = 450  # lines: 400 is the aim, a little more needs a reason
TAKEN_ALONG = {"shared/audit/verify_export.py": 520}  # a program that is handed over alone cannot be two files


def committed_files() -> list[Path]:
    """The project's own files, found without git: a downloaded archive has none."""
    folders = ("desktop", "syncserver", "shared", "installers", "tests", ".ci")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*")] + list(ROOT.glob("*"))
    ignored = {"__pycache__", "weights"}
    return [path for path in found if path.is_file() and not ignored & set(path.relative_to(ROOT).parts)]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))


def shown_commands(program: str) -> list[list[str]]:
    lines = re.findall(rf"^{program}\b(.*)$", README.read_text(), flags=re.MULTILINE)
    return [line.split("#")[0].split() for line in lines]


def assert_exists(command: Command, words: list[str]) -> None:
    while isinstance(command, Group) and words and words[0].isalpha():
        assert words[0] in command.commands, f"{command.name} has no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]


@pytest.mark.parametrize("document", [README, CONTRIBUTING], ids=lambda path: path.name)
def test_every_make_command_shown_is_a_target(document: Path) -> None:
    shown = set(re.findall(r"(?:`|^)make ([a-z][a-z-]*)", document.read_text(), flags=re.MULTILINE))

    assert shown
    assert shown <= make_targets()


def test_every_target_is_explained_in_contributing() -> None:
    explained = set(re.findall(r"`make ([a-z-]+)`", CONTRIBUTING.read_text()))

    assert make_targets() - {"help", "set-up", "set-up-test", "set-up-bench", "set-up-bundle"} <= explained


@pytest.mark.parametrize(("program", "root"), [("chartdrop", chartdrop), ("chartdrop-server", chartdrop_server)])
def test_every_command_shown_in_the_readme_exists(program: str, root: Group) -> None:
    shown = shown_commands(program)

    assert shown
    for words in shown:
        assert_exists(root, words)


def test_every_command_is_shown_in_the_readme_or_named_in_its_help() -> None:
    for name, command in {**chartdrop.commands, **chartdrop_server.commands}.items():
        assert command.get_short_help_str(), f"{name} does not say what it does"


def test_pictures_and_links_in_documents_exist() -> None:
    for document in (README, CONTRIBUTING):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", document.read_text()):
            assert (ROOT / target).is_file(), f"{document.name} points at {target}"


def test_no_module_outgrows_its_reader() -> None:
    modules = [path for path in committed_files() if path.suffix == ".py"]
    names = {str(path.relative_to(ROOT)): path for path in modules}
    long = {name for name, path in names.items() if line_count(path) > TAKEN_ALONG.get(name, LONGEST_FILE)}

    assert not long


def line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_committed_file_names_a_package_registry() -> None:
    registry = re.compile(
        r"index-url\s*=?\s*http|https?://[^\s\"]*/simple/?(\s|\"|$)|files\.python" + "hosted", re.IGNORECASE
    )
    text_files = [
        path for path in committed_files() if path.suffix not in {".png", ".jpg", ".tif", ".pdf", ".ttf", ".otf"}
    ]
    naming = [path.name for path in text_files if registry.search(path.read_text(encoding="utf-8", errors="ignore"))]

    assert not naming
