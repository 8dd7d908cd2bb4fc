"""The console as a browser reaches it: a real server at a port of this machine, and Debian's Chromium."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from tests.syncserver.conftest import PASSWORD, Server

CHROMIUM = "/usr/bin/chromium"
_STARTS_WITHIN_S = 20


@dataclass
class Site:
    """A server that serves, and a browser to visit it with."""

    server: Server
    url: str
    browser: Browser

    def page(self, email: str | None = None, width: int = 1440, *, dark: bool = False, scripts: bool = True) -> Page:
        """A page in a browser of its own, in which the person is signed in."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        page = context.new_page()
        page.set_default_timeout(15_000)
        if email:
            sign_in(page, email)
        return page


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """By the form, as a person does."""
    give_password(page, email, password)
    page.wait_for_url("**/console*")


def give_password(page: Page, email: str, password: str = PASSWORD) -> None:
    """The form is sent; who has a second factor is asked for a code next."""
    page.goto("/console/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """The app of `server` at a free port, with everything that it does by itself."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(server.http.app, log_config=None, access_log=False)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, args=([listener],), daemon=True)
    thread.start()
    give_up = time.monotonic() + _STARTS_WITHIN_S
    while not running.started:
        if not thread.is_alive() or time.monotonic() > give_up:
            raise RuntimeError("The server did not start.")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        running.should_exit = True
        thread.join()
        listener.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's own, without a window; as root it takes no sandbox."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
