from pathlib import Path

import pytest

from desktop.errors import WatchRefused
from desktop.journey.hotfolder.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path)
    places.make()
    return places


def test_a_name_that_is_taken_gets_the_first_free_number(places: Places) -> None:
    (places.root / "Failed" / "scan.pdf").touch()
    (places.root / "Failed" / "scan (2).pdf.error.txt").touch()

    assert places.free_name("Failed", "scan.pdf").name == "scan (3).pdf"
    assert places.free_name("Processed", "scan.pdf").name == "scan.pdf"


def test_a_name_of_full_length_still_has_room_for_its_number_and_reason(places: Places) -> None:
    name = "ä" * 125 + ".pdf"
    source = places.root / name
    for number in range(2):
        source.write_bytes(b"abc")
        destination = places.free_name("Failed", name)
        places.explain(destination, "why")
        places.put(source, destination)
        assert destination.read_bytes() == b"abc", number

    assert len(list((places.root / "Failed").iterdir())) == 4


def test_what_lies_there_already_is_never_written_over(places: Places) -> None:
    source, there = places.root / "scan.pdf", places.root / "Processed" / "scan.pdf"
    source.write_bytes(b"new")
    there.write_bytes(b"old")

    with pytest.raises(FileExistsError):
        places.put(source, there)

    assert there.read_bytes() == b"old"
    assert source.read_bytes() == b"new"


def test_a_move_that_a_crash_cut_in_two_goes_on(places: Places) -> None:
    source, there = places.root / "scan.pdf", places.root / "Processed" / "scan.pdf"
    source.write_bytes(b"new")
    there.touch()  # the name that the first try kept free

    places.put(source, there)

    assert there.read_bytes() == b"new"
    assert not source.exists()


def test_a_file_that_vanished_leaves_no_empty_one_behind(places: Places) -> None:
    with pytest.raises(FileNotFoundError):
        places.put(places.root / "gone.pdf", places.root / "Processed" / "gone.pdf")

    assert not any((places.root / "Processed").iterdir())


def test_a_place_that_is_a_link_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "Failed").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(WatchRefused, match="link"):
        Places(tmp_path / "scans").make()
