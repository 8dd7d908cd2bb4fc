"""Statistics: each document once, as it was last read; days by anybody's clocks; what it costs."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from fastapi import Request
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from shared.documents import Reading, failed_reading
from shared.documents.reading import UNKNOWN
from shared.ids import new_id
from shared.wire.v1.sync import DocumentRead
from syncserver.analytics.cost import cost
from syncserver.analytics.counting import rebuild
from syncserver.analytics.days import QUARTERS, added, empty, local_days, parts, quarter_of, summed
from syncserver.analytics.pace import BUCKETS, bucket_of, percentile
from syncserver.analytics.schemas import ErrorCause
from syncserver.analytics.tabular import answer
from syncserver.cli import chartdrop_server
from syncserver.kit.paging import PageOf
from syncserver.usage.schemas import Usage
from tests.syncserver.conftest import SECRET, Server, ordinary_logging
from tests.syncserver.desktop import FILE_NAME, SHA256, Desktop, Json, admission
from tests.syncserver.people import operator
from tests.syncserver.scripted import document
from tests.syncserver.test_usage import put_on_tier

pytestmark = pytest.mark.timeout(60)
ZONES = ("UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago")


def read_at(
    desktop: Desktop, moment: datetime, reading: Reading | None = None, document_id: UUID | None = None
) -> UUID:
    """A document was read on the desktop at that moment, by its clock."""
    reading, document_id = reading or admission(), document_id or new_id()
    desktop.write(
        DocumentRead(
            document_id=document_id,
            sha256=SHA256,
            status="failed" if reading.error else "completed",
            received_at=moment,
            finished_at=moment,
            reading=reading,
        )
    )
    return document_id


def told(server: Server, what: str, who: TestClient | None = None, **wanted: object) -> Json:
    server.follow()
    answer = (who or server.north).get(f"/api/v1/analytics/{what}", params=wanted)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return answer.json()


def in_review(reading: Reading) -> Reading:
    """`reading`, whose first value waits for a person."""
    name = reading.fields["patient_name"]
    assert name is not None
    return replace(reading, fields={"patient_name": replace(name, needs_review=True)})


def furnished(server: Server) -> Desktop:
    """Four documents on a desktop and two at the API: one of each sort."""
    desktop, now = server.desktop(), server.clock()
    read_at(desktop, now, admission(pages=2))
    read_at(desktop, now, in_review(admission(pages=3)))
    read_at(desktop, now, replace(admission(pages=1), document_type=UNKNOWN))
    read_at(desktop, now, failed_reading(FILE_NAME, SHA256, "encrypted", "The file is encrypted."))
    assert desktop.push().status_code == 200
    for script in ({"pages": 4}, {"error": "encrypted"}):
        sent = server.north.post("/api/v1/jobs", files={"file": ("a.pdf", document(**script))})
        assert sent.status_code == 202
    assert server.work() == 2
    return desktop


def test_the_period_in_numbers(server: Server) -> None:
    furnished(server)

    stats = told(server, "stats")

    assert (stats["total_jobs"], stats["completed"], stats["failed"], stats["pages"]) == (6, 4, 2, 10)
    assert stats["success_rate"] == 0.6667
    assert stats["average_confidence"] == pytest.approx(0.9, abs=0.01)
    assert stats["automation"] == {
        "automatic": 2,
        "rate": 0.3333,
        "blocked": {"failed": 2, "unknown_document_type": 1, "values_to_review": 1},
    }
    assert stats["processing_ms"]["p95"] == pytest.approx(1500, rel=0.3)
    assert stats["period"]["days"] == 30
    assert told(server, "stats", server.south)["total_jobs"] == 0


def test_accuracy_by_kind_of_document(server: Server) -> None:
    furnished(server)

    kinds = told(server, "accuracy")["items"]

    assert [(one["document_type"], one["documents"], one["pages"]) for one in kinds] == [
        ("hospice_admission", 3, 9),
        ("unknown", 1, 1),
    ]
    assert (kinds[0]["to_review"], kinds[0]["automatic"], kinds[0]["automation_rate"]) == (1, 2, 0.6667)


def test_errors_by_cause(server: Server) -> None:
    furnished(server)

    errors = told(server, "errors")

    assert errors["failed"] == 2
    assert errors["items"] == [{"code": "encrypted", "documents": 2, "share": 1.0}]


def test_a_document_counts_as_it_was_last_read_and_once(server: Server) -> None:
    desktop, now = server.desktop(), server.clock()
    document_id = read_at(desktop, now - timedelta(days=2), admission(pages=2))
    for _ in range(2):
        desktop.push()
    assert told(server, "stats")["pages"] == 2

    read_at(desktop, now, in_review(admission(pages=5)), document_id)
    desktop.push()
    told(server, "stats")
    with server.parts.database.writing() as session:
        session.execute(text("UPDATE events SET delivered_at = NULL"))  # delivered once more, all of them

    stats = told(server, "stats")
    assert (stats["total_jobs"], stats["pages"], stats["automation"]["automatic"]) == (1, 5, 0)
    days = [day for day in told(server, "jobs-over-time")["items"] if day["total_jobs"]]
    assert [(day["date"], day["pages"]) for day in days] == [(now.date().isoformat(), 5)]


def test_every_day_is_there_also_those_without_documents(server: Server) -> None:
    desktop, now = server.desktop(), server.clock()
    read_at(desktop, now - timedelta(days=3))
    read_at(desktop, now)
    desktop.push()

    days = told(server, "jobs-over-time", days=7)["items"]

    assert [day["date"] for day in days] == [
        (now - timedelta(days=back)).date().isoformat() for back in range(6, -1, -1)
    ]
    assert [day["total_jobs"] for day in days] == [0, 0, 0, 1, 0, 0, 1]
    assert days[0]["processing_ms"]["p50"] is None


def test_a_day_is_that_of_the_zone(server: Server) -> None:
    desktop, now = server.desktop(), server.clock()
    midnight = now.replace(hour=4, minute=0, second=0, microsecond=0) - timedelta(days=2)  # near midnight in New York
    moments = [midnight + timedelta(minutes=15 * quarter) for quarter in range(-8, 8)]
    for moment in moments:
        read_at(desktop, moment)
    desktop.push()

    for zone in ZONES:
        days = told(server, "jobs-over-time", days=7, tz=zone)["items"]
        truth = [moment.astimezone(ZoneInfo(zone)).date().isoformat() for moment in moments]
        assert {day["date"]: day["total_jobs"] for day in days if day["total_jobs"]} == {
            one: truth.count(one) for one in truth
        }


@pytest.mark.parametrize("tz", ["Mars/Olympus", "../../etc/passwd", "/etc/localtime", "America", "", "utc\x00"])
def test_what_is_no_zone_is_refused(server: Server, tz: str) -> None:
    answer = server.north.get("/api/v1/analytics/stats", params={"tz": tz})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_device_with_an_absurd_clock_is_counted_today(server: Server) -> None:
    desktop, now = server.desktop(), server.clock()
    read_at(desktop, now + timedelta(days=400))
    read_at(desktop, datetime(1999, 1, 1, tzinfo=UTC))
    desktop.push()

    assert told(server, "jobs-over-time", days=1)["items"][0]["total_jobs"] == 2


def test_the_same_as_csv(server: Server) -> None:
    desktop = furnished(server)
    read_at(desktop, server.clock(), replace(admission(), document_type='=HYPERLINK("http://x")'))
    desktop.push()
    server.follow()

    def table(what: str) -> list[dict[str, str]]:
        answer = server.north.get(f"/api/v1/analytics/{what}", headers={"Accept": "text/csv, */*;q=0.1"})
        assert answer.headers["Content-Type"].startswith("text/csv")
        return list(csv.DictReader(io.StringIO(answer.text)))

    assert (table("stats")[0]["completed"], table("stats")[0]["automation.blocked.failed"]) == ("5", "2")
    assert len(table("jobs-over-time")) == 30
    assert table("errors") == [{"code": "encrypted", "documents": "2", "share": "1.0"}]
    assert table("accuracy")[1]["document_type"] == """'=HYPERLINK("http://x")"""
    assert table("cost")[0]["by_tier.professional.total"] == "800000"
    south = server.south.get("/api/v1/analytics/errors", headers={"Accept": "text/csv"})
    assert south.text == "code,documents,share\r\n"


