"""What owners and the operator do at the console, in a real browser: with scripts, and without."""

import re
from datetime import timedelta

import cv2
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site, give_password, sign_in
from tests.browser.test_access import faults_on
from tests.syncserver.conftest import PASSWORD
from tests.syncserver.people import operator
from tests.syncserver.test_second_factor import App

pytestmark = [pytest.mark.timeout(120), pytest.mark.xdist_group("browser")]


def acts(site: Site, action: str) -> int:
    """How often the act stands in North Clinic's audit log."""
    found = site.server.north.get("/api/v1/audit", params={"action": action}).json()["items"]
    return len(found)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_device_is_named_and_revoked(site: Site, scripts: bool) -> None:
    device = site.server.desktop()
    page = site.page(site.server.owners.north.email, scripts=scripts)

    page.get_by_role("link", name="Devices").click()
    page.get_by_role("link", name="Front desk").click()
    page.get_by_label("Called").fill("Ward 3 <b>")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_role("status")).to_contain_text("is called “Ward 3 <b>”")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ward 3 <b>")
    page.get_by_label("Yes, I mean “Ward 3 <b>”").check()
    page.get_by_role("button", name="Revoke this device").click()
    expect(page.get_by_text("Revoked, not heard of since")).to_be_visible()
    assert device.prove(device.challenge()).status_code == 403


def test_a_box_that_was_not_ticked_revokes_nothing(site: Site) -> None:
    site.server.desktop()
    page = site.page(site.server.owners.north.email)
    page.goto("/console/devices")
    page.get_by_role("link", name="Front desk").click()
    page.get_by_role("button", name="Revoke this device").click()

    assert page.get_by_label(re.compile("Yes, I mean")).evaluate("(box) => box.validity.valueMissing")
    assert acts(site, "device.revoked") == 0


def test_somebody_is_invited_joins_and_is_put_out(site: Site) -> None:
    owner = site.page(site.server.owners.north.email)
    owner.get_by_role("link", name="People", exact=True).click()
    owner.get_by_label("E-mail address").fill("ravi@north.example.com")
    owner.get_by_role("button", name="Invite").click()
    code = owner.locator("#secret-value").inner_text()

    ravi = site.page()
    ravi.goto("/console/join")
    ravi.get_by_label("Code of your invitation").fill(code)
    ravi.get_by_label("Your name").fill("Ravi")
    ravi.get_by_label("A password").fill(PASSWORD)
    ravi.get_by_role("button", name="Join").click()
    expect(ravi.get_by_role("status")).to_contain_text("You have joined")
    sign_in(ravi, "ravi@north.example.com")
    expect(ravi.get_by_role("link", name="People", exact=True)).to_have_count(0)
    ravi.goto("/console/people")
    expect(ravi.get_by_role("heading", level=1)).to_have_text("This is not open to you")

    owner.goto("/console/people")
    owner.get_by_role("link", name="Ravi").click()
    owner.get_by_label("Yes, I mean Ravi").check()
    owner.get_by_role("button", name="Put out").click()
    expect(owner.get_by_text("was put out")).to_be_visible()
    ravi.goto("/console")
    expect(ravi.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_last_owner_stays_and_hears_why(site: Site) -> None:
    page = site.page(site.server.owners.north.email)
    page.goto("/console/people")
    page.get_by_role("link", name="Olivia Owner").click()
    page.get_by_label("May act as").select_option("member")
    page.get_by_role("button", name="Change the role").click()

    expect(page.get_by_role("alert")).to_contain_text("last owner")


def test_a_key_is_shown_once_and_opens_the_api(site: Site) -> None:
    page = site.page(site.server.owners.north.email)
    page.get_by_role("link", name="API keys").click()
    page.get_by_label("Name").fill("scanner")
    page.get_by_role("button", name="Make the key").click()
    key = page.locator("#secret-value").inner_text()
    assert site.server.client(key).get("/api/v1/me").status_code == 200

    page.get_by_role("link", name="Back to the keys").click()
    assert key not in page.content()
    page.get_by_role("link", name="End the key scanner").click()
    page.get_by_role("button", name="End the key").click()
    expect(page.get_by_role("status")).to_contain_text("opens nothing")
    assert site.server.client(key).get("/api/v1/me").status_code == 401


def test_what_was_typed_stays_when_it_is_refused(site: Site) -> None:
    page = site.page(site.server.owners.north.email)
    page.goto("/console/webhooks/new")
    page.get_by_label("URL").fill("https://10.0.0.1/hook")
    page.get_by_label("Description").fill("of the ward")
    page.get_by_role("button", name="Set it up").click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("of the ward")
    expect(page.get_by_label("URL")).to_have_value("https://10.0.0.1/hook")


def test_a_template_is_checked_kept_and_published(site: Site) -> None:
    page = site.page(site.server.owners.north.email)
    page.goto("/console/templates/new")
    source = page.get_by_label("The template")
    whole = source.input_value()
    source.fill(whole.replace("labels", "lables"))
    page.get_by_role("button", name="Check it alone").click()
    expect(page.get_by_role("alert")).to_contain_text("lables")
    assert "lables" in source.input_value()

    source.fill(whole)
    page.get_by_role("button", name="Check it alone").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing is wrong")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Publish version 1").click()
    expect(page.get_by_text("Documents are read by it", exact=True)).to_be_visible()
    published = site.server.north.get("/api/v1/templates/wound_round").json()["published_version"]
    assert published == 1


