"""How often anybody may ask, where the operator says so."""

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from syncserver.app import create_app
from syncserver.settings import Settings
from tests.syncserver.conftest import MovingClock, Owners, parts_of

STRANGER = "sk_test_nobody"


@pytest.fixture
def http(settings: Settings) -> TestClient:
    parts = parts_of(settings.model_copy(update={"rate_limit": "3/hour"}), MovingClock())
    return TestClient(create_app(parts), raise_server_exceptions=False)


def test_who_asks_more_often_is_told_when_to_come_again(http: TestClient, owners: Owners) -> None:
    opens = {"X-API-Key": owners.north.api_key}
    answers = [http.get("/api/v1/jobs", headers=opens) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_requests"
    assert refused.json()["retryable"] is True
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "X-Correlation-ID" in refused.headers


def test_each_key_and_each_address_has_its_own_measure(http: TestClient, owners: Owners) -> None:
    for _ in range(4):
        http.get("/api/v1/jobs", headers={"X-API-Key": owners.north.api_key})

    assert http.get("/api/v1/jobs", headers={"X-API-Key": owners.south.api_key}).status_code == 200
    assert http.get("/api/v1/jobs", headers={"X-API-Key": STRANGER}).status_code == 401
    assert http.get("/api/v1/jobs").status_code == 401


def test_whoever_watches_over_the_server_is_always_answered(http: TestClient) -> None:
    assert 429 not in {http.get("/health").status_code for _ in range(6)}


def test_without_the_setting_nobody_is_held_up(settings: Settings, owners: Owners) -> None:
    http = TestClient(create_app(parts_of(settings, MovingClock())))
    opens = {"X-API-Key": owners.north.api_key}

    assert {http.get("/api/v1/jobs", headers=opens).status_code for _ in range(30)} == {200}


@pytest.mark.parametrize("told", ["600", "20/second", "600/minute", "10000/hour"])
def test_a_rate_is_a_number_of_requests_in_a_time(told: str) -> None:
    assert Settings(rate_limit=told).rate_limit == told


@pytest.mark.parametrize("told", ["often", "0", "-5", "5/fortnight", "5 per moment"])
def test_anything_else_is_refused_by_name(told: str) -> None:
    with pytest.raises(ValidationError, match="must be a number, of requests a minute"):
        Settings(rate_limit=told)