@pytest.mark.parametrize("name", ["=1+1", "@SUM(1)", " =1+1", "\u00a0+1", "\uff1d1+1", "\uff20SUM(1)"])
def test_no_spreadsheet_calculates_what_a_device_named(name: str) -> None:
    cause = ErrorCause(code=name, documents=1, share=1.0)
    asked = Request({"type": "http", "headers": [(b"accept", b"text/csv")]})

    shown = bytes(answer(asked, PageOf(items=[cause], next_cursor=None), ErrorCause).body).decode()

    assert shown == f"code,documents,share\r\n'{name},1,1.0\r\n"


def test_what_the_month_costs(server: Server) -> None:
    put_on_tier(server, server.owners.north.organization_id, "starter")
    desktop = server.desktop()
    desktop.read(reading=admission(pages=10_100))
    desktop.push()

    told_cost = told(server, "cost")

    assert (told_cost["base"], told_cost["extra"], told_cost["total"]) == (200_000, 2_000, 202_000)
    assert (told_cost["pages"], told_cost["documents"], told_cost["per_document"]) == (10_100, 1, 202_000)
    assert told_cost["per_page"] == 20
    assert told_cost["calls"] >= 1
    assert told_cost["per_call"] == round(202_000 / told_cost["calls"], 4)
    assert told_cost["projected_pages"] >= 10_100
    assert told_cost["by_tier"]["professional"]["total"] == 800_000


