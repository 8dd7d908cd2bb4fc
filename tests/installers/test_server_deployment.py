"""What installers/server offers: linted by the tools made for it, its settings those of the code, its secrets and its
services started as the compose file starts them."""

import re
import stat
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from click import Group

from syncserver.cli import chartdrop_server
from syncserver.settings import Settings
from tests.installers.deployment import (
    HERE,
    PROGRAMS,
    compose,
    linted,
    postgres_of_the_roles,
    s3_of_the_command,
    settings_of_the_code,
    valkey_of_the_configuration,
)
from tests.installers.units import OF_THE_UNITS, SERVICES
from tests.syncserver.test_commands import environment, serving

pytestmark = pytest.mark.timeout(120)
FOR_TESTS_ALONE = {"CHARTDROP_STRIPE_API_BASE"}


def test_the_compose_files_follow_the_specification() -> None:
    linted(
        PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", *sorted(HERE.glob("compose*.yaml"))
    )


def test_the_dockerfile_passes_its_linter() -> None:
    linted(PROGRAMS / "hadolint", HERE / "Dockerfile")


def test_the_sample_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"\bCHARTDROP_[A-Z_]+(?==)", (HERE / "chartdrop-server.env").read_text()))
    files = set(re.findall(r"# a file: (chartdrop_[a-z_]+)", (HERE / "chartdrop-server.env").read_text()))

    assert named | {name.upper() for name in files} == settings_of_the_code() - FOR_TESTS_ALONE | OF_THE_UNITS


def test_every_line_of_the_sample_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lines = [line.lstrip("#") for line in (HERE / "chartdrop-server.env").read_text().splitlines()]
    lines = [line for line in lines if line.startswith("CHARTDROP_") and not line.endswith("=")]
    (tmp_path / ".env").write_text("\n".join([*lines, f"CHARTDROP_SECRET_KEY={'0123456789abcdef' * 4}"]))
    monkeypatch.chdir(tmp_path)
    for name in settings_of_the_code():
        monkeypatch.delenv(name, raising=False)

    assert Settings().mail_from == "chartdrop@clinic.example.com"


@pytest.mark.parametrize("name", ["compose.yaml", "compose.tls.yaml"])
def test_what_compose_sets_is_a_setting(name: str) -> None:
    content = compose(name)
    for service in content["services"].values():
        set_here = {variable for variable in service.get("environment", {}) if variable.startswith("CHARTDROP_")}
        assert set_here <= settings_of_the_code()
        files = {secret for secret in service.get("secrets", []) if secret.startswith("chartdrop_")}
        assert {secret.upper() for secret in files} <= settings_of_the_code()
        assert set(service.get("secrets", [])) <= set(content["secrets"]) | set(compose()["secrets"])


def test_compose_gives_away_nothing_that_it_need_not() -> None:
    services = compose()["services"]

    assert [name for name, service in services.items() if "ports" in service] == ["api"]
    assert compose()["networks"]["inside"]["internal"]
    for name, service in services.items():
        assert "no-new-privileges:true" in service["security_opt"]
        assert re.fullmatch(r"[a-z/-]+:[\w.{}$:-]+", service["image"]), "plain names: no registry, and a tag"
        if name != "postgres":  # its image starts as root, to give its folder away, and leaves that behind
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
            assert service["user"].split(":")[0] not in {"0", "root"}
        assert not [value for value in service.get("environment", {}).values() if "password" in str(value).lower()
                    and not str(value).startswith(("/run/secrets/", "--"))]  # fmt: skip


def commands_shown() -> list[list[str]]:
    shown = [service["command"] for service in compose()["services"].values() if "chartdrop" in service["image"]]
    for unit in SERVICES:
        shown += [
            line.split() for line in re.findall(r"^Exec\w+=/usr/bin/chartdrop-server (.*)", unit.read_text(), re.M)
        ]
    return shown


def test_every_command_that_is_started_exists() -> None:
    shown = commands_shown()

    assert len(shown) >= 7
    for name, *options in shown:
        assert isinstance(chartdrop_server, Group)
        command = chartdrop_server.commands[name]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in options if word.startswith("--")} <= known


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What make-secrets.sh makes."""
    folder = tmp_path_factory.mktemp("deployment") / "secrets"
    subprocess.run([HERE / "make-secrets.sh", folder], check=True, capture_output=True)
    return folder


def test_secrets_are_made_once_and_for_their_owner_alone(secrets: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}

    subprocess.run([HERE / "make-secrets.sh", secrets], check=True, capture_output=True)

    assert {path.name: path.read_bytes() for path in secrets.iterdir()} == before
    assert set(before) == {Path(secret["file"]).name for secret in compose()["secrets"].values()}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert all(before.values())


def test_secrets_in_files_are_settings(secrets: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(secrets))
    monkeypatch.setenv("CHARTDROP_ENVIRONMENT", "production")
    for name in ("CHARTDROP_SECRET_KEY", "CHARTDROP_DATABASE_URL", "CHARTDROP_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)

    settings = Settings()

    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == (secrets / "chartdrop_secret_key").read_text()
    assert settings.database_url == (secrets / "chartdrop_database_url").read_text().strip()
    monkeypatch.setenv("CHARTDROP_SECRET_KEY", "1" * 8 + "0123456789abcdef" * 3)
    assert Settings().secret_key != settings.secret_key, "the environment comes first"


def test_the_services_of_the_compose_file_work_together(
    secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):  # of another test's S3 server
        monkeypatch.delenv(name, raising=False)
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "chartdrop_secret_key").write_text((secrets / "chartdrop_secret_key").read_text())
    with ExitStack() as running:
        database, _ = running.enter_context(postgres_of_the_roles(secrets, tmp_path))
        broker = running.enter_context(valkey_of_the_configuration(secrets, tmp_path))
        storage = running.enter_context(s3_of_the_command(secrets, tmp_path))
        (credentials / "chartdrop_database_url").write_text(database)
        (credentials / "chartdrop_broker_url").write_text(broker)
        settings = {
            "CHARTDROP_ENVIRONMENT": compose()["x-chartdrop"]["environment"]["CHARTDROP_ENVIRONMENT"],
            "CHARTDROP_STORAGE_URL": f"s3://chartdrop?endpoint={storage}",
            "AWS_SHARED_CREDENTIALS_FILE": str(secrets / "aws_credentials"),
            "CREDENTIALS_DIRECTORY": str(credentials),
        }
        migrate = [sys.executable, "-m", "syncserver", "migrate"]
        subprocess.run(migrate, env=environment(**settings), cwd=tmp_path, check=True, capture_output=True)
        with serving(tmp_path, **settings) as (_, http):
            health = http.get("/health")

    assert health.json() == {"status": "ok", "checks": {"database": "ok", "storage": "ok", "queue": "ok"}}
