"""`chartdrop key rotate`, `chartdrop key passphrase` and `chartdrop key keyring`."""

import sys
from typing import TYPE_CHECKING

import click

from desktop.cli.session import Session, ask_passphrase, data_dir_option

if TYPE_CHECKING:
    from pydantic import SecretStr


@click.group()
@data_dir_option
def key() -> None:
    """The store's key: another one, another passphrase, another place for it.

    The programs that have the store open must be closed for `rotate` alone.
    """


@key.command()
@data_dir_option
@click.pass_context
def rotate(context: click.Context) -> None:
    """Make a new master key, and put the database and every file under it. The passphrase stays the same.

    Should it be interrupted, the store still opens, and the next program that opens it ends the rotation.
    """
    from desktop.vault.rekey import rotate as rotate_key

    settings = context.ensure_object(Session).settings()
    rotate_key(settings, lambda: ask_passphrase(settings))
    click.echo("The store has a new key. Backups that were made before open with the key that they were made with.")


@key.command()
@data_dir_option
@click.pass_context
def passphrase(context: click.Context) -> None:
    """Put the key under a new passphrase, from the keyring too. [env: CHARTDROP_NEW_PASSPHRASE, or a prompt]

    Whoever knows the old passphrase and has an old copy of the store can open that copy: rotate the key as well.
    """
    from desktop.vault.rekey import change_lock

    settings = context.ensure_object(Session).settings()
    new = new_secret(settings.new_passphrase, "Choose a new passphrase")
    change_lock(settings, lambda: ask_passphrase(settings), "passphrase", new)
    click.echo("The store opens with the new passphrase.")


@key.command()
@data_dir_option
@click.pass_context
def keyring(context: click.Context) -> None:
    """Put the key into the operating system's keyring: no passphrase is asked for any more."""
    from desktop.vault.rekey import change_lock

    settings = context.ensure_object(Session).settings()
    change_lock(settings, lambda: ask_passphrase(settings), "keyring", None)
    click.echo("The store's key is in the keyring.")


def new_secret(given: "SecretStr | None", words: str) -> str | None:
    """What the environment gives, or what a person types twice; None where there is nobody to ask."""
    if given:
        return given.get_secret_value()
    if not sys.stdin.isatty():
        return None
    answer: str = click.prompt(words, hide_input=True, confirmation_prompt=True, err=True)
    return answer