def test_a_projection_goes_on_at_the_pace_so_far() -> None:
    start, end = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    usage = Usage(
        period_start=start,
        period_end=end,
        pages=6_000,
        documents=60,
        included_pages=10_000,
        is_bounded=False,
        extra_pages=0,
    )

    told_cost = cost("starter", usage, 600, start + timedelta(days=10))

    assert (told_cost.projected_pages, told_cost.total) == (18_000, 200_000)
    assert told_cost.projected_total == 200_000 + 8_000 * 20
    assert (told_cost.per_call, told_cost.per_document, told_cost.per_page) == (333.3333, 3333.3333, 33.3333)
    assert cost("trial", usage, 0, start).total == 0


def test_the_operators_totals_do_not_count_a_document_twice(server: Server) -> None:
    desktop = furnished(server)
    read_at(desktop, server.clock(), document_id=desktop.outbox[0].payload.document_id)  # type: ignore[union-attr]
    desktop.push()
    server.north.post("/api/v1/jobs", files={"file": ("a.pdf", document())})
    server.follow()

    stats = operator(server).http.get("/api/v1/admin/stats").json()

    assert (stats["jobs"], stats["completed"], stats["failed"]) == (7, 4, 2)


def test_rebuilding_comes_to_the_same(server: Server) -> None:
    furnished(server)
    before = {what: told(server, what) for what in ("stats", "jobs-over-time", "accuracy", "errors")}
    organization_id = server.owners.north.organization_id

    for _ in range(2):
        with server.parts.database.writing() as session:
            number = rebuild(session, server.parts.keys, organization_id, server.clock())

    assert number == 6
    after = {what: told(server, what) for what in before}
    for one in (*before.values(), *after.values()):
        one["period"] = None
    assert after == before


def test_the_command_rebuilds_what_was_read_before_there_were_statistics(server: Server) -> None:
    furnished(server)
    server.follow()
    with server.parts.database.writing() as session:
        for table in ("counted_readings", "reading_days", "reading_totals"):
            session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    assert told(server, "stats")["total_jobs"] == 0

    settings = server.settings()
    place = ["--data-dir", str(settings.data_dir)]
    place += ["--database-url", settings.database_url] if settings.database_url else []
    with ordinary_logging():
        result = CliRunner().invoke(
            chartdrop_server, ["rebuild-analytics", *place], env={"CHARTDROP_SECRET_KEY": SECRET}
        )

    assert result.exit_code == 0, result.output
    assert "documents 6 counted" in result.output
    assert told(server, "stats")["total_jobs"] == 6


@given(now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), zone=st.sampled_from(ZONES))
def test_days_of_a_zone_leave_no_quarter_out_and_take_none_twice(now: datetime, zone: str) -> None:
    days = local_days(now.replace(tzinfo=UTC), 9, ZoneInfo(zone))

    assert days[-1].start <= now.replace(tzinfo=UTC) < days[-1].end
    taken = [(day, place) for one in days for day, first, end in parts(one) for place in range(first, end)]
    assert len(taken) == len(set(taken)) == (days[-1].end - days[0].start) / timedelta(minutes=15)
    assert all(0 <= place < QUARTERS for _, place in taken)
    assert taken[0] == (quarter_of(days[0].start).day, quarter_of(days[0].start).place)


def test_a_day_on_which_the_clocks_change_has_23_or_25_hours() -> None:
    zone = ZoneInfo("America/New_York")
    [spring] = local_days(datetime(2026, 3, 8, 12, tzinfo=UTC), 1, zone)
    [autumn] = local_days(datetime(2026, 11, 1, 12, tzinfo=UTC), 1, zone)

    assert (spring.day, spring.end - spring.start) == (date(2026, 3, 8), timedelta(hours=23))
    assert autumn.end - autumn.start == timedelta(hours=25)


def test_counters_fall_no_lower_than_0_and_rise_no_higher_than_they_can() -> None:
    counts = added(empty(2), 95, {0: 5, 1: 2**32})
    counts = added(counts, 95, {0: -6, 1: 1})

    assert summed(counts, 0, QUARTERS) == [0, 2**32 - 1]
    assert summed(counts, 0, 95) == [0, 0]


@given(durations=st.lists(st.integers(120, 2_000_000), min_size=1, max_size=200), share=st.sampled_from([0.5, 0.95]))
def test_percentiles_err_by_no_more_than_a_bucket(durations: list[int], share: float) -> None:
    buckets = [0] * BUCKETS
    for ms in durations:
        buckets[bucket_of(ms)] += 1

    estimated = percentile(buckets, share)

    exact = sorted(durations)[max(int(-(-share * len(durations) // 1)) - 1, 0)]
    assert estimated is not None
    assert exact / 1.31 <= estimated <= exact * 1.31


def test_nothing_has_no_percentile() -> None:
    assert percentile([0] * BUCKETS, 0.5) is None
