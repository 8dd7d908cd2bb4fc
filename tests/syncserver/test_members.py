"""People of an organization: invitations, roles, letting go; and what the operator may do besides."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from tests.syncserver.conftest import Server
from tests.syncserver.desktop import Answer
from tests.syncserver.people import accept, at_work, invitation, joined, operator, owner_of_north, sign_in

pytestmark = pytest.mark.timeout(60)


def refusal(answer: Answer) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def changed(client: TestClient, user_id: str, **wanted: object) -> Answer:
    return client.patch(f"/api/v1/users/{user_id}", json=wanted)


def test_who_accepts_an_invitation_belongs_to_the_organization(server: Server) -> None:
    member = joined(server, "member")

    me = member.http.get("/api/v1/me").json()
    assert (me["role"], me["organization"]["name"]) == ("member", "North Clinic")
    listed = server.north.get("/api/v1/users").json()["items"]
    assert [user["email"] for user in listed] == [server.owners.north.email, member.email]
    assert server.north.get(f"/api/v1/users/{member.id}").json()["full_name"] == "Nora Newcomer"


def test_an_invitation_opens_once_and_for_seven_days(server: Server) -> None:
    token = invitation(server.north, "one@example.com")["token"]
    assert accept(server, token).status_code == 201
    assert refusal(accept(server, token)) == (403, "invitation_refused")

    late = invitation(server.north, "two@example.com")["token"]
    server.clock.ahead = timedelta(days=7, seconds=1)
    assert refusal(accept(server, late)) == (403, "invitation_refused")
    assert server.north.get("/api/v1/invitations").json()["items"] == []


def test_an_invitation_can_be_taken_back_or_made_anew(server: Server) -> None:
    first = invitation(server.north, "one@example.com")
    second = invitation(server.north, "one@example.com")
    assert [item["id"] for item in server.north.get("/api/v1/invitations").json()["items"]] == [second["id"]]
    assert refusal(accept(server, first["token"])) == (403, "invitation_refused")

    assert server.north.delete(f"/api/v1/invitations/{second['id']}").status_code == 204
    assert server.north.delete(f"/api/v1/invitations/{second['id']}").status_code == 404
    assert refusal(accept(server, second["token"])) == (403, "invitation_refused")


def test_an_address_with_an_account_joins_nowhere_else(server: Server) -> None:
    token = invitation(server.north, server.owners.south.email)["token"]

    assert refusal(accept(server, token)) == (409, "email_taken")


def test_the_password_of_who_joins_is_checked_too(server: Server) -> None:
    token = invitation(server.north, "one@example.com")["token"]

    assert refusal(accept(server, token, "password123")) == (422, "password_refused")
    assert refusal(accept(server, token, "North Clinic")) == (422, "password_refused")
    assert accept(server, token).status_code == 201


@pytest.mark.parametrize("role", ["member", "read_only"])
def test_people_are_the_business_of_owners_and_admins(server: Server, role: str) -> None:
    person = joined(server, role)

    for method, path in [
        ("GET", "/api/v1/users"),
        ("GET", f"/api/v1/users/{person.id}"),
        ("PATCH", f"/api/v1/users/{person.id}"),
        ("GET", "/api/v1/invitations"),
        ("POST", "/api/v1/invitations"),
        ("POST", f"/api/v1/users/{person.id}/password-reset"),
    ]:
        answer = person.http.request(method, path, json={"role": "owner", "email": "a@b.example.com"})
        assert (path, *refusal(answer)) == (path, 403, "not_allowed")


def test_an_admin_neither_makes_nor_changes_owners(server: Server) -> None:
    admin, member = joined(server, "admin"), joined(server, "member")
    owner = owner_of_north(server)

    assert refusal(changed(admin.http, admin.id, role="owner")) == (403, "not_allowed")
    assert refusal(changed(admin.http, owner.id, role="member")) == (403, "not_allowed")
    assert refusal(changed(admin.http, owner.id, is_active=False)) == (403, "not_allowed")
    assert refusal(admin.http.post(f"/api/v1/users/{owner.id}/password-reset")) == (403, "not_allowed")
    invited = admin.http.post("/api/v1/invitations", json={"email": "x@example.com", "role": "owner"})
    assert refusal(invited) == (403, "not_allowed")
    assert changed(admin.http, member.id, role="read_only").json()["role"] == "read_only"
    assert member.http.post("/api/v1/api-keys", data={"name": "x"}).status_code == 403


def test_the_last_owner_stays(server: Server) -> None:
    owner = owner_of_north(server)

    assert refusal(changed(server.north, owner.id, role="admin")) == (409, "last_owner")
    assert refusal(changed(server.north, owner.id, is_active=False)) == (409, "last_owner")
    second = joined(server, "owner")
    assert changed(server.north, second.id, is_active=False).status_code == 200
    assert refusal(changed(server.north, owner.id, role="admin")) == (409, "last_owner")
    changed(server.north, second.id, is_active=True)
    assert changed(server.north, owner.id, role="admin").json()["role"] == "admin"


def test_the_keys_of_who_is_let_go_open_nothing(server: Server) -> None:
    member = joined(server, "member")
    key = member.http.post("/api/v1/api-keys", data={"name": "script"}).json()["key"]
    assert server.client(key).get("/api/v1/me").status_code == 200

    changed(server.north, member.id, is_active=False)

    assert server.client(key).get("/api/v1/me").status_code == 401


def test_a_change_that_is_none_of_ours_is_refused(server: Server) -> None:
    member = joined(server, "member")
    for wanted in ({"is_superuser": True}, {"role": "king"}, {"is_active": 0}, {"email": "a@b.example.com"}):
        assert changed(server.north, member.id, **wanted).status_code == 422


def test_changes_are_in_the_audit_log(server: Server) -> None:
    member = joined(server, "member")
    changed(server.north, member.id, role="admin", full_name="Nora Admin")

    entries = {entry["action"]: entry for entry in server.north.get("/api/v1/audit").json()["items"]}
    assert {"invitation.made", "invitation.accepted", "user.changed"} <= set(entries)
    assert entries["user.changed"]["details"] == {"role": "admin", "full_name": True}


def test_members_manage_their_own_keys_and_admins_all(server: Server) -> None:
    member, admin = joined(server, "member"), joined(server, "admin")
    own = member.http.post("/api/v1/api-keys", data={"name": "mine"}).json()
    foreign = server.north.get("/api/v1/api-keys").json()["items"][-1]["id"]

    assert [key["name"] for key in member.http.get("/api/v1/api-keys").json()["items"]] == ["mine"]
    assert member.http.delete(f"/api/v1/api-keys/{foreign}").status_code == 404
    assert [key["name"] for key in admin.http.get("/api/v1/api-keys").json()["items"]] == ["mine", "tests"]
    assert admin.http.delete(f"/api/v1/api-keys/{own['id']}").status_code == 204


def test_the_operator_sees_and_stops_people_of_every_organization(server: Server) -> None:
    root, owner = operator(server), owner_of_north(server)
    second = joined(server, "owner")

    listed = root.http.get("/api/v1/admin/users").json()["items"]
    assert {server.owners.north.email, server.owners.south.email, root.email} <= {user["email"] for user in listed}
    found = root.http.get("/api/v1/admin/users", params={"email": second.email}).json()["items"]
    assert [user["id"] for user in found] == [second.id]
    stopped = root.http.patch(f"/api/v1/admin/users/{second.id}", json={"is_active": False})
    assert stopped.json()["is_active"] is False
    assert sign_in(server, second.email).status_code == 401
    assert refusal(root.http.patch(f"/api/v1/admin/users/{owner.id}", json={"is_active": False})) == (
        409,
        "last_owner",
    )
    reset = root.http.post(f"/api/v1/admin/users/{owner.id}/password-reset")
    assert reset.status_code == 201
    assert "password.reset_issued" in server.north.get("/api/v1/audit").text


def test_an_organization_has_no_hand_on_the_operator(server: Server) -> None:
    root = operator(server)
    boss = joined(server, "owner", root.http)

    assert refusal(changed(boss.http, root.id, is_active=False)) == (403, "not_allowed")
    assert refusal(boss.http.post(f"/api/v1/users/{root.id}/password-reset")) == (403, "not_allowed")
    assert refusal(boss.http.delete(f"/api/v1/users/{root.id}/second-factor")) == (403, "not_allowed")


@pytest.mark.parametrize("role", ["owner", "admin", "member"])
def test_what_is_the_operators_is_no_customers(server: Server, role: str) -> None:
    person, south = joined(server, role), at_work(server, server.owners.south.email)

    for method, path in [
        ("GET", "/api/v1/admin/users"),
        ("PATCH", f"/api/v1/admin/users/{south.id}"),
        ("POST", f"/api/v1/admin/users/{south.id}/password-reset"),
        ("DELETE", f"/api/v1/admin/users/{south.id}/second-factor"),
    ]:
        answer = person.http.request(method, path, json={"is_active": False} if method == "PATCH" else None)
        assert (path, *refusal(answer)) == (path, 403, "not_allowed")
