"""A furnished server and a browser, started once a module; a server of one's own for tests that act."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser
from pydantic import SecretStr

from syncserver.app import create_app
from syncserver.settings import Settings
from tests.browser.clinic import Clinic
from tests.browser.clinic import furnish as furnish_clinic
from tests.browser.site import Site, chromium, serving
from tests.syncserver.conftest import SECRET, MovingClock, Server, furnish, parts_of


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as running:
        yield running


@pytest.fixture(autouse=True)
def nothing_left_open(browser: Browser) -> Iterator[None]:
    """Pages that stay open go on drawing, and asking servers that are gone."""
    yield
    for context in browser.contexts:
        context.close()


def new_server(place: Path) -> Server:
    """An embedded server with two organizations, which nobody runs yet."""
    settings = Settings(data_dir=place, secret_key=SecretStr(SECRET), workers=0)
    owners = furnish(settings)
    clock = MovingClock()
    parts = parts_of(settings, clock)
    return Server(parts, clock, TestClient(create_app(parts), raise_server_exceptions=False), owners)


@pytest.fixture(scope="module")
def furnished(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Clinic]]:
    """A clinic that has used its server for a while: to be looked at alone."""
    server = new_server(tmp_path_factory.mktemp("furnished"))
    clinic = furnish_clinic(server)
    with serving(server) as url:
        yield Site(server, url, browser), clinic
    server.parts.database.close()


@pytest.fixture
def site(browser: Browser, tmp_path: Path) -> Iterator[Site]:
    """A server of one's own, with two organizations in which nothing happened yet."""
    server = new_server(tmp_path)
    with serving(server) as url:
        yield Site(server, url, browser)
    server.parts.database.close()
