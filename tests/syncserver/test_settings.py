"""Settings: what is refused at start, and the secret that the embedded server makes for itself."""

import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from syncserver.kit.errors import CannotStart
from syncserver.kit.secret import load_keys
from syncserver.settings import Settings

GOOD = "8f14e45fceea167a5a36dedd4bea2543"
URL = "postgresql+psycopg://chartdrop@db/chartdrop"


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SECRET_KEY", "DATABASE_URL", "ENVIRONMENT"):
        monkeypatch.delenv(f"CHARTDROP_{name}", raising=False)


@pytest.mark.parametrize(
    ("secret", "reason"),
    [
        ("", "is not set"),
        ("0123456789abcdef0123456789abcde", "only 31 characters"),
        ("change-me-change-me-change-me-change-me", "a placeholder"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a placeholder"),
    ],
)
def test_production_refuses_a_weak_secret(monkeypatch: pytest.MonkeyPatch, secret: str, reason: str) -> None:
    monkeypatch.setenv("CHARTDROP_ENVIRONMENT", "production")
    monkeypatch.setenv("CHARTDROP_SECRET_KEY", secret)

    with pytest.raises(ValidationError, match=reason) as refusal:
        Settings()

    assert not secret or secret not in str(refusal.value)


def test_production_starts_with_a_good_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTDROP_ENVIRONMENT", "production")
    monkeypatch.setenv("CHARTDROP_SECRET_KEY", GOOD)

    assert Settings().environment == "production"


def test_an_env_file_counts(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"CHARTDROP_SECRET_KEY={GOOD}\nCHARTDROP_DATABASE_URL={URL}\nOTHER=1\n")

    assert Settings().database_url == URL


def test_a_server_on_postgresql_needs_a_secret_of_its_owner() -> None:
    with pytest.raises(ValidationError, match="CHARTDROP_SECRET_KEY is not set"):
        Settings(database_url=URL)


@pytest.mark.parametrize("url", ["mysql://db", "sqlite:///x.db", "db"])
def test_a_database_that_is_not_supported_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="postgresql"):
        Settings(database_url=url)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"storage_url": "/srv/objects"}, "must start with file:/// or s3://"),
        ({"broker_url": "amqp://broker"}, "must start with redis://"),
        ({"soft_limit_s": 60, "hard_limit_s": 60}, "CHARTDROP_HARD_LIMIT_S must be more"),
        ({"max_upload_mb": 0}, "greater than or equal to 1"),
    ],
)
def test_what_jobs_need_is_checked_at_start(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Settings(**given)


def test_the_embedded_server_makes_its_secret_once_for_itself_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new" / "server")

    first, second = load_keys(settings), load_keys(settings)

    assert first == second
    path = settings.data_dir / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text().strip()) == 64
    assert list(settings.data_dir.iterdir()) == [path]


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(CannotStart, match="cannot be made"):
        load_keys(Settings(data_dir=tmp_path / "file" / "server"))
