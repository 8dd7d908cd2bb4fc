"""What every answer has in common, the pages for readers of the API, and health."""

import asyncio
import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, event, text
from starlette.types import Message

from syncserver.app import create_app
from syncserver.kit.http import RequestFrame
from syncserver.kit.metrics import Metrics
from syncserver.settings import Settings
from tests.syncserver.conftest import Server
from tests.syncserver.desktop import Desktop

pytestmark = pytest.mark.timeout(60)


def test_every_error_is_a_problem(server: Server) -> None:
    answers = [
        server.http.get("/nowhere"),
        server.http.put("/api/v1/login"),
        server.http.post("/api/v1/register", content=b"{", headers={"Content-Type": "application/json"}),
        server.http.post("/api/v1/register", content=b"x" * (1024 * 1024 + 1)),
        server.http.get("/api/v1/jobs"),
    ]

    assert [answer.status_code for answer in answers] == [404, 405, 422, 413, 401]
    for answer in answers:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert problem["status"] == answer.status_code
        assert problem["title"]
        assert re.fullmatch("[a-z_]+", problem["code"])
        assert problem["detail"].endswith(".")


def test_a_body_without_a_length_is_cut_off_at_the_limit_too(server: Server) -> None:
    chunks = (b" " * 65536 for _ in range(20))

    answer = server.http.post("/api/v1/register", content=chunks, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_body_that_stops_coming_is_given_up(server: Server) -> None:
    frame = RequestFrame(server.http.app, Metrics(lambda: 0.0), body_wait_s=0.1)
    chunks: list[Message] = [{"type": "http.request", "body": b"{", "more_body": True}]
    sent: list[Message] = []

    async def receive() -> Message:
        if chunks:
            return chunks.pop()
        await asyncio.sleep(10)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"testserver"), (b"content-type", b"application/json")]
    path = "/api/v1/register"
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b"", "root_path": ""}
    asyncio.run(frame(scope, receive, send))

    assert sent[0]["status"] == 408
    assert b'"body_too_slow"' in sent[1]["body"]


def test_a_correlation_id_goes_from_the_request_to_the_answer(server: Server) -> None:
    given = server.http.get("/", headers={"X-Correlation-ID": "desk-0001-abcd"})
    forged = server.http.get("/", headers={"X-Correlation-ID": "a\tb" * 50})

    assert given.headers["X-Correlation-ID"] == "desk-0001-abcd"
    assert re.fullmatch("[0-9a-f]{16}", forged.headers["X-Correlation-ID"])


def test_web_pages_of_other_origins_are_let_in_by_name_alone(server: Server) -> None:
    parts = replace(
        server.parts, settings=Settings(data_dir=server.settings().data_dir, cors_origins="https://a.example")
    )
    http = TestClient(create_app(parts))

    allowed = [
        http.get("/", headers={"Origin": origin}).headers.get("Access-Control-Allow-Origin")
        for origin in ("https://a.example", "https://b.example")
    ]

    assert allowed == ["https://a.example", None]


def test_every_answer_carries_the_security_headers(server: Server) -> None:
    for path in ("/", "/api/docs", "/nowhere", "/api/v1/me"):
        headers = server.http.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_the_root_says_where_to_look(server: Server) -> None:
    root = server.http.get("/").json()

    assert root["name"] == "Chartdrop"
    assert root["version"]
    assert all(server.http.get(link).status_code == 200 for link in root["links"].values())


@pytest.mark.parametrize("page", ["/api/docs", "/api/redoc"])
def test_the_pages_and_all_they_load_come_from_this_server(server: Server, page: str) -> None:
    html = server.http.get(page)
    loaded = re.findall(r'(?:src|href|spec-url)="([^"]+)"', html.text)

    assert html.headers["content-type"].startswith("text/html")
    assert len(loaded) >= 3
    assert "//" not in html.text
    assert "<script>" not in html.text
    for address in loaded:
        assert address.startswith("/api/")
        assert server.http.get(address).status_code == 200


def test_the_pages_may_ask_no_foreign_host(server: Server) -> None:
    for page in ("/api/docs", "/api/redoc"):
        policy = server.http.get(page).headers["Content-Security-Policy"]
        assert "http" not in policy
        assert "script-src 'self';" in policy
        assert "connect-src 'self';" in policy
    assert "validatorUrl: null" in server.http.get("/api/docs-assets/swagger.js").text
    assert "cdn.redoc.ly" not in server.http.get("/api/docs-assets/redoc.standalone.js").text
    assert server.http.get("/api/docs-assets/..%2f..%2fsettings.py").status_code == 404


def test_the_openapi_document_points_at_nothing_that_is_missing(server: Server) -> None:
    answer = server.http.get("/api/openapi.json")
    wanted = set(re.findall(r'"#/components/schemas/([^"]+)"', answer.text))

    assert wanted <= set(answer.json()["components"]["schemas"])
    assert {"Problem", "PushRequest", "Operation", "Reading"} <= wanted | set(answer.json()["components"]["schemas"])


def test_an_answer_is_sent_only_after_the_commit(server: Server) -> None:
    code = server.north.post("/api/v1/devices/enrolment-codes").json()["code"]
    desktop = Desktop(server.http)
    commits = []

    def refuse_the_second(connection: Connection) -> None:  # the first counts the attempt
        commits.append(connection.get_execution_options().get("immediate", False))
        if commits.count(True) == 2:
            raise OSError("the disk is full")

    event.listen(server.parts.database.engine, "commit", refuse_the_second)
    try:
        refused = desktop.enrol(code)
    finally:
        event.remove(server.parts.database.engine, "commit", refuse_the_second)

    assert (refused.status_code, refused.json()["code"]) == (500, "unexpected")
    assert server.north.get("/api/v1/devices").json()["items"] == []
    assert desktop.enrol(code).status_code == 201


def test_health_is_ok_when_everything_works(server: Server) -> None:
    answer = server.http.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": {"database": "ok", "storage": "ok", "queue": "ok"}}


def test_health_says_which_part_does_not_work(server: Server) -> None:
    with server.parts.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE events RENAME TO lost"))

    answer = server.http.get("/health")

    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "checks": {"database": "ok", "storage": "ok", "queue": "failing"},
    }
    with server.parts.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE lost RENAME TO events"))