def test_an_entry_is_proved_and_the_log_taken_away(site: Site) -> None:
    page = site.page(site.server.owners.north.email)
    page.get_by_role("link", name="Audit log").click()
    page.get_by_label("Act").fill("session.started")
    page.get_by_label("Act").press("Enter")
    page.wait_for_url("**action=session.started**")
    assert set(page.locator("tbody th").all_inner_texts()) == {"session.started"}
    page.get_by_role("link", name=re.compile("Proof")).first.click()
    expect(page.get_by_text("Stands in the log")).to_be_visible()

    page.goto("/console/audit")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export").click()
    assert taken.value.suggested_filename == "audit.jsonl"
    assert acts(site, "audit.exported") == 1


def test_the_operator_puts_an_organization_on_a_tier(site: Site) -> None:
    page = site.page(operator(site.server).email)
    page.get_by_role("link", name="System").click()
    expect(page.get_by_text("Database works")).to_be_visible()
    page.get_by_role("link", name="Organizations", exact=True).click()
    page.get_by_role("link", name="North Clinic").click()
    page.get_by_label("On the tier").select_option("starter")
    page.get_by_role("button", name="Put it on this tier").click()

    expect(page.get_by_role("status")).to_contain_text("Starter")
    assert site.server.north.get("/api/v1/me").json()["tier"] == "starter"
    assert acts(site, "organization.tier_changed") == 1


def test_light_and_dark_follow_the_machine_until_somebody_chooses(site: Site) -> None:
    page = site.page(site.server.owners.north.email, dark=True)
    assert ground(page) == "rgb(19, 22, 27)"
    page.get_by_role("button", name="Light").click()
    assert ground(page) == "rgb(245, 246, 248)"
    page.goto("/console/devices")
    assert ground(page) == "rgb(245, 246, 248)"
    page.get_by_role("button", name="As the system").click()
    page.wait_for_url("**/console/devices")
    assert ground(page) == "rgb(19, 22, 27)"


def ground(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))


def test_who_leaves_is_warned_and_then_signed_out(site: Site) -> None:
    page = site.page()
    page.clock.install()
    sign_in(page, site.server.owners.north.email)
    page.clock.fast_forward("13:30")
    expect(page.get_by_role("dialog")).to_contain_text("Are you still there?")
    site.server.clock.ahead += timedelta(minutes=13)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    site.server.clock.ahead += timedelta(minutes=16)
    page.clock.fast_forward("16:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("alert")).to_contain_text("15 minutes")


def test_a_filter_changes_the_list_alone(site: Site) -> None:
    page = site.page(site.server.owners.north.email)
    page.goto("/console/analytics")
    page.evaluate("() => { window.sameDocument = true; }")
    page.get_by_label("Period").select_option("7")
    page.wait_for_url("**days=7**")
    page.wait_for_selector("#found")

    assert page.evaluate("() => window.sameDocument") is True


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_second_factor_is_set_up_asked_for_and_turned_off(site: Site, scripts: bool) -> None:
    email = site.server.owners.north.email
    page = site.page(email, scripts=scripts)
    page.get_by_role("link", name="Your account").click()
    page.get_by_role("link", name="Set it up").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    assert not scripts or not faults_on(page)
    app = App(site.server, scanned(page) if scripts else typed(page))
    page.get_by_label("Code of six figures").fill("000000")
    page.get_by_role("button", name="Turn it on").click()
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    page.get_by_label("Code of six figures").fill(app.code())
    page.get_by_role("button", name="Turn it on").click()
    assert not scripts or not faults_on(page)
    codes = page.locator(".codes code").all_inner_texts()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes left")).to_be_visible()

    other = site.page(scripts=scripts)
    give_password(other, email)
    other.get_by_label("Code", exact=True).fill(codes[0])
    other.get_by_role("button", name="Go on").click()
    other.get_by_role("link", name="Your account").click()
    other.get_by_role("link", name="Change it").click()
    other.get_by_label("Your password").fill(PASSWORD)
    other.get_by_label("Code that your app shows, or a recovery code").fill(codes[1])
    other.get_by_role("button", name="Turn it off").click()
    expect(other.get_by_role("status")).to_contain_text("The second factor is off")


def scanned(page: Page) -> str:
    """What a phone reads off the screen."""
    picture = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    text, *_ = cv2.QRCodeDetector().detectAndDecode(picture)
    return text


def typed(page: Page) -> str:
    """What somebody types who has no picture to scan."""
    expect(page.get_by_role("img", name="QR code")).to_have_count(0)
    return f"otpauth://totp/Chartdrop?secret={page.locator('#key').text_content()}"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_password_is_changed_and_other_browsers_are_signed_out(site: Site, scripts: bool) -> None:
    email = site.server.owners.north.email
    page, other = site.page(email, scripts=scripts), site.page(email)
    page.goto("/console/account")
    expect(page.get_by_role("row").filter(has_text="Chrome on Linux")).to_have_count(2)
    page.get_by_label("Your password now").fill("not this")
    page.get_by_label("The new password").fill("another horse in the garden")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("alert")).to_contain_text("The password is wrong")
    page.get_by_label("Your password now").fill(PASSWORD)
    page.get_by_label("The new password").fill("another horse in the garden")
    page.get_by_role("button", name="Change the password").click()

    expect(page.get_by_role("status")).to_contain_text("The new password counts")
    other.goto("/console")
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert acts(site, "password.changed") == 1


def test_a_session_elsewhere_is_ended(site: Site) -> None:
    email = site.server.owners.north.email
    page, other = site.page(email), site.page(email)
    page.goto("/console/account")
    page.get_by_role("button", name=re.compile("End the session of Chrome on Linux")).first.click()
    expect(page.get_by_role("status")).to_contain_text("signed out")
    other.goto("/console")

    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
