from pathlib import Path

from desktop.journey.hotfolder.backoff import FIRST_SECONDS, LONGEST_SECONDS, TOLD_AGAIN_SECONDS, Backoff

SHARE = Path("/mnt/share")


def test_each_pause_is_twice_the_last_and_none_is_longer_than_the_longest() -> None:
    backoff, now, pauses = Backoff(), 100.0, []
    for _ in range(12):
        backoff.fail(SHARE, "gone", now)
        start = now
        while not backoff.is_due(SHARE, now):
            now += 0.25
        pauses.append(now - start)

    assert pauses[:4] == [FIRST_SECONDS, 1.0, 2.0, 4.0]
    assert pauses[-1] == LONGEST_SECONDS


def test_people_hear_at_once_then_once_a_minute_and_when_it_is_something_else() -> None:
    backoff = Backoff()

    assert backoff.fail(SHARE, "gone", 0.0)
    assert not backoff.fail(SHARE, "gone", 30.0)
    assert backoff.fail(SHARE, "full", 31.0)
    assert not backoff.fail(SHARE, "full", 32.0)
    assert backoff.fail(SHARE, "full", 31.0 + TOLD_AGAIN_SECONDS)
    assert backoff.messages() == ("full",)


def test_what_ends_before_patience_does_is_never_told() -> None:
    backoff = Backoff()

    assert not backoff.fail(SHARE, "busy", 0.0, patience=60.0)
    assert backoff.messages() == ()
    assert not backoff.clear(SHARE)
    assert backoff.is_due(SHARE, 0.0)


def test_a_notice_ends_the_pause() -> None:
    backoff = Backoff()
    backoff.fail(SHARE, "gone", 0.0)

    backoff.hurry(SHARE)

    assert backoff.is_due(SHARE, 0.0)
