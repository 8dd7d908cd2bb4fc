"""The commands' names, and the one place where their faults become sentences and exit codes."""

import sys
from collections.abc import Sequence

import click

from desktop.cli.audit import audit
from desktop.cli.backup import backup, restore
from desktop.cli.conflicts import conflicts
from desktop.cli.deletion import delete, hold
from desktop.cli.doctor import doctor
from desktop.cli.export import export
from desktop.cli.faults import INTERRUPTED, exit_code, tell_unexpected
from desktop.cli.folders import folders
from desktop.cli.key import key
from desktop.cli.listing import documents, status
from desktop.cli.people import people
from desktop.cli.scan import scan
from desktop.cli.search import search
from desktop.cli.server import connect, disconnect, sync
from desktop.cli.session import Session, data_dir_option
from desktop.cli.templates import templates
from desktop.cli.watch import watch
from shared.errors import ChartdropError


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chartdrop", prog_name="chartdrop")
@data_dir_option
@click.pass_context
def chartdrop(context: click.Context) -> None:
    """Reads scanned paper on this machine, keeps it encrypted, and syncs it to your server.

    Without a command, the window opens. Settings are CHARTDROP_* environment variables.

    Exit codes: 0 all well, 1 unexpected fault, 2 wrong usage, 3 some input could not be processed,
    4 store not unlocked, 5 server unreachable or refused, 6 audit chain broken.
    """
    if context.invoked_subcommand is None:
        from desktop.ui.application import run_window

        context.exit(run_window(context.ensure_object(Session).settings()))


for command in (
    scan,
    watch,
    folders,
    documents,
    search,
    conflicts,
    export,
    delete,
    hold,
    templates,
    people,
    connect,
    disconnect,
    sync,
    status,
    audit,
    key,
    backup,
    restore,
    doctor,
):
    chartdrop.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """The exit code of what `arguments` asked for. No fault leaves as a traceback."""
    session = Session()
    try:
        # With standalone_mode off, click hands over its own faults and the code that a command ended with.
        code = chartdrop.main(list(arguments), prog_name="chartdrop", standalone_mode=False, obj=session)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except ChartdropError as fault:
        click.echo(f"chartdrop: {fault.message}", err=True)
        return exit_code(fault)
    except BrokenPipeError:
        return _reader_has_gone()
    except Exception as fault:  # the edge of the program
        return tell_unexpected(fault, session)


def _reader_has_gone() -> int:
    """Whoever read our output has enough (`| head`): all is well, and Python must not complain when it flushes."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
