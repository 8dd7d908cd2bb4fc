"""`chartdrop-server doctor`: everything that the settings name is tried, over both databases."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.clock import system_clock
from shared.doctor import Finding, examine
from syncserver.doctor import Doctor
from syncserver.kit.certificates import SERVER, SERVER_KEY, make_certificates
from syncserver.settings import Settings
from tests.simulators.stripe import API_KEY, WEBHOOK_SECRET, Stripe
from tests.syncserver.conftest import MovingClock, Owners
from tests.syncserver.test_commands import Run, run  # noqa: F401 - the fixture

NOT_READ_HERE = {"reading"}  # tried by a test of its own: it takes seconds


def found_by(settings: Settings, clock: MovingClock | None = None) -> list[Finding]:
    doctor = Doctor(settings, clock or MovingClock())
    return list(examine((name, check) for name, check in doctor.checks() if name not in NOT_READ_HERE))


def states(found: list[Finding]) -> dict[str, str]:
    return {one.check: one.state for one in found}


def test_a_server_that_is_well(settings: Settings, owners: Owners) -> None:
    found = states(found_by(settings))

    assert found.pop("settings") == "warning", "the tests' server is for development"
    assert set(found.values()) == {"well"}
    assert {"processor", "memory", "disk", "database", "storage"} <= set(found)
    assert ("broker" in found) == ("clock" in found) == (settings.broker_url is not None)


def test_another_secret_is_a_fault_of_the_database(settings: Settings, owners: Owners) -> None:
    other = settings.model_copy(update={"secret_key": SecretStr("another-secret-of-the-tests-0123456789")})

    assert states(found_by(other))["database"] == "fault"


def test_clocks_that_are_apart_are_found(settings: Settings, owners: Owners) -> None:
    if settings.embedded:
        pytest.skip("an embedded server has the machine's own clock")

    found = found_by(settings, MovingClock(timedelta(minutes=10)))

    assert [one.state for one in found if one.check == "clock"] == ["fault", "fault"]  # the database's, the broker's


def test_a_broker_and_a_storage_that_are_away(settings: Settings, owners: Owners) -> None:
    nobody = "redis://127.0.0.1:9/0"
    away = settings.model_copy(update={"broker_url": nobody, "storage_url": "s3://nothing?endpoint=http://127.0.0.1:9"})

    found = states(found_by(away))

    assert found["broker"] == found["storage"] == "fault"
    assert found["database"] == "well"


def test_stripe_is_asked_with_our_key(settings: Settings, owners: Owners, stripe: Stripe) -> None:
    account = {"stripe_api_key": SecretStr(API_KEY), "stripe_api_base": stripe.url}
    deaf = settings.model_copy(update=account)
    hearing = deaf.model_copy(update={"stripe_webhook_secret": SecretStr(WEBHOOK_SECRET)})
    refused = hearing.model_copy(update={"stripe_api_key": SecretStr("sk_test_another")})

    assert [states(found_by(one))["stripe"] for one in (hearing, deaf, refused)] == ["well", "fault", "fault"]


def test_a_certificate_that_ends_soon_and_one_without_its_key(tmp_path: Path) -> None:
    make_certificates(tmp_path / "tls", ["localhost"], system_clock())
    cert, key = tmp_path / "tls" / SERVER, tmp_path / "tls" / SERVER_KEY
    settings = Settings(data_dir=tmp_path / "data", tls_cert=cert, tls_key=key)

    assert states(found_by(settings))["certificate"] == "well"
    assert states(found_by(settings, MovingClock(timedelta(days=390))))["certificate"] == "warning"
    assert states(found_by(settings, MovingClock(timedelta(days=400))))["certificate"] == "fault"

    make_certificates(tmp_path / "other", ["localhost"], system_clock())
    mixed = settings.model_copy(update={"tls_key": tmp_path / "other" / SERVER_KEY})
    assert states(found_by(mixed))["certificate"] == "fault"


def test_a_place_without_a_server_is_said_to_be_one_and_stays_so(tmp_path: Path) -> None:
    found = found_by(Settings(data_dir=tmp_path / "data"))

    assert states(found)["database"] == "well"
    assert not (tmp_path / "data" / "server.db").exists()
    assert not (tmp_path / "data" / "secret.key").exists()


def test_a_database_whose_secret_was_left_behind(tmp_path: Path, settings: Settings, owners: Owners) -> None:
    if not settings.embedded:
        pytest.skip("its secret is set")

    left = settings.model_copy(update={"secret_key": None})

    [found] = [one for one in found_by(left) if one.check == "database"]
    assert (found.state, "secret.key" in found.remedy) == ("fault", True)


def test_the_command_reads_a_page_and_ends_with_3_where_something_is_wrong(run: Run, tmp_path: Path) -> None:  # noqa: F811
    well = run("doctor", "--json", "--data-dir", str(tmp_path / "data"))
    found = {one["check"]: one["state"] for one in map(json.loads, well.stdout.splitlines())}
    assert (well.returncode, found["reading"]) == (0, "well"), well.stdout

    wrong = run("doctor", CHARTDROP_ENVIRONMENT="production", CHARTDROP_SECRET_KEY="short")
    assert wrong.returncode == 3
    assert wrong.stdout.startswith("fault   settings")
    assert "CHARTDROP_SECRET_KEY has only 5 characters" in wrong.stdout
