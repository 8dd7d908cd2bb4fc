"""Pictures of the console's pages at three widths, light and dark: `python -m tests.browser.screenshots OUT_DIR`."""

import re
import sys
import tempfile
from pathlib import Path

from tests.browser.clinic import (
    PAGES_OF_OPERATOR,
    PAGES_OF_OWNER,
    PAGES_OF_STRANGERS,
    addresses,
    furnish,
)
from tests.browser.conftest import new_server
from tests.browser.site import Site, chromium, serving

WIDTHS = (320, 768, 1440)


def main(out: Path, only: str = "") -> None:
    """The pictures of the pages whose address holds `only` are in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        server = new_server(Path(place))
        clinic = furnish(server)
        with serving(server) as url:
            site = Site(server, url, browser)
            visits: list[tuple[str | None, list[str]]] = [
                (None, addresses(server, clinic, PAGES_OF_STRANGERS)),
                (clinic.owner.email, addresses(server, clinic, PAGES_OF_OWNER)),
                (server.owners.south.email, ["/console", "/console/devices", "/console/webhooks", "/console/keys"]),
                (clinic.operator.email, addresses(server, clinic, PAGES_OF_OPERATOR)),
            ]
            for email, pages in visits:
                _draw(site, email, [page for page in pages if only in page], out)
        server.parts.database.close()
    print(f"{len(list(out.glob('*.png')))} pictures are in {out}")


def _draw(site: Site, email: str | None, addresses: list[str], out: Path) -> None:
    if not addresses:
        return
    for dark in (False, True):
        page = site.page(email, dark=dark)
        for address in addresses:
            page.goto(address)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.wait_for_timeout(60)  # charts are drawn anew in the next frame
                page.screenshot(
                    path=out / f"{_name(email, address)}-{width}{'-dark' if dark else ''}.png", full_page=True
                )
        page.context.close()


def _name(email: str | None, address: str) -> str:
    plain = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "one", address.removeprefix("/console")).strip("/")
    who = "south-" if email and email.startswith("owner@south") else ""
    return who + (re.sub(r"[^a-z0-9]+", "-", plain) or "overview")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), *sys.argv[2:3])
