"""Who has the say at a device: the organization, then the environment, then its managers."""

from pathlib import Path

import pytest

from desktop.errors import NotAllowed
from desktop.services import Workspace, open_workspace
from desktop.settings import Settings
from desktop.vault import feed
from desktop.vault.connection import Vault, open_vault
from desktop.vault.people import Role
from shared.audit import entry_from_json
from shared.wire.v1.policy import PolicyState
from tests.desktop.conftest import nobody_answers, quick_settings


def opened(tmp_path: Path, **more: object) -> Workspace:
    return open_workspace(quick_settings(tmp_path / "data", **more), nobody_answers)


def lay_down(settings: Settings, policy: PolicyState) -> None:
    vault: Vault = open_vault(settings, nobody_answers)
    with vault.act() as connection:
        feed.keep_policy(connection, policy)
    vault.close()


def test_before_anybody_chose_the_products_own_count(tmp_path: Path) -> None:
    workspace = opened(tmp_path)
    rules = workspace.house.rules()
    assert (rules.retention_years.value, rules.retention_years.source) == (7, "default")
    assert (rules.sync_metered.value, rules.lock_minutes.value) == (False, 10.0)
    workspace.close()


def test_what_a_manager_chose_counts_and_stays(tmp_path: Path) -> None:
    workspace = opened(tmp_path)
    workspace.house.choose("retention_years", 0)
    workspace.house.choose("sync_metered", 1)
    workspace.close()
    again = opened(tmp_path)
    rules = again.house.rules()
    assert (rules.retention_years.value, rules.retention_years.source) == (0, "device")
    assert rules.sync_metered.value is True
    assert rules.sync_metered.is_open
    with again.audit_lines() as lines:
        entries = [entry_from_json(line).entry for line in lines]
    changed = [(one.subject, dict(one.details)) for one in entries if one.action == "settings.changed"]
    assert changed == [("retention_years", {"value": 0}), ("sync_metered", {"value": 1})]
    again.close()


def test_the_environment_counts_before_it_and_the_organization_before_both(tmp_path: Path) -> None:
    workspace = opened(tmp_path, retention_years=3)
    workspace.house.choose("retention_years", 10)
    rule = workspace.house.rules().retention_years
    assert (rule.value, rule.source, rule.is_open) == (3, "environment", False)
    lay_down(workspace.settings, PolicyState(retention_years=20))
    rule = workspace.house.rules().retention_years
    assert (rule.value, rule.source, rule.is_open) == (20, "organization", False)
    workspace.close()


def test_a_metered_network_keeps_what_waits(tmp_path: Path) -> None:
    workspace = opened(tmp_path)
    assert workspace.sync_state().why == "not_connected"
    workspace.house.choose("sync_metered", 1)
    assert workspace.house.rules().sync_metered.value
    workspace.close()


def test_only_managers_choose(tmp_path: Path) -> None:
    workspace = opened(tmp_path)
    workspace.staff.add("Dana", Role.MANAGER, "482913")
    workspace.session.sign_in("Dana", "482913")
    workspace.staff.add("Ravi", Role.REVIEWER, "770412")
    workspace.session.sign_in("Ravi", "770412")
    with pytest.raises(NotAllowed):
        workspace.house.choose("retention_years", 1)
    assert workspace.house.rules().retention_years.value == 7
    workspace.close()
