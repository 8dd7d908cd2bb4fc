"""The window's heartbeat while pages are read by the real engine and synced with a real server."""

import io
import subprocess
from contextlib import closing
from pathlib import Path

import httpx
from PIL import Image, ImageDraw

from desktop.services import Workspace
from desktop.ui.main_window import MainWindow
from tests.journey.conftest import PROGRAMS, Server, environment, signed_up
from tests.quality.window.working import rest, wait_until
from tests.ui.paper import admission_form
from tests.ui.test_heartbeat import Heartbeat, listening

PAGES_EACH = 10
_LONGEST = 3600.0  # seconds for 200 pages, on a slow machine


def beat_while_reading(window: MainWindow, workspace: Workspace, place: Path, pages: int) -> Heartbeat:
    """So many pages were dropped, read and synced, while somebody opened one document after the other."""
    server = Server(place / "server")
    server.start()
    try:
        with closing(signed_up(server.url, "window@example.com")) as owner:
            _lift_trial(server, owner)
            code = owner.post("/api/v1/devices/enrolment-codes").json()["code"]
            workspace.connect(server.url, code)
        scans = tuple(_scan(place, number, min(PAGES_EACH, pages - number)) for number in range(0, pages, PAGES_EACH))
        workspace.start(None)
        with listening() as heart:
            window.errands.add_files(scans)
            wait_until(lambda: _is_settled(window, workspace, len(scans)), _LONGEST)
    finally:
        workspace.stop()
        server.stop()
    return heart


def _lift_trial(server: Server, owner: httpx.Client) -> None:
    """A trial lets a hundred pages be read; the rest would wait."""
    organization = owner.get("/api/v1/me").json()["organization"]["id"]
    command = [PROGRAMS / "chartdrop-server", "organizations", "tier", organization, "enterprise"]
    subprocess.run([*command, "--data-dir", server.place], env=environment(), capture_output=True, check=True)


def _is_settled(window: MainWindow, workspace: Workspace, documents: int) -> bool:
    read = [one.id for one in window.model.everything() if one.state == "done"]
    is_read = len(read) == documents
    if read and not is_read:  # each look is told the server: they end, or something would always wait
        window.open_document(read[-1])
        rest(1.0)
        window.review.leave()
    rest(1.0)
    return is_read and workspace.status().unsynced == 0


def _scan(place: Path, first: int, pages: int) -> Path:
    """A PDF of admission forms, each with a number of its own."""
    drawn = [Image.open(io.BytesIO(page)).convert("L") for page in admission_form().pages]
    sheets = []
    for number in range(first, first + pages):
        sheet = drawn[number % len(drawn)].copy()
        ImageDraw.Draw(sheet).text((1300, 60), f"Sheet {number}", fill=0)
        sheets.append(sheet)
    path = place / f"forms-{first}.pdf"
    sheets[0].save(path, save_all=True, append_images=sheets[1:], resolution=200)
    return path
