"""What the commands share: where the data directory is, the settings, and the open workspace."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from desktop.services import Workspace
    from desktop.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Session:
    """One run of the program. `data_dir` is what the command line says, before or after the command."""

    data_dir: Path | None = None

    def settings(self) -> "Settings":
        """The settings of the environment. Raises click.UsageError, which names what is wrong."""
        from pydantic import ValidationError

        from desktop.settings import Settings

        try:
            return Settings(data_dir=self.data_dir) if self.data_dir else Settings()
        except ValidationError as error:
            # The value itself may be a secret: only the name and the rule are told.
            wrong = "; ".join(f"CHARTDROP_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
            raise click.UsageError(wrong) from None

    @contextmanager
    def signed_in(self) -> "Iterator[Workspace]":
        """The open store, with who acts in it where several share the device. Raises StoreError, PeopleError."""
        with self.workspace() as workspace:
            sign_in(workspace)
            yield workspace

    @contextmanager
    def workspace(self) -> "Iterator[Workspace]":
        """The open store, closed in the end. Raises StoreError."""
        from desktop.services import open_workspace

        settings = self.settings()
        workspace = open_workspace(settings, lambda: ask_passphrase(settings))
        try:
            yield workspace
        finally:
            workspace.close()


def sign_in(workspace: "Workspace") -> None:
    """Who acts is known, where several people share the device: from the environment, or by asking.

    Raises SignInNeeded where nobody answers, PersonUnknown, SignInRefused, SignInDelayed."""
    from desktop.errors import SignInNeeded

    if not workspace.session.is_locked():
        return
    settings = workspace.settings
    name, pin = settings.person, settings.pin.get_secret_value() if settings.pin else None
    if sys.stdin.isatty():
        name = name or click.prompt("Who is it", err=True)
        pin = pin or click.prompt(f"PIN of {name}", hide_input=True, err=True)
    if not name or not pin:
        raise SignInNeeded(
            "Several people share this device: set CHARTDROP_PERSON and CHARTDROP_PIN, or answer when asked."
        )
    workspace.session.sign_in(name, pin)


def data_dir_option(command: Command) -> Command:
    """`--data-dir`, which every command takes; said last, it counts."""
    return click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        callback=_remember,
        help="Where the encrypted store is. [env: CHARTDROP_DATA_DIR]",
    )(command)


def json_option(command: Command) -> Command:
    """`--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")(command)


def _remember(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.ensure_object(Session).data_dir = value


def ask_passphrase(settings: "Settings") -> str | None:
    """What a person types; None where there is nobody to ask."""
    from desktop.unopened import store_state

    if not sys.stdin.isatty():
        return None
    if store_state(settings) == "absent":
        click.echo(f"A new encrypted store is made in {settings.data_dir}. Nobody can open it without this.", err=True)
        words, twice = "Choose a passphrase", True
    else:
        words, twice = "Passphrase", False
    answer: str = click.prompt(
        words, hide_input=True, confirmation_prompt=twice, err=True, default="", show_default=False
    )
    return answer or None
