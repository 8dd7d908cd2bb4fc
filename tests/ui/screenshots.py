"""Pictures of every screen: light, dark, high contrast, at 100 % and 200 %: `python -m tests.ui.screenshots OUT_DIR`.

The sample forms are read by the real engine into a store of their own; README's picture and those of the user's guide
are made anew as well.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from PIL import Image
from pydantic import SecretStr

from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.vault.people import Role
from desktop.vault.watched import Profile
from tests.ui.shelf import Shelf, revoke

SAMPLES = Path(__file__).parents[1] / "samples"
README_PICTURE = Path(__file__).parents[2] / ".github" / "window.png"
GUIDE = Path(__file__).parents[2] / "desktop" / "guide"
_OF_THE_GUIDE = ("new-passphrase", "inbox", "review", "review-table", "failed", "unlock", "revoked")
_COLOURS = 64  # enough for a window and a scan, at a fifth of the size
LONG_NAME = "Scan_from_reception_desk_multifunction_printer_2nd_floor_east_wing_2026-11-22T17-45-09_copy(3).jpg"
SERVER_AWAY = "The server at https://chartdrop.north-clinic.example cannot be reached (no route to it)."
_LONGEST_READING = 600  # seconds for some ten pages, on a slow machine
_SCALES = (1, 2)


def main(out: Path) -> None:
    """The pictures are in `out`, and README's in its place."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        settings = _settings(Path(place) / "data")
        _fill(settings, Path(place) / "scans")
        revoke(_settings(Path(place) / "revoked"))
        _share(_settings(Path(place) / "shared"))
        for scale in _SCALES:
            _draw_in_a_process_of_its_own(Path(place), out, scale)
    README_PICTURE.parent.mkdir(exist_ok=True)
    shutil.copy(out / "review-light-100.png", README_PICTURE)
    for screen in _OF_THE_GUIDE:
        _keep_small(out / f"{screen}-light-100.png", GUIDE / f"{screen}.png")
    print(f"{len(list(out.glob('*.png')))} pictures are in {out}; README's is {README_PICTURE}, the guide's in {GUIDE}")


def _keep_small(picture: Path, place: Path) -> None:
    """`place` holds the picture in few colours."""
    with Image.open(picture) as image:
        few = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(place, optimize=True)


def _settings(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, passphrase=SecretStr("a passphrase for pictures"), key_storage="passphrase")


def _fill(settings: Settings, scans: Path) -> None:
    """The store holds what the engine read of the samples, one file that cannot be read, and one that waits."""
    scans.mkdir()
    files = [*sorted((SAMPLES / "documents").iterdir()), SAMPLES / "bad" / "locked.pdf"]
    renamed = scans / LONG_NAME
    shutil.copy(files.pop(0), renamed)
    workspace = open_workspace(settings, lambda: None)
    try:
        workspace.add_files([renamed, *files])
        workspace.start(None)
        _wait_until_read(workspace)
        workspace.stop()
        workspace.add_files([SAMPLES / "blank" / "rows.png"])
        workspace.add_watched(scans.with_name("Fax machine, reception"), Profile("referral", "Ward 3", "kept"))
    finally:
        workspace.close()
    _contradict(settings)


def _contradict(settings: Settings) -> None:
    """Two people said otherwise of a document, the server is away, and the store was restored from a backup."""
    shelf = Shelf(settings)
    shelf.contradicted("Admission, corrected twice.pdf")
    shelf.trouble_sync("https://chartdrop.north-clinic.example", SERVER_AWAY)
    shelf.go_on_anew()
    shelf.close()


def _share(settings: Settings) -> None:
    """Three people work at the device."""
    workspace = open_workspace(settings, lambda: None)
    workspace.staff.add("Dana Ortiz", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana Ortiz", "482913")
    for name in ("Ravi Chandrasekharan-Whitmore", "Vera Lindqvist"):
        workspace.staff.add(name, Role.REVIEWER, "770412")
    workspace.close()


def _wait_until_read(workspace: Workspace) -> None:
    give_up = time.monotonic() + _LONGEST_READING
    while not workspace.is_idle():
        if time.monotonic() > give_up:
            raise TimeoutError("The samples were not read in time.")
        time.sleep(0.2)


def _draw_in_a_process_of_its_own(place: Path, out: Path, scale: int) -> None:
    """Qt takes its scale from the environment, once."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
    command = [sys.executable, "-m", "tests.ui.screenshots", str(out), str(place / "data"), str(scale)]
    subprocess.run(command, env=environment, check=True)


def draw(out: Path, data_dir: Path, scale: int) -> None:
    """Every screen in every palette, at the scale of this process."""
    from tests.ui.photographer import Photographer

    with ExitStack() as open_ones:

        def window(name: str) -> Photographer:
            workspace = open_workspace(_settings(data_dir.with_name(name)), lambda: None)
            open_ones.callback(workspace.close)
            return Photographer(workspace, out, scale * 100)

        window(data_dir.name).take_all()
        window("empty").take_empty()
        window("shared").take_locked()
        window("revoked").take_revoked()


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(Path(sys.argv[1]).absolute())
    else:
        draw(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
