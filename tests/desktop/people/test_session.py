"""Signing in and out, locking by itself, waiting after wrong entries, and what each role may do."""

import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import NotAllowed, PersonUnknown, SignInDelayed, SignInNeeded, SignInRefused
from desktop.people.delay import LONGEST_SECONDS, delay_after, remaining
from desktop.people.roles import RIGHTS, Right
from desktop.vault import feed
from desktop.vault.people import Role, VainTries
from shared.wire.v1.policy import PolicyState
from tests.desktop.conftest import environment
from tests.desktop.people.conftest import DANA_PIN, MINUTE, RAVI_PIN, VERA_PIN, Desk


def enter_wrong(desk: Desk, times: int, name: str = "Ravi") -> SignInRefused:
    for _ in range(times):
        with pytest.raises(SignInRefused) as refused:
            desk.session.sign_in(name, "not this one")
    return refused.value


def test_a_store_that_knows_nobody_has_one_operator_who_may_do_everything(empty_desk: Desk) -> None:
    assert not empty_desk.session.is_locked()
    assert {empty_desk.session.require(right) for right in Right} == {"operator"}


def test_whoever_is_signed_in_acts_by_their_id_and_never_by_their_name(desk: Desk) -> None:
    assert desk.session.is_locked()
    with pytest.raises(SignInNeeded):
        desk.session.require(Right.SEE)

    ravi = desk.session.sign_in("  RAVI ", RAVI_PIN)

    assert desk.session.person() == ravi
    assert desk.session.require(Right.TAKE_IN) == f"person:{ravi.id}"
    with desk.vault.read() as connection:
        from desktop.vault.audit_log import lines

        assert not [line for line in lines(connection) if "Ravi" in line or "Dana" in line]


def test_the_table_of_rights() -> None:
    allowed = {role.value: {right.value for right in rights} for role, rights in RIGHTS.items()}

    assert allowed == {
        "viewer": {"see"},
        "reviewer": {"see", "take_in", "review", "export"},
        "manager": {
            "see",
            "take_in",
            "review",
            "export",
            "set_up",
            "delete",
            "back_up",
            "see_audit",
            "export_audit",
            "manage_people",
        },
    }


@pytest.mark.parametrize(
    ("name", "pin", "role"),
    [("Vera", VERA_PIN, Role.VIEWER), ("Ravi", RAVI_PIN, Role.REVIEWER), ("Dana Ortiz", DANA_PIN, Role.MANAGER)],
)
def test_each_may_do_what_the_table_says_and_what_is_refused_is_written_down(
    desk: Desk, name: str, pin: str, role: Role
) -> None:
    person = desk.session.sign_in(name, pin)
    for right in Right:
        if right in RIGHTS[role]:
            desk.session.require(right, "a document")
        else:
            with pytest.raises(NotAllowed, match=name):
                desk.session.require(right, "a document")

    refused = {entry.details["right"] for entry in desk.entries("act.refused")}
    assert refused == set(Right) - RIGHTS[role]
    assert {(e.actor, e.subject) for e in desk.entries("act.refused")} <= {(person.actor, "a document")}


def test_switching_signs_the_first_out_and_the_second_in(desk: Desk) -> None:
    ravi = desk.session.sign_in("Ravi", RAVI_PIN)
    vera = desk.session.sign_in("Vera", VERA_PIN)

    assert desk.session.person() == vera
    out = desk.entries("person.signed_out")[-1]
    assert (out.actor, out.details["why"]) == (ravi.actor, "switched")
    assert desk.entries("person.signed_in")[-1].actor == vera.actor


def test_a_wrong_entry_leaves_whoever_is_signed_in_where_they_are(desk: Desk) -> None:
    ravi = desk.session.sign_in("Ravi", RAVI_PIN)
    enter_wrong(desk, 1, "Vera")

    assert desk.session.person() == ravi
    with pytest.raises(PersonUnknown):
        desk.session.sign_in("Nobody", RAVI_PIN)


def test_who_touches_nothing_for_ten_minutes_is_signed_out(desk: Desk) -> None:
    ravi = desk.session.sign_in("Ravi", RAVI_PIN)
    desk.clocks.pass_by(9 * MINUTE)
    desk.session.touch()
    desk.clocks.pass_by(9 * MINUTE)
    assert desk.session.person() == ravi

    desk.clocks.pass_by(1 * MINUTE)

    assert desk.session.is_locked()
    with pytest.raises(SignInNeeded):
        desk.session.require(Right.SEE)
    assert desk.entries("person.signed_out")[-1].details["why"] == "idle"
    desk.session.touch()  # too late: a touch unlocks nothing
    assert desk.session.is_locked()


