"""What the doctor of either product says of a machine, and of what it cannot look at."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.doctor import Finding, as_words, examine, examine_all, is_fault
from shared.doctor.connection import certificate, clocks
from shared.doctor.machine import disk, memory, processor
from shared.errors import ChartdropError
from syncserver.kit.certificates import SERVER, make_certificates

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WELL = Finding("memory", "well", "8.0 GB.")


def test_one_check_that_fails_keeps_no_other_from_being_made() -> None:
    def refuses() -> Iterable[Finding]:
        raise ChartdropError("The disk is on fire.")

    def breaks() -> Iterable[Finding]:
        raise KeyError("patient")

    found = list(examine([("disk", refuses), ("keyring", breaks), ("memory", lambda: [WELL])]))

    assert [(one.check, one.state) for one in found] == [("disk", "fault"), ("keyring", "fault"), ("memory", "well")]
    assert found[0].message == "The disk is on fire."
    assert "patient" not in found[1].message, "what an unknown fault says may hold anything"


def test_settings_that_are_wrong_are_a_finding_too() -> None:
    def unset() -> list[tuple[str, object]]:
        raise ChartdropError("CHARTDROP_SECRET_KEY is not set.")

    assert list(examine_all("settings", unset)) == [  # type: ignore[arg-type]  # it never returns
        Finding("settings", "fault", "CHARTDROP_SECRET_KEY is not set.")
    ]


def test_warnings_are_no_faults_and_words_say_what_to_do() -> None:
    warning = Finding("data_folder", "warning", "It is open to others.", "Close it.")

    assert not is_fault([WELL, warning])
    assert is_fault([warning, Finding("disk", "fault", "Full.")])
    assert " ".join(as_words(warning).split()) == "warning data folder It is open to others. Close it."


def test_this_machine_has_what_the_suite_needs_of_it(tmp_path: Path) -> None:
    not_there = tmp_path / "not" / "there"
    found = [*processor(), *memory(), *disk(not_there)]

    assert [one.check for one in found] == ["processor", "memory", "disk"]
    assert not is_fault(found)
    assert str(not_there) in found[2].message
    assert not not_there.exists()


@pytest.mark.parametrize(
    ("later", "state"), [(timedelta(0), "well"), (timedelta(days=380), "warning"), (timedelta(days=400), "fault")]
)
def test_a_certificate_is_renewed_before_it_ends(tmp_path: Path, later: timedelta, state: str) -> None:
    make_certificates(tmp_path, ["sync.clinic.local"], NOW)

    [found] = certificate((tmp_path / SERVER).read_bytes(), NOW + later, "Renew it.")

    assert found.state == state
    assert found.remedy == ("" if state == "well" else "Renew it.")


@pytest.mark.parametrize(("seconds", "state"), [(5, "well"), (-5, "well"), (90, "warning"), (-900, "fault")])
def test_clocks_that_are_apart_are_told_with_which_is_ahead(seconds: int, state: str) -> None:
    [found] = clocks(NOW + timedelta(seconds=seconds), NOW, "the server")

    assert found.state == state
    if state != "well":
        assert f"{abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} that of the server" in found.message
