"""The audit log: `audit verify`, `audit remove-expired`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from pydantic import ValidationError

from shared.audit import TreeHead
from shared.clock import system_clock
from syncserver.audit import retention
from syncserver.audit.schemas import TreeHeadView
from syncserver.audit.verification import VerifiedChain, VerifiedTree, verify_all
from syncserver.cli.opening import (
    data_dir_option,
    database_url_option,
    existing_file,
    ready_server,
)
from syncserver.kit.tenancy import without_time_limit

_AUDIT_DOES_NOT_VERIFY = 6


@click.group("audit")
def audit_commands() -> None:
    """The server's audit log."""


@audit_commands.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for each chain and each tree.")
@click.option(
    "--head", "heads", type=existing_file, multiple=True, help="A tree head that was kept elsewhere; several may be."
)
@data_dir_option
@database_url_option
def verify_audit(as_json: bool, heads: tuple[Path, ...], data_dir: Path | None, database_url: str | None) -> None:
    """Check every chain of the audit logs, from its first entry to its last, and the trees over them."""
    faults = 0
    held = [_read_head(path) for path in heads]
    with ready_server(data_dir, database_url) as opened, opened.database.reading() as session:
        without_time_limit(session)
        for verified in verify_all(session, opened.keys, held):
            click.echo(_as_json(verified) if as_json else _told(verified))
            faults += verified.fault is not None
    if faults:
        click.echo(f"chartdrop-server: {faults} of the audit chains and trees do not verify.", err=True)
        sys.exit(_AUDIT_DOES_NOT_VERIFY)


@audit_commands.command("remove-expired")
@data_dir_option
@database_url_option
def remove_expired_entries(data_dir: Path | None, database_url: str | None) -> None:
    """Give up entries older than CHARTDROP_AUDIT_RETENTION_YEARS. Their hashes stay, and the logs still verify."""
    with ready_server(data_dir, database_url) as opened:
        before = retention.cut_off(system_clock(), opened.settings.audit_retention_years)
        with opened.database.reading() as session:
            organizations = retention.organizations(session)
        for organization_id in organizations:
            with opened.begin() as transaction:
                removed = retention.remove_expired(transaction, opened.keys, organization_id, before)
            click.echo(f"organization {removed.organization_id} entries {removed.entries} removed")


def _read_head(path: Path) -> TreeHead:
    try:
        view = TreeHeadView.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise click.BadParameter(f"{path} is no tree head, as /api/v1/audit/tree-head answers it.") from error
    return view.head()


def _told(verified: VerifiedChain | VerifiedTree) -> str:
    match verified:
        case VerifiedChain(organization_id, chain, length, fault):
            state = f"entry {fault.position}: {fault.reason}" if fault else "verified"
            return f"organization {organization_id} chain {chain} entries {length} {state}"
        case VerifiedTree(organization_id, size, heads, flaw):
            state = f"leaf {flaw.leaf}: {flaw.reason}" if flaw else "verified"
            return f"organization {organization_id} tree leaves {size} heads {heads} {state}"


def _as_json(verified: VerifiedChain | VerifiedTree) -> str:
    kind = "chain" if isinstance(verified, VerifiedChain) else "tree"
    return json.dumps({"kind": kind, **asdict(verified)}, default=str)
