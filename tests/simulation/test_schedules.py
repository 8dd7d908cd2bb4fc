"""The whole of sync under whatever may happen: machines, people, clocks, the wire, the server, in random schedules."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.errors import ServerRefused
from tests.simulation.checks import check, held_by, kept_by_server, told
from tests.simulation.clinic import Clinic, found_clinic
from tests.simulation.schedule import PAPERS, Schedule

FOUND = json.loads((Path(__file__).parent / "found.json").read_text())
"""Schedules that once failed, each with what was wrong.

What a seed decides changes with the acts that there are: so each fault has a test of its own besides."""
SHORT = range(100, 116)
LONG = 10_000
_PARTS = 10


@pytest.fixture(scope="module")
def clinic() -> Iterator[Clinic]:
    """In memory, where there is such a folder: power cuts are simulated, and fsync need not be paid for."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as place:
        clinic = found_clinic(Path(place), count=3)
        yield clinic
        clinic.close()


def run(seed: int, clinic: Clinic) -> None:
    schedule = Schedule(seed, clinic)
    try:
        schedule.run()
        check(schedule)
    except Exception as error:
        raise AssertionError(f"schedule {seed}:\n" + "\n".join(schedule.log)) from error


@pytest.mark.parametrize("found", FOUND, ids=lambda found: str(found["seed"]))
def test_a_schedule_that_once_failed(found: dict[str, object], clinic: Clinic) -> None:
    run(int(str(found["seed"])), clinic)


def test_a_server_that_was_restored_gets_again_what_it_lost_from_a_machine_with_nothing_new(clinic: Clinic) -> None:
    schedule = Schedule(0, clinic)
    for wire in schedule.wires:
        wire.is_healed = True
    schedule.sync(0)
    backup = schedule.server.back_up()
    schedule.take_in(0)
    schedule.sync(0)
    schedule.server.restore(backup)

    schedule.rest()

    check(schedule)


def test_a_machine_that_was_restored_from_an_old_backup_is_recognised_and_nothing_is_changed_by_it(
    clinic: Clinic,
) -> None:
    schedule = Schedule(0, clinic)
    for wire in schedule.wires:
        wire.is_healed = True
    machine, other = clinic.machines[:2]
    for number in (0, 1):
        for _ in PAPERS:
            schedule.take_in(number)
        schedule.sync(number)
    backup = machine.back_up()
    schedule.correct(0)
    schedule.sync(0)
    machine.restore(backup)
    schedule.correct(0)
    waiting = len(told(machine.vault))

    done = machine.courier.round()

    assert isinstance(done.fault, ServerRefused)
    assert done.fault.problem_code == "sequence_reused"
    assert len(told(machine.vault)) == waiting, "what was done since still stands in its outbox"
    schedule.sync(1)
    last = next(iter(schedule.made))
    held = {one.id for paper in PAPERS for one in (held_by(other.vault, paper) or ())}
    at_server = {one.id for paper in PAPERS for one in kept_by_server(schedule, paper)}
    assert at_server == {last}
    assert held <= at_server


def test_random_schedules(clinic: Clinic) -> None:
    for seed in SHORT:
        run(seed, clinic)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(_PARTS))
def test_thousands_of_random_schedules(clinic: Clinic, part: int) -> None:
    for seed in range(LONG + part, 2 * LONG, _PARTS):
        run(seed, clinic)
