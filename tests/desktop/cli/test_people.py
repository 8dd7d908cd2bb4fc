"""`chartdrop people`, and what the other commands ask for once people are known by name."""

import json
from pathlib import Path

from tests.desktop.conftest import CommandLine
from tests.desktop.journey.sync.test_push import PASSWORD, owner_of_a_new_organization

DANA = {"CHARTDROP_PERSON": "Dana", "CHARTDROP_PIN": "482913"}
VERA = {"CHARTDROP_PERSON": "Vera", "CHARTDROP_PIN": "770412"}


def test_people_are_added_listed_changed_and_removed(chartdrop: CommandLine) -> None:
    first = chartdrop.run("people", "add", "Dana", CHARTDROP_PIN=DANA["CHARTDROP_PIN"])
    added = chartdrop.run("people", "add", "Vera", CHARTDROP_NEW_PIN="111222333x", **DANA)
    changed = chartdrop.run("people", "role", "vera", "reviewer", **DANA)
    reset = chartdrop.run("people", "reset", "Vera", CHARTDROP_NEW_PIN=VERA["CHARTDROP_PIN"], **DANA)
    listed = chartdrop.run("people", "list", "--json")

    assert [done.returncode for done in (first, added, changed, reset, listed)] == [0] * 5
    assert len(first.stdout.strip().split("-")) == 5
    people = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [(person["name"], person["role"]) for person in people] == [("Dana", "manager"), ("Vera", "reviewer")]

    assert chartdrop.run("people", "remove", "Vera", **VERA).returncode == 4
    assert chartdrop.run("people", "remove", "Vera", **DANA).returncode == 0
    assert "Vera" not in chartdrop.run("people", "list").stdout
    last = chartdrop.run("people", "remove", "Dana", **DANA)
    assert (last.returncode, "last manager" in last.stderr) == (2, True)

    code = first.stdout.strip()
    recovered = chartdrop.run(
        "people", "reset", "Dana", "--recovery", CHARTDROP_RECOVERY_CODE=code, CHARTDROP_NEW_PIN="a fresh pin"
    )
    assert recovered.returncode == 0
    assert recovered.stdout.strip() not in ("", code)
    assert chartdrop.run("documents", CHARTDROP_PERSON="Dana", CHARTDROP_PIN="a fresh pin").returncode == 0
    assert chartdrop.run("audit", "verify").returncode == 0


def test_what_shows_or_changes_needs_somebody_who_may_and_what_works_by_itself_does_not(
    chartdrop: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "scans").mkdir()
    chartdrop.run("people", "add", "Dana", CHARTDROP_PIN=DANA["CHARTDROP_PIN"])
    chartdrop.run("people", "add", "Vera", CHARTDROP_NEW_PIN=VERA["CHARTDROP_PIN"], **DANA)

    nobody = chartdrop.run("documents")
    wrong = chartdrop.run("documents", CHARTDROP_PERSON="Vera", CHARTDROP_PIN="wrong")
    viewer = chartdrop.run("audit", "export", "--out", tmp_path / "chain.jsonl", **VERA)

    assert [done.returncode for done in (nobody, wrong, viewer)] == [4, 4, 4]
    assert "CHARTDROP_PERSON" in nobody.stderr
    assert "That is not right" in wrong.stderr
    assert "Vera is a viewer here" in viewer.stderr
    assert not (tmp_path / "chain.jsonl").exists()
    assert chartdrop.run("documents", **VERA).returncode == 0
    assert chartdrop.run("status").returncode == 0
    assert chartdrop.run("watch", tmp_path / "scans", "--until-idle").returncode == 0

    assert chartdrop.run("audit", "export", "--out", tmp_path / "chain.jsonl", **DANA).returncode == 0
    entries = [json.loads(line) for line in (tmp_path / "chain.jsonl").read_text().splitlines()]
    actions = [entry["action"] for entry in entries]
    assert {"documents.listed", "person.sign_in_refused", "act.refused", "store.opened"} <= set(actions)
    assert [entry["actor"] for entry in entries if entry["action"] == "act.refused"] == [
        entry["actor"] for entry in entries if entry["action"] == "documents.listed"
    ]


def test_who_belongs_to_the_organization_is_listed_and_admitted(chartdrop: CommandLine, server_url: str) -> None:
    email = "owner-of-people@cli.example.com"
    owner_of_a_new_organization(server_url, email)
    chartdrop.run("people", "add", "Dana", CHARTDROP_PIN=DANA["CHARTDROP_PIN"])
    chartdrop.run("connect", server_url, CHARTDROP_EMAIL=email, CHARTDROP_PASSWORD=PASSWORD, **DANA)
    assert chartdrop.run("sync").returncode == 0

    before = chartdrop.run("people", "organization", "--json", **DANA)
    admitted = chartdrop.run("people", "admit", "dana owner", CHARTDROP_NEW_PIN="a fresh pin", **DANA)

    [owner] = [json.loads(line) for line in before.stdout.splitlines()]
    assert (owner["name"], owner["role"], owner["admitted"]) == ("Dana Owner", "manager", False)
    assert (admitted.returncode, "works at this device as manager" in admitted.stderr) == (0, True)
    hers = {"CHARTDROP_PERSON": "Dana Owner", "CHARTDROP_PIN": "a fresh pin"}
    assert "works here" in chartdrop.run("people", "organization", **hers).stdout
    unknown = chartdrop.run("people", "admit", "Nobody", CHARTDROP_NEW_PIN="a fresh pin", **hers)
    assert "belongs to the organization" in unknown.stderr
