"""Keys, tiers of organizations, certificates."""

from pathlib import Path
from uuid import UUID

import click

from shared.clock import system_clock
from syncserver.cli.opening import (
    check_exists,
    data_dir_option,
    database_url_option,
    ready_server,
    settings_of,
)
from syncserver.kit.certificates import AUTHORITY, AUTHORITY_KEY, SERVER, SERVER_KEY, make_certificates
from syncserver.kit.logging import configure_logging
from syncserver.operation import service as operation
from syncserver.tenants import service as tenants
from syncserver.usage.catalogue import CATALOGUE


@click.group("keys")
def keys_commands() -> None:
    """The keys that everything is sealed under."""


@keys_commands.command("rotate")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the new secret is written, when CHARTDROP_SECRET_KEY is set; else it takes secret.key's place.",
)
@data_dir_option
@database_url_option
def rotate_keys(out: Path | None, data_dir: Path | None, database_url: str | None) -> None:
    """Have everything open with a new secret alone, while no server runs. Broken off, it goes on when run again."""
    from syncserver.operation import key_rotation

    settings = settings_of(data_dir, database_url)
    configure_logging(settings.log_level)
    check_exists(settings)
    rotated = key_rotation.rotate(settings, out.absolute() if out else None, system_clock)
    click.echo(f"The keys of {rotated.organizations} organizations are sealed anew.", err=True)
    click.echo(f"{rotated.secret} holds the secret from now on; the one before opens earlier backups alone.", err=True)
    if rotated.without_codes:
        click.echo(f"{rotated.without_codes} people need new recovery codes of their second factor.", err=True)


@click.group("organizations")
def organizations_commands() -> None:
    """The organizations of this server, and their tiers."""


@organizations_commands.command("list")
@data_dir_option
@database_url_option
def list_organizations(data_dir: Path | None, database_url: str | None) -> None:
    """Each with its id, tier, people, devices and pages of this month."""
    with ready_server(data_dir, database_url) as opened:
        cursor, is_first = None, True
        while cursor or is_first:
            with opened.database.reading() as session:
                found = operation.organizations(session, system_clock(), cursor, 100)
            for one in found.items:
                click.echo(
                    f"{one.id} {one.tier} people {one.people} devices {one.devices} pages {one.pages} {one.name}"
                )
            cursor, is_first = found.next_cursor, False


@organizations_commands.command("tier")
@click.argument("organization", type=click.UUID)
@click.argument("tier", type=click.Choice([tenants.TRIAL, *(one.id for one in CATALOGUE.tiers)]))
@data_dir_option
@database_url_option
def put_on_tier(organization: UUID, tier: str, data_dir: Path | None, database_url: str | None) -> None:
    """Put an organization on a tier, without Stripe. It stands in its audit log, and its devices hear of it."""
    with ready_server(data_dir, database_url) as opened, opened.begin() as transaction:
        changed = operation.change_tier(transaction, organization, tier, "operator")
    click.echo(f"{changed.name} is on the tier {changed.tier}.", err=True)


@click.group("tls")
def tls_commands() -> None:
    """Certificates for a network without a public authority."""


@tls_commands.command("init")
@click.option(
    "--name", "names", multiple=True, required=True, help="A host name or address of this server; several may be given."
)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("tls"), show_default=True)
def make_certificates_here(names: tuple[str, ...], out: Path) -> None:
    """Make a private authority, and a certificate of it for this server. Again: a new certificate of the same one."""
    make_certificates(out, list(names), system_clock())
    click.echo(f"Serve with: --tls-cert {out / SERVER} --tls-key {out / SERVER_KEY}", err=True)
    click.echo(f"Give {out / AUTHORITY} to the machines that are to trust it, and keep {AUTHORITY_KEY} away.", err=True)
