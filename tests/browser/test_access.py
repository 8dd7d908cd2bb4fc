"""Whoever sees, hears or types: axe-core finds nothing on any page, nothing is cut off, the keyboard is enough."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.clinic import PAGES_OF_OPERATOR, PAGES_OF_OWNER, PAGES_OF_STRANGERS, Clinic, addresses
from tests.browser.site import Site

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("browser")]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules whose outcome light and dark may change."""
WIDTHS = (320, 768, 1440)
Furnished = tuple[Site, Clinic]


def faults_on(page: Page, *, dark: bool = False) -> list[str]:
    """What axe-core finds: the rule, and where. By every rule in the light, in the dark by those about colours."""
    rules = {"type": "rule", "values": OF_COLOURS} if dark else {"type": "tag", "values": TAGS}
    found = Axe().run(page, options={"runOnly": rules}).response["violations"]
    return [f"{page.url} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def overflow_of(page: Page) -> str:
    """What makes the page wider than the window; empty where nothing does."""
    return str(
        page.evaluate(
            """() => {
              if (document.documentElement.scrollWidth <= innerWidth) return "";
              const wide = [...document.querySelectorAll("body *")].filter(
                (one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .unseen, pre"));
              return wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join("\\n") || "the page";
            }"""
        )
    )


def everybodys(furnished: Furnished) -> list[tuple[str | None, list[str]]]:
    """Who sees which pages."""
    site, clinic = furnished
    return [
        (None, addresses(site.server, clinic, PAGES_OF_STRANGERS)),
        (clinic.owner.email, addresses(site.server, clinic, PAGES_OF_OWNER)),
        (clinic.operator.email, addresses(site.server, clinic, PAGES_OF_OPERATOR)),
        (site.server.owners.south.email, ["/console", "/console/devices", "/console/webhooks"]),
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_core_finds_nothing_on_any_page(furnished: Furnished, dark: bool) -> None:
    faults: list[str] = []
    for email, pages in everybodys(furnished):
        page = furnished[0].page(email, dark=dark)
        for address in pages:
            page.goto(address)
            faults += faults_on(page, dark=dark)
        page.context.close()

    assert not faults, "\n".join(faults)


def test_no_page_is_wider_than_its_window_and_none_breaks_its_policy(furnished: Furnished) -> None:
    wide, said = dict[str, str](), list[str]()
    for email, pages in everybodys(furnished):
        page = furnished[0].page(email)
        page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: said.append(str(error)))
        for address in pages:
            page.goto(address)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if found := overflow_of(page):
                    wide[f"{address} at {width}"] = found
        page.context.close()

    assert not wide
    # a page that is an error is announced by the browser as one, which is no fault of the page
    assert not [one for one in said if "status of 404" not in one and "status of 401" not in one]


def test_the_keyboard_reaches_the_page_the_pages_and_every_control(furnished: Furnished) -> None:
    site, clinic = furnished
    page = site.page(clinic.owner.email)
    page.goto("/console/devices")

    page.keyboard.press("Tab")
    assert focused(page) == "Skip to the page"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "Enrol a device"
    page.keyboard.press("Shift+Tab")
    page.goto("/console/devices")
    walked = []
    for _ in range(40):
        page.keyboard.press("Tab")
        walked.append(focused(page))
        assert is_outlined(page), walked[-1]
        if walked[-1] == "Front desk":
            break
    assert walked[:3] == ["Skip to the page", "Chartdrop", "Overview"]
    assert {"Analytics", "Audit log", "As the system", "Sign out", "Enrol a device"} <= set(walked)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/console/devices/{clinic.device}")


def focused(page: Page) -> str:
    text = page.evaluate("() => document.activeElement.textContent")
    return re.sub(r"\s+", " ", str(text)).strip()


def is_outlined(page: Page) -> bool:
    style = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    return bool(style == "solid")


def test_on_a_small_screen_the_pages_are_behind_a_button(furnished: Furnished) -> None:
    site, clinic = furnished
    page = site.page(clinic.owner.email, width=320)
    menu = page.get_by_role("button", name="Menu")

    assert not page.get_by_role("link", name="Audit log").is_visible()
    menu.press("Enter")
    assert menu.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false"
    menu.click()
    page.get_by_role("link", name="Audit log").click()
    page.wait_for_url("**/console/audit")


def test_every_chart_has_its_numbers_in_a_table(furnished: Furnished) -> None:
    site, clinic = furnished
    page = site.page(clinic.owner.email)
    page.goto("/console/analytics")
    charts = page.locator(".chart")

    assert charts.count() == 5
    for at in range(charts.count()):
        chart = charts.nth(at)
        assert chart.locator("canvas").count() == 1
        assert chart.locator("table tbody tr").count() >= 2
        assert chart.locator("table caption").text_content() == chart.locator("figcaption").text_content()


def test_text_may_be_twice_as_large(furnished: Furnished) -> None:
    site, clinic = furnished
    page = site.page(clinic.owner.email)
    for address in ("/console", "/console/devices", "/console/keys"):
        page.goto(address)
        page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        assert overflow_of(page) == "", address
