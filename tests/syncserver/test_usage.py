"""Usage: each page counted once, told apart by device, person and template; where the trial ends."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from syncserver.analytics.models import ReadingTotal
from syncserver.tenants.models import Organization
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import Json, admission
from tests.syncserver.people import joined, owner_of_north
from tests.syncserver.scripted import document

pytestmark = pytest.mark.timeout(60)


def send(server: Server, pages: int = 1, **more: object) -> Json:
    return server.north.post("/api/v1/jobs", files={"file": ("a.pdf", document(pages=pages, **more))})


def usage(server: Server, by: str = "template", **more: str) -> Json:
    server.follow()
    answer = server.north.get("/api/v1/usage", params={"by": by} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def most(server: Server, by: str) -> dict[str | None, tuple[int, int]]:
    return {one["id"]: (one["pages"], one["documents"]) for one in usage(server, by)["most"]["items"]}


def put_on_tier(server: Server, organization_id: UUID, tier: str) -> None:
    with server.parts.database.writing() as session:
        session.get_one(Organization, organization_id).tier = tier


def test_pages_are_told_apart_by_device_person_and_template(server: Server) -> None:
    ward, desk = server.desktop(), server.desktop()
    ward.read(reading=admission(pages=3))
    desk.read(reading=admission(pages=4))
    assert ward.push().status_code == desk.push().status_code == 200
    send(server, 5)
    assert server.work() == 1
    owner = owner_of_north(server).id

    assert most(server, "device") == {None: (5, 1), str(desk.id): (4, 1), str(ward.id): (3, 1)}
    assert most(server, "person") == {None: (7, 2), owner: (5, 1)}
    assert most(server, "template") == {"hospice_admission": (12, 3)}
    month = usage(server)
    assert (month["pages"], month["documents"]) == (12, 3)
    assert server.north.get("/api/v1/me").json()["usage"]["pages"] == 12


def test_what_comes_by_the_score_counts_as_if_it_came_one_by_one(server: Server) -> None:
    desktop = server.desktop()
    ids = [desktop.read(reading=admission(pages=1 + number % 3)) for number in range(20)]
    for document_id in ids[:5]:
        desktop.read(document_id, admission(pages=7))
    desktop.fail()

    for _ in range(2):  # and again: what is told of twice is counted once
        assert desktop.push().status_code == 200
        assert most(server, "device") == {str(desktop.id): (39 + 5 * 7, 26)}
        assert most(server, "template") == {"hospice_admission": (74, 25), "unknown": (0, 1)}

    with server.parts.database.reading() as session:
        total = session.get_one(ReadingTotal, server.owners.north.organization_id)
    assert (total.completed, total.failed) == (20, 1)


def test_pages_that_come_ahead_of_their_document_find_its_template(server: Server) -> None:
    desktop = server.desktop()
    desktop.read(reading=admission(pages=3))
    read, audited, counted = desktop.outbox
    desktop.outbox = [
        row.model_copy(update={"sequence": place}) for place, row in enumerate((counted, audited, read), 1)
    ]
    desktop.push(desktop.outbox[:1])
    assert most(server, "template") == {None: (3, 1)}

    desktop.push(desktop.outbox[1:])

    assert most(server, "template") == {"hospice_admission": (3, 1)}
    assert usage(server)["pages"] == 3


def test_repeated_deliveries_count_nothing_twice_and_a_second_reading_counts_again(server: Server) -> None:
    desktop = server.desktop()
    document_id = desktop.read(reading=admission(pages=3))
    for _ in range(3):
        assert desktop.push().status_code == 200
    with server.parts.database.writing() as session:  # as after a restored backup, or an outbox delivered twice
        server.follow()
        session.execute(text("UPDATE events SET delivered_at = NULL"))
    assert usage(server)["pages"] == 3

    desktop.read(document_id, admission(pages=3))
    desktop.push()

    assert (usage(server)["pages"], usage(server)["documents"]) == (6, 2)


def test_the_month_counts_in_utc_and_earlier_ones_stay(server: Server) -> None:
    desktop = server.desktop()
    desktop.read(reading=admission(pages=3))
    desktop.push()
    server.follow()
    this_month = server.clock().strftime("%Y-%m")
    with server.parts.database.writing() as session:
        session.execute(text("UPDATE usage_days SET day = :day").bindparams(day=date(2026, 2, 28)))

    assert usage(server, month="2026-02")["pages"] == 3
    assert usage(server, month="2026-02")["period_end"] == datetime(2026, 3, 1, tzinfo=UTC).isoformat().replace(
        "+00:00", "Z"
    )
    assert usage(server, month=this_month)["pages"] == 0
    assert server.north.get("/api/v1/usage", params={"month": "2026-13"}).status_code == 422


def test_the_trial_ends_before_more_is_taken_than_it_has_pages(server: Server) -> None:
    send(server, 97)
    server.work()
    server.follow()
    batch = [("files", ("1.pdf", document(pages=1)))] * 4

    refused = server.north.post("/api/v1/batches", files=batch, data={"name": "Monday"})
    taken = server.north.post("/api/v1/batches", files=batch[:3], data={"name": "Monday"})
    beyond = send(server)

    assert (refused.status_code, refused.json()["code"]) == (402, "trial_used_up")
    assert "97 are used up" in refused.json()["detail"]
    assert taken.status_code == 202
    assert (beyond.status_code, beyond.json()["code"]) == (402, "trial_used_up")
    assert "3 files wait" in beyond.json()["detail"]
    assert server.work() == 3


def test_a_request_that_comes_again_is_answered_although_the_trial_is_used_up_meanwhile(server: Server) -> None:
    send(server, 99)
    server.work()
    server.follow()
    files, once = {"file": ("a.pdf", document(pages=1))}, {"Idempotency-Key": "one"}

    first, again = (server.north.post("/api/v1/jobs", files=files, headers=once) for _ in range(2))

    assert (first.status_code, again.json()) == (202, first.json())
    assert send(server).status_code == 402
    assert server.work() == 1


def test_desktops_are_never_refused_and_nothing_of_theirs_is_lost(server: Server) -> None:
    desktop = server.desktop()
    desktop.read(reading=admission(pages=150))
    assert desktop.push().status_code == 200
    server.follow()
    assert send(server).status_code == 402

    later = desktop.read(reading=admission(pages=2))

    assert desktop.push().status_code == 200
    assert server.north.get(f"/api/v1/jobs/{later}").status_code == 200
    month = usage(server)
    assert (month["pages"], month["is_bounded"], month["extra_pages"]) == (152, True, 52)


def test_a_tier_charges_for_further_pages_instead(server: Server) -> None:
    put_on_tier(server, server.owners.north.organization_id, "starter")
    desktop = server.desktop()
    desktop.read(reading=admission(pages=10_100))
    desktop.push()

    month = usage(server)

    assert (month["included_pages"], month["is_bounded"], month["extra_pages"]) == (10_000, False, 100)
    assert send(server).status_code == 202


def test_others_pages_are_not_shown(server: Server) -> None:
    desktop = server.desktop()
    desktop.read()
    desktop.push()
    server.follow()

    assert server.south.get("/api/v1/usage").json()["pages"] == 0
    assert joined(server, "read_only").http.get("/api/v1/usage").json()["pages"] == 2


def test_the_log_says_how_many_pages_a_job_had(server: Server) -> None:
    send(server, 4)
    server.work()

    [done] = server.north.get("/api/v1/audit", params={"action": "job.completed"}).json()["items"]

    assert done["details"]["pages"] == usage(server)["pages"] == 4
