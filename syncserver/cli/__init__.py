"""The command line: `serve`, `worker`, `migrate`, `create-superuser`, `backup`, `restore`, `resync`,
`rebuild-analytics`, `doctor`, `organizations`, `keys rotate`, `tls init`, `audit verify`, `audit remove-expired`.

Exit codes: 0 all well; 1 the server cannot do it, and says why; 2 wrong usage; 3 the doctor found what does not work;
6 the audit log does not verify.
"""

import sys
from typing import NoReturn

import click
from sqlalchemy.exc import SQLAlchemyError

from shared.errors import ChartdropError
from syncserver.cli.audit import audit_commands
from syncserver.cli.commands import chartdrop_server
from syncserver.cli.upkeep import keys_commands, organizations_commands, tls_commands
from syncserver.kit.logging import fault_of, log

__all__ = ["chartdrop_server", "run"]

for _group in (keys_commands, organizations_commands, tls_commands, audit_commands):
    chartdrop_server.add_command(_group)


def run() -> NoReturn:
    """Runs the command line and exits; an error is a sentence on standard error, never a traceback."""
    try:
        chartdrop_server.main(prog_name="chartdrop-server", standalone_mode=False)
    except click.exceptions.Abort:
        _fail("Stopped.")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ChartdropError as error:
        _fail(error.message)
    except (OSError, SQLAlchemyError) as error:
        log.error("fault", **fault_of(error))
        _fail(f"{type(error).__name__}: {getattr(error, 'strerror', None) or 'the log above says where'}.")
    sys.exit(0)


def _fail(message: str) -> NoReturn:
    click.echo(f"chartdrop-server: {message}", err=True)
    sys.exit(1)
