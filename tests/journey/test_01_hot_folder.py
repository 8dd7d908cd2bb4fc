"""The drop folder: every file that arrives is settled in exactly one place."""

import pytest

from tests.journey.conftest import Journey

pytestmark = pytest.mark.xdist_group("journey")


def test_what_was_read_lies_in_processed_unchanged(journey: Journey) -> None:
    processed = {path.name: path for path in (journey.scans / "Processed").iterdir()}
    read = {arrival["file_name"] for arrival in journey.settled if arrival["outcome"] == "processed"}

    assert set(processed) == read
    for name, path in processed.items():
        assert path.read_bytes() == journey.dropped[name].read_bytes()


def test_a_second_copy_lies_in_duplicates_and_is_no_failure(journey: Journey) -> None:
    copies = {"scan 1.png", "again.png"}
    duplicates = {path.name for path in (journey.scans / "Duplicates").iterdir()}

    assert len(duplicates) == 1
    assert duplicates < copies
    assert journey.arrival(duplicates.pop())["outcome"] == "duplicate"


@pytest.mark.parametrize(("name", "code"), [("empty.pdf", "file_empty"), ("letter.pdf", "file_type_unsupported")])
def test_what_cannot_be_read_lies_in_failed_with_the_reason_beside_it(journey: Journey, name: str, code: str) -> None:
    failed = journey.scans / "Failed"
    reason = (failed / f"{name}.error.txt").read_text()

    assert (failed / name).is_file()
    assert name in reason
    assert journey.arrival(name)["error"]["code"] == code
    assert journey.arrival(name)["error"]["message"] in reason


def test_a_file_that_is_still_arriving_is_left_alone(journey: Journey) -> None:
    assert (journey.scans / "still arriving.part").read_bytes() == b"half a scan"


def test_nothing_else_is_left_in_the_folder(journey: Journey) -> None:
    left = {path.name for path in journey.scans.iterdir()}

    assert left == {"Processed", "Failed", "Duplicates", "still arriving.part"}
