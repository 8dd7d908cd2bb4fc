"""The whole of sync under whatever may happen: machines, people, clocks, the wire, the server, in random schedules."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.checks import check, kept_by_server
from tests.simulation.clinic import Clinic, found_clinic
from tests.simulation.many import MACHINES, place_in_memory, run, run_many
from tests.simulation.schedule import PAPERS, Schedule

FOUND = json.loads((Path(__file__).parent / "found.json").read_text())
"""Schedules that once failed, each with what was wrong.

What a seed decides changes with the acts that there are: so each fault has a test of its own besides."""
SHORT = range(100, 116)
LONG = range(10_000, 10_000 + int(os.environ.get("CHARTDROP_SCHEDULES", "10000")))


@pytest.fixture(scope="module")
def clinic() -> Iterator[Clinic]:
    with place_in_memory() as place:
        clinic = found_clinic(place, MACHINES)
        yield clinic
        clinic.close()


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


def quiet_schedule(clinic: Clinic) -> Schedule:
    """One in which nothing happens but what the test does."""
    schedule = Schedule(0, clinic)
    schedule.loses = "machines"
    for wire in schedule.wires:
        wire.is_healed = True
    return schedule


def restored_and_at_work(clinic: Clinic) -> Schedule:
    """The first machine synced, was restored from a backup made before that, and went on working."""
    schedule = quiet_schedule(clinic)
    for number in (0, 1):
        for _ in PAPERS:
            schedule.take_in(number)
        schedule.sync(number)
    schedule.back_up_machine(0)
    schedule.correct(0)
    schedule.sync(0)
    schedule.restore_machine(0)
    schedule.correct(0)
    return schedule


def test_a_machine_that_was_restored_from_an_old_backup_goes_on_as_another_and_nothing_is_lost(clinic: Clinic) -> None:
    schedule = restored_and_at_work(clinic)
    machine = clinic.machines[0]
    before = machine.vault.device_id

    done = machine.courier.round()

    assert (done.fault, done.waiting) == (None, 0)
    assert done.note is not None
    assert "restored from a backup" in done.note
    assert machine.vault.device_id != before
    at_server = {one.id for paper in PAPERS for one in kept_by_server(schedule, paper)}
    assert at_server == schedule.made
    schedule.rest()
    check(schedule)


def test_the_same_backup_restored_twice_makes_two_successors(clinic: Clinic) -> None:
    schedule = restored_and_at_work(clinic)
    schedule.sync(0)
    first = clinic.machines[0].vault.device_id
    schedule.correct(0)
    schedule.sync(0)
    schedule.restore_machine(0)
    schedule.correct(0)

    schedule.rest()

    assert clinic.machines[0].vault.device_id != first
    check(schedule)


def test_a_successor_whose_backup_is_restored_has_one_of_its_own(clinic: Clinic) -> None:
    schedule = restored_and_at_work(clinic)
    schedule.sync(0)
    second = clinic.machines[0].vault.device_id
    schedule.back_up_machine(0)
    schedule.correct(0)
    schedule.sync(0)
    schedule.restore_machine(0)
    schedule.correct(0)

    schedule.rest()

    assert clinic.machines[0].vault.device_id != second
    check(schedule)


@pytest.mark.parametrize("forgets_the_shared_part", [False, True])
def test_a_server_restored_to_before_the_succession_hears_of_it_again(
    clinic: Clinic, forgets_the_shared_part: bool
) -> None:
    schedule = quiet_schedule(clinic)
    schedule.take_in(0)
    schedule.sync(0)
    early = schedule.server.back_up()
    schedule.take_in(0)
    schedule.correct(0)
    schedule.sync(0)
    schedule.back_up_machine(0)
    late = schedule.server.back_up()
    schedule.read_again(0)  # gone with both
    schedule.sync(0)
    schedule.restore_machine(0)
    schedule.correct(0)
    schedule.sync(0)
    successor = clinic.machines[0].vault.device_id

    schedule.server.restore(early if forgets_the_shared_part else late)
    schedule.rest()

    assert clinic.machines[0].vault.device_id == successor
    check(schedule)


def test_random_schedules(clinic: Clinic) -> None:
    for seed in SHORT:
        run(seed, clinic)


@pytest.mark.soak
@pytest.mark.timeout(4 * 3600)
def test_thousands_of_random_schedules() -> None:
    assert run_many(LONG, os.cpu_count() or 1, print) == []
