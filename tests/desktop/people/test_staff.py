"""Managing people: the first, the last manager, PINs that are taken, and the way back in."""

import pytest

from desktop.errors import NotAllowed, PersonRefused, PersonUnknown, SignInDelayed, SignInRefused
from desktop.people.pins import check_pin
from desktop.vault.people import Role
from tests.desktop.conftest import files_that_tell
from tests.desktop.people.conftest import DANA_PIN, RAVI_PIN, VERA_PIN, Desk


def test_the_first_person_is_a_manager_and_gets_the_recovery_code(empty_desk: Desk) -> None:
    with pytest.raises(PersonRefused, match="first person is a manager"):
        empty_desk.staff.add("Ravi", Role.REVIEWER, RAVI_PIN)

    first = empty_desk.staff.add("Dana Ortiz", Role.MANAGER, DANA_PIN)
    empty_desk.session.sign_in("Dana Ortiz", DANA_PIN)
    second = empty_desk.staff.add("Ravi", Role.REVIEWER, RAVI_PIN)

    assert len((first.recovery_code or "").split("-")) == 5
    assert second.recovery_code is None
    assert [(e.actor, e.details["role"]) for e in empty_desk.entries("person.added")] == [
        ("operator", "manager"),
        (first.person.actor, "reviewer"),
    ]


def test_only_a_manager_manages_and_one_always_stays(desk: Desk) -> None:
    desk.session.sign_in("Ravi", RAVI_PIN)
    for refused in (
        lambda: desk.staff.add("Max", Role.VIEWER, "903311"),
        lambda: desk.staff.set_role("Ravi", Role.MANAGER),
        lambda: desk.staff.remove("Vera"),
        lambda: desk.staff.set_pin("Vera", "903311"),
    ):
        with pytest.raises(NotAllowed):
            refused()
    desk.session.sign_in("Dana Ortiz", DANA_PIN)
    for refused in (
        lambda: desk.staff.remove("Dana Ortiz"),
        lambda: desk.staff.set_role("Dana Ortiz", Role.VIEWER),
    ):
        with pytest.raises(PersonRefused, match="last manager"):
            refused()

    desk.staff.set_role("Ravi", Role.MANAGER)
    desk.staff.remove("Dana Ortiz")

    assert [person.name for person in desk.staff.everybody()] == ["Ravi", "Vera"]
    with pytest.raises(PersonUnknown):
        desk.session.sign_in("Dana Ortiz", DANA_PIN)


def test_a_name_stands_for_one_person_at_a_time(desk: Desk) -> None:
    desk.session.sign_in("Dana Ortiz", DANA_PIN)
    with pytest.raises(PersonRefused, match="works here already"):
        desk.staff.add("  dana   ORTIZ ", Role.VIEWER, RAVI_PIN)
    before = {person.id for person in desk.staff.everybody()}
    desk.staff.remove("Vera")
    again = desk.staff.add("Vera", Role.VIEWER, VERA_PIN)

    assert again.person.id not in before  # what the first Vera did stays hers


def test_everybody_sets_their_own_pin_and_the_old_one_is_over(desk: Desk) -> None:
    vera = desk.session.sign_in("Vera", VERA_PIN)
    desk.staff.set_pin("Vera", "another 1")
    desk.session.lock()

    with pytest.raises(SignInRefused):
        desk.session.sign_in("Vera", VERA_PIN)
    desk.session.sign_in("Vera", "another 1")
    assert desk.entries("person.pin_changed")[-1].actor == vera.actor


def test_a_pin_set_by_a_manager_ends_a_wait(desk: Desk) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            desk.session.sign_in("Ravi", "wrong")
        desk.clocks.pass_by(30)
    with pytest.raises(SignInRefused):
        desk.session.sign_in("Ravi", "wrong")
    desk.session.sign_in("Dana Ortiz", DANA_PIN)
    desk.staff.set_pin("Ravi", RAVI_PIN)

    assert desk.session.sign_in("Ravi", RAVI_PIN).name == "Ravi"


@pytest.mark.parametrize(
    "pin", ["48291", "111111", "123456", "876543", "password", "Dana Ortiz", "x" * 257, "\ud800" * 6]
)
def test_a_pin_that_the_next_desk_would_guess_is_refused(pin: str) -> None:
    with pytest.raises(PersonRefused):
        check_pin(pin, "dana ortiz")


@pytest.mark.parametrize("name", ["", "  ", "a\x00b", "x" * 61])
def test_a_name_that_cannot_be_read_is_refused(empty_desk: Desk, name: str) -> None:
    with pytest.raises(PersonRefused, match="name"):
        empty_desk.staff.add(name, Role.MANAGER, DANA_PIN)


def test_the_recovery_code_lets_a_manager_in_again_once_and_guessing_it_waits(empty_desk: Desk) -> None:
    desk = empty_desk
    code = desk.staff.add("Dana Ortiz", Role.MANAGER, DANA_PIN).recovery_code
    assert code is not None
    for _ in range(3):
        with pytest.raises(SignInRefused):
            desk.staff.recover("Dana Ortiz", "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "a fresh pin")
    with pytest.raises(SignInDelayed):
        desk.staff.recover("Dana Ortiz", code, "a fresh pin")
    desk.clocks.pass_by(5)

    fresh = desk.staff.recover("Dana Ortiz", code.lower().replace("-", " ").replace("0", "o"), "a fresh pin")

    desk.session.sign_in("Dana Ortiz", "a fresh pin")
    desk.session.lock()
    with pytest.raises(SignInRefused):
        desk.staff.recover("Dana Ortiz", code, "another pin")
    desk.staff.recover("Dana Ortiz", fresh, "another pin")
    assert len(desk.entries("person.recovered")) == 2


def test_the_recovery_code_is_for_managers(desk: Desk) -> None:
    with pytest.raises(PersonRefused, match="for managers"):
        desk.staff.recover("Ravi", "any", "a fresh pin")


def test_neither_names_nor_pins_can_be_read_in_any_file(desk: Desk) -> None:
    assert not files_that_tell(desk.vault.folder.root, "Dana Ortiz", "dana ortiz", DANA_PIN, RAVI_PIN, "$argon2id")
