"""`chartdrop doctor`."""

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from desktop.cli.faults import INPUT_FAILED
from desktop.cli.session import Session, data_dir_option, json_option

if TYPE_CHECKING:
    from shared.doctor import Finding

_COLOURS = {"well": None, "warning": "yellow", "fault": "red"}


@click.command()
@json_option
@click.option("--display", "only_display", is_flag=True, hidden=True, help="Open a window, and name its platform.")
@data_dir_option
@click.pass_context
def doctor(context: click.Context, as_json: bool, only_display: bool) -> None:
    """Look this machine over, and say what to do.

    Processor, memory, disk, reading models, a page that is read, display, keyring, data folder; and, where the store
    opens without asking, its database, its drop folders and its server, with that one's certificate and clock.

    Ends with 0 when everything works, warnings included, and with 3 when something does not.

    With --json, one object a finding: check (processor, memory, disk, models, reading, poppler, display, keyring,
    data_folder, store, drop_folder, server, certificate, clock), state (well, warning, fault), message, remedy (empty
    where all is well).
    """
    from desktop.doctor import checks
    from shared.doctor import examine, is_fault

    if only_display:
        click.echo(_platform_of_a_window())
        return
    session = context.ensure_object(Session)
    findings = examine(checks(session.settings(), _own_command()))
    context.exit(INPUT_FAILED if is_fault(_told(findings, as_json)) else 0)


def _told(findings: "Iterable[Finding]", as_json: bool) -> "list[Finding]":
    """Each was printed as it came: some take seconds."""
    from desktop.cli.printing import plain, print_json
    from shared.doctor import as_words

    told = []
    for finding in findings:
        told.append(finding)
        if as_json:
            print_json(asdict(finding))
        else:
            for line in as_words(finding).splitlines():
                click.secho(plain(line), fg=_COLOURS[finding.state])
    return told


def _platform_of_a_window() -> str:
    from desktop.ui.application import make_application

    return make_application().platformName()


def _own_command() -> list[str]:
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desktop"]
