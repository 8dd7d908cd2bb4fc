from pathlib import Path

import pytest

from desktop.journey.hotfolder.stability import Stability, is_passed_over

SCAN = Path("scan.pdf")


def test_a_file_is_whole_once_size_and_time_stood_still_for_the_settle_time() -> None:
    stability = Stability(settle_seconds=2.0)

    assert not stability.is_settled(SCAN, 10, 1, now=0.0)
    assert not stability.is_settled(SCAN, 10, 1, now=1.9)
    assert stability.is_settled(SCAN, 10, 1, now=2.0)


@pytest.mark.parametrize(("size", "modified_ns"), [(11, 1), (10, 2)])
def test_growing_or_being_written_in_place_starts_the_time_anew(size: int, modified_ns: int) -> None:
    stability = Stability(settle_seconds=2.0)
    stability.is_settled(SCAN, 10, 1, now=0.0)

    assert not stability.is_settled(SCAN, size, modified_ns, now=1.9)
    assert not stability.is_settled(SCAN, size, modified_ns, now=3.8)
    assert stability.is_settled(SCAN, size, modified_ns, now=3.9)


@pytest.mark.parametrize("name", ["a.part", "A.TMP", "x.crdownload", "~lock.pdf", ".hidden.pdf"])
def test_names_that_say_not_yet_are_passed_over(name: str) -> None:
    assert is_passed_over(name)


@pytest.mark.parametrize("name", ["a.pdf", "a.part.pdf", "tmp", "a~.png"])
def test_other_names_are_not(name: str) -> None:
    assert not is_passed_over(name)
