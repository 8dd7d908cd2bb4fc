"""The server: the organization sees its documents, and nobody else does."""

import pytest

from tests.journey.conftest import Journey, signed_up

pytestmark = pytest.mark.xdist_group("journey")


def test_a_synced_document_is_a_job_of_origin_desktop(journey: Journey) -> None:
    jobs = [journey.owner.get(f"/api/v1/jobs/{listed['job_id']}").json() for listed in journey.jobs()]
    completed = [job for job in jobs if job["status"] == "completed"]

    assert completed
    for job in completed:
        assert job["origin"] == "desktop"
        assert job["device_id"]
        assert job["progress"] == 1
        assert job["result"]["document_type"] == "hospice_admission"
        assert job["result"]["template"] == {"name": "hospice_admission", "version": 1}
        assert {"fields", "tables", "pages"} <= set(job["result"])
        assert len(job["result"]["pages"]) == job["page_count"]


def test_a_strangers_organization_sees_none_of_it(journey: Journey) -> None:
    stranger = signed_up(journey.server.url, "stranger@example.com")

    assert stranger.get("/api/v1/jobs").json()["items"] == []
    for job in journey.jobs():
        assert stranger.get(f"/api/v1/jobs/{job['job_id']}").status_code == 404


def test_an_api_key_opens_the_jobs_too(journey: Journey) -> None:
    key = journey.owner.post("/api/v1/api-keys", data={"name": "integration"}).json()["key"]
    answer = journey.owner.get("/api/v1/jobs", headers={"X-API-Key": key, "Authorization": ""})

    assert key.startswith("sk_")
    assert answer.status_code == 200
    assert len(answer.json()["items"]) == len(journey.jobs())


def test_usage_counts_every_page_once(journey: Journey) -> None:
    pages = sum(job["page_count"] for job in journey.jobs() if job["status"] == "completed")

    assert journey.owner.get("/api/v1/me").json()["usage"]["pages"] == pages