def test_a_sleep_that_only_the_wall_clock_saw_locks_and_turning_it_back_keeps_nobody_in(desk: Desk) -> None:
    desk.session.sign_in("Ravi", RAVI_PIN)
    desk.clocks.wall += timedelta(hours=8)
    assert desk.session.is_locked()

    desk.session.sign_in("Ravi", RAVI_PIN)
    desk.clocks.seconds += 11 * MINUTE
    desk.clocks.wall -= timedelta(days=1)
    assert desk.session.is_locked()


def test_a_removed_person_and_a_changed_role_count_at_once_in_every_process(desk: Desk) -> None:
    elsewhere = Desk(desk.vault, desk.clocks)
    elsewhere.session.sign_in("Dana Ortiz", DANA_PIN)
    desk.session.sign_in("Ravi", RAVI_PIN)

    elsewhere.staff.set_role("Ravi", Role.VIEWER)
    with pytest.raises(NotAllowed):
        desk.session.require(Right.TAKE_IN)
    elsewhere.staff.remove("Ravi")
    with pytest.raises(SignInNeeded):
        desk.session.require(Right.SEE)


def test_after_three_wrong_entries_waits_grow_and_the_right_one_is_not_looked_at_meanwhile(desk: Desk) -> None:
    waits = []
    for _ in range(13):
        waits.append(enter_wrong(desk, 1).wait_seconds)
        desk.clocks.pass_by(waits[-1])

    assert waits == [0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
    enter_wrong(desk, 1)
    with pytest.raises(SignInDelayed, match="15 min") as delayed:
        desk.session.sign_in("Ravi", RAVI_PIN)
    assert delayed.value.wait_seconds == 900
    desk.session.sign_in("Vera", VERA_PIN)  # nobody else has to wait
    desk.clocks.pass_by(900)
    desk.session.sign_in("Ravi", RAVI_PIN)  # never for ever
    assert enter_wrong(desk, 1).wait_seconds == 0  # and the count began anew
    assert [entry.details["wrong_entries"] for entry in desk.entries("person.sign_in_refused")] == [*range(1, 15), 1]


def test_neither_a_restart_nor_the_wall_clock_shortens_a_wait(desk: Desk) -> None:
    enter_wrong(desk, 3)
    desk.restart()
    desk.clocks.wall += timedelta(days=400)

    with pytest.raises(SignInDelayed, match="5 s"):
        desk.session.sign_in("Ravi", RAVI_PIN)
    desk.clocks.seconds = 2.0  # the machine was started anew two seconds ago
    with pytest.raises(SignInDelayed, match="3 s"):
        desk.session.sign_in("Ravi", RAVI_PIN)
    desk.clocks.seconds = 5.0
    desk.session.sign_in("Ravi", RAVI_PIN)


@given(st.integers(0, 10**6), st.floats(0, 10**9), st.floats(0, 10**9))
def test_no_wait_is_longer_than_its_limit_or_shorter_than_nothing(count: int, last_at: float, now: float) -> None:
    left = remaining(VainTries(count, last_at), now)

    assert 0 <= left <= delay_after(count) <= LONGEST_SECONDS
    assert remaining(VainTries(count, last_at), last_at + LONGEST_SECONDS + 1) == 0


SIGN_IN_WITHOUT_A_NETWORK = """
import sys

def refuse(event, _):
    if event.startswith("socket."):
        raise PermissionError(event)

sys.addaudithook(refuse)
from desktop.people.roles import Right
from desktop.services import open_workspace
from desktop.settings import Settings

workspace = open_workspace(Settings(), lambda: None)
person = workspace.session.sign_in("Dana", "482913")
assert workspace.session.require(Right.SEE) == person.actor
workspace.session.lock()
workspace.close()
print("signed in and out")
"""


def test_opening_the_store_and_signing_in_never_touch_the_network(desk: Desk) -> None:
    desk.session.sign_in("Dana Ortiz", DANA_PIN)
    desk.staff.add("Dana", Role.MANAGER, DANA_PIN)
    run = [sys.executable, "-c", SIGN_IN_WITHOUT_A_NETWORK]
    place = environment(CHARTDROP_DATA_DIR=str(desk.vault.folder.root))

    done = subprocess.run(run, env=place, capture_output=True, text=True, timeout=60, check=False)

    assert (done.stdout, done.stderr) == ("signed in and out\n", "")


def test_what_the_organization_lays_down_for_locking_counts_before_the_settings(desk: Desk) -> None:
    with desk.vault.act() as connection:
        feed.keep_policy(connection, PolicyState(lock_minutes=1))
    desk.session.sign_in("Ravi", RAVI_PIN)

    desk.clocks.pass_by(59)
    assert not desk.session.is_locked()
    desk.clocks.pass_by(2)
    assert desk.session.is_locked()
