"""The organization's people at a shared machine, over the real server."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update

from desktop.errors import NotAllowed, PersonRefused, PersonUnknown, SignInNeeded
from desktop.journey.sync.enrol import SignIn, enrol, forget
from desktop.journey.sync.push import Courier
from desktop.people.roles import Right
from desktop.people.session import Session
from desktop.people.staff import Staff
from desktop.vault import feed
from desktop.vault.audit_log import lines
from desktop.vault.connection import Vault
from desktop.vault.people import Role
from desktop.vault.schema import members, people
from shared.audit import AuditEntry, entry_from_json
from shared.wire.v1.pull import Cursor
from tests.desktop.journey.sync.test_pull import administrator
from tests.desktop.journey.sync.test_push import PASSWORD, owner_of_a_new_organization

V1 = "/api/v1"
DANA_PIN, NORA_PIN, OWNER_PIN = "482913", "a quiet word", "770412"


@dataclass
class Ward:
    """A shared machine of the organization; Dana, whom only this machine knows, manages and is signed in."""

    vault: Vault
    admin: httpx.Client
    recovery_code: str
    session: Session
    staff: Staff

    def sync(self) -> None:
        done = Courier(self.vault).round()
        assert (done.fault, done.waiting) == (None, 0)

    def join(self, role: str, name: str = "Nora Newcomer") -> str:
        """Somebody joins the organization; their id."""
        email = f"{uuid4().hex}@example.com"
        token = self.admin.post(f"{V1}/invitations", json={"email": email, "role": role}).json()["token"]
        acceptance = {"token": token, "full_name": name, "password": PASSWORD}
        joined = self.admin.post(f"{V1}/invitations/accept", json=acceptance)
        assert joined.status_code == 201, joined.text
        everybody = self.admin.get(f"{V1}/users", params={"limit": 100}).json()["items"]
        return next(str(one["id"]) for one in everybody if one["email"] == email)

    def change(self, person_id: str, **wanted: object) -> None:
        """The organization changes its mind about somebody, and the machine hears of it."""
        assert self.admin.patch(f"{V1}/users/{person_id}", json=wanted).status_code == 200
        self.sync()

    def entries(self, action: str) -> list[AuditEntry]:
        with self.vault.read() as connection:
            entries = [entry_from_json(line).entry for line in lines(connection)]
        return [entry for entry in entries if entry.action == action]


@pytest.fixture
def ward(vault: Vault, server_url: str) -> Iterator[Ward]:
    email = f"{uuid4().hex}@example.com"
    owner_of_a_new_organization(server_url, email)
    enrol(vault, server_url, SignIn(email, PASSWORD), allow_insecure=False)
    session = Session(vault, 600.0)
    staff = Staff(vault, session)
    code = staff.add("Dana Ortiz", Role.MANAGER, DANA_PIN).recovery_code or ""
    session.sign_in("Dana Ortiz", DANA_PIN)
    admin = administrator(server_url, email)
    yield Ward(vault, admin, code, session, staff)
    admin.close()


def test_whom_a_manager_admits_works_here_under_the_id_and_role_of_the_organization(ward: Ward) -> None:
    nora = ward.join("member")
    ward.sync()

    names = [(one.member.name, one.member.role, one.is_admitted) for one in ward.staff.organization()]
    assert names == [("Dana Owner", Role.MANAGER, False), ("Nora Newcomer", Role.REVIEWER, False)]
    person = ward.staff.admit("nora  newcomer", NORA_PIN)

    assert (str(person.id), person.role) == (nora, Role.REVIEWER)
    assert [one.is_admitted for one in ward.staff.organization()] == [False, True]
    [entry] = ward.entries("person.admitted")
    assert (entry.subject, entry.details) == (nora, {"role": "reviewer"})
    ward.session.sign_in("Nora Newcomer", NORA_PIN)
    assert ward.session.require(Right.REVIEW) == f"person:{nora}"
    with pytest.raises(NotAllowed):
        ward.staff.admit("Dana Owner", OWNER_PIN)


def test_a_role_that_changes_there_changes_here_with_the_next_contact_while_they_work(ward: Ward) -> None:
    nora = ward.join("member")
    ward.sync()
    ward.staff.admit(nora, NORA_PIN)
    ward.session.sign_in("Nora Newcomer", NORA_PIN)

    ward.change(nora, role="read_only", full_name="Nora Oldtimer")

    person = ward.session.person()
    assert person is not None
    assert (person.name, person.role) == ("Nora Oldtimer", Role.VIEWER)
    with pytest.raises(NotAllowed):
        ward.session.require(Right.REVIEW)
    ward.change(nora, role="admin")
    assert ward.session.require(Right.MANAGE_PEOPLE)
    told = [entry.details for entry in ward.entries("person.role_changed")]
    assert told == [{"by": "organization", "role": "viewer"}, {"by": "organization", "role": "manager"}]
    assert {entry.actor for entry in ward.entries("person.role_changed")} == {"device"}


def test_who_is_removed_there_is_locked_out_here_with_the_next_contact(ward: Ward) -> None:
    nora = ward.join("member")
    ward.sync()
    ward.staff.admit("Nora Newcomer", NORA_PIN)
    ward.session.sign_in("Nora Newcomer", NORA_PIN)

    ward.change(nora, is_active=False)

    assert ward.session.person() is None
    with pytest.raises(SignInNeeded):
        ward.session.require(Right.SEE)
    with pytest.raises(PersonUnknown):
        ward.session.sign_in("Nora Newcomer", NORA_PIN)
    [entry] = ward.entries("person.removed")
    assert (entry.actor, entry.subject, entry.details) == ("device", nora, {"by": "organization"})
    ward.session.sign_in("Dana Ortiz", DANA_PIN)
    with pytest.raises(PersonUnknown):
        ward.staff.admit("Nora Newcomer", NORA_PIN)
    ward.change(nora, is_active=True)
    with pytest.raises(PersonUnknown):  # to be admitted anew is a manager's to say
        ward.session.sign_in("Nora Newcomer", NORA_PIN)
    assert str(ward.staff.admit("Nora Newcomer", "another quiet word").id) == nora
    ward.session.sign_in("Nora Newcomer", "another quiet word")


def test_one_person_is_meant_and_their_role_is_given_at_the_server_alone(ward: Ward) -> None:
    first, second = ward.join("member", "Kim Lee"), ward.join("read_only", "Kim Lee")
    ward.sync()

    with pytest.raises(PersonRefused, match="Several people"):
        ward.staff.admit("Kim Lee", NORA_PIN)
    assert str(ward.staff.admit(second, NORA_PIN).id) == second
    with pytest.raises(PersonRefused, match="works here already"):
        ward.staff.admit(first, NORA_PIN)
    with pytest.raises(PersonRefused, match="the organization gave them"):
        ward.staff.set_role("Kim Lee", Role.MANAGER)
    with pytest.raises(PersonUnknown):
        ward.staff.admit("Nobody", NORA_PIN)
    ward.staff.remove("Kim Lee")
    assert not any(one.is_admitted for one in ward.staff.organization())


def test_where_no_manager_is_left_the_recovery_code_admits_one(ward: Ward) -> None:
    admin = ward.join("admin", "Ada Admin")
    ward.join("member")
    ward.sync()
    ward.staff.admit("Ada Admin", OWNER_PIN)
    ward.session.sign_in("Ada Admin", OWNER_PIN)
    ward.staff.remove("Dana Ortiz")
    with pytest.raises(PersonRefused, match="where none works here"):
        ward.staff.admit("Dana Owner", DANA_PIN, ward.recovery_code)

    ward.change(admin, role="read_only")

    ward.session.lock()
    with pytest.raises(PersonRefused, match="admits a manager"):
        ward.staff.admit("Nora Newcomer", NORA_PIN, ward.recovery_code)
    assert ward.staff.admit("Dana Owner", DANA_PIN, ward.recovery_code).role is Role.MANAGER
    ward.session.sign_in("Dana Owner", DANA_PIN)
    assert ward.session.require(Right.MANAGE_PEOPLE)


def test_whom_the_server_no_longer_knows_after_it_was_restored_is_locked_out(ward: Ward) -> None:
    nora = ward.join("member")
    ward.sync()
    ward.staff.admit(nora, NORA_PIN)
    gone, earlier = str(UUID(int=2)), Cursor(epoch=UUID(int=1), seq=1)
    with ward.vault.act() as connection:  # as though another life of the server had told of somebody
        whom = members.c.id == nora
        connection.execute(update(members).where(whom).values(id=gone, epoch=str(earlier.epoch)))
        connection.execute(update(people).where(people.c.id == nora).values(id=gone))
        feed.move(connection, earlier)

    ward.sync()

    assert [one.name for one in ward.staff.everybody()] == ["Dana Ortiz"]
    assert [entry.subject for entry in ward.entries("person.removed")] == [gone]


def test_a_machine_that_parts_from_the_server_keeps_whom_it_admitted(ward: Ward) -> None:
    ward.join("member")
    ward.sync()
    ward.staff.admit("Nora Newcomer", NORA_PIN)

    forget(ward.vault)

    assert ward.staff.organization() == ()
    assert [one.name for one in ward.staff.everybody()] == ["Dana Ortiz", "Nora Newcomer"]
    ward.staff.set_role("Nora Newcomer", Role.VIEWER)
