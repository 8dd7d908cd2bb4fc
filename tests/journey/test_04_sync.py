"""Sync: the server holds what was read, once, and a server that is away costs nothing."""

import pytest

from tests.journey.conftest import Journey

pytestmark = pytest.mark.xdist_group("journey")


def test_watch_ends_with_everything_synced(journey: Journey) -> None:
    status = journey.desktop.json("status")[0]

    assert status["unsynced"] == 0
    assert status["waiting"] == status["processing"] == 0
    assert status["server"] == journey.server.url
    assert status["last_sync"]


def test_another_round_has_nothing_to_send(journey: Journey) -> None:
    before = journey.jobs()

    assert journey.desktop.run("sync").returncode == 0
    assert journey.jobs() == before


def test_a_server_that_is_down_leaves_everything_in_the_outbox(journey: Journey) -> None:
    port = int(journey.server.url.rsplit(":", 1)[1])
    held = len(journey.jobs())
    journey.server.stop()
    try:
        later = journey.scans / "while the server was away.jpg"
        sample = next(path for path in journey.dropped["scan 1.png"].parent.iterdir() if path.suffix == ".jpg")
        later.write_bytes(sample.read_bytes())

        settled = journey.desktop.json("watch", journey.scans, "--until-idle")
        refused = journey.desktop.run("sync")

        assert [arrival["outcome"] for arrival in settled] == ["processed"]
        assert refused.returncode == 5
        assert "Traceback" not in refused.stderr
        assert journey.desktop.json("status")[0]["unsynced"] == 1
    finally:
        journey.server.start(port)

    assert journey.desktop.run("sync").returncode == 0
    assert journey.desktop.json("status")[0]["unsynced"] == 0
    assert len(journey.jobs()) == held + 1
