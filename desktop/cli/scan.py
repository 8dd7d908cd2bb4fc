"""`chartdrop scan`."""

from contextlib import nullcontext
from pathlib import Path

import click

from desktop.cli.session import Session, data_dir_option, json_option


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--template", default="auto", show_default=True, metavar="NAME|auto", help="Which kind of document it is."
)
@click.option("--save", is_flag=True, help="Keep what was read in the encrypted store, too.")
@json_option
@data_dir_option
@click.pass_context
def scan(context: click.Context, files: tuple[Path, ...], template: str, save: bool, as_json: bool) -> None:
    """Read FILEs (PDF, PNG, JPEG, TIFF) and print what was found.

    Touches no stored data unless --save. With --json, one object a file, in the order given; an object whose "error"
    is not null says why that file could not be read, and the command ends with 3.
    """
    from desktop.cli.readers import Readers

    session = context.ensure_object(Session)
    settings = session.settings()
    with Readers(settings, len(files)) as readers:  # they warm up while the rest is loaded: a second saved
        from desktop.cli.scanning import Scanning

        scanning = Scanning(settings, _checked(template), as_json, readers)
        with session.workspace() if save else nullcontext() as workspace:
            failed = scanning.run(files, workspace)
    context.exit(_code(failed))


def _checked(template: str) -> str:
    from shared.templates import AUTO, template_named
    from shared.templates.errors import TemplateUnknown

    if template == AUTO:
        return template
    try:
        return template_named(template).name
    except TemplateUnknown as error:
        raise click.BadParameter(error.message, param_hint="--template") from error


def _code(failed: int) -> int:
    from desktop.cli.faults import INPUT_FAILED

    return INPUT_FAILED if failed else 0
