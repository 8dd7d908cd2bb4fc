"""`chartdrop scan`."""

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop.cli.session import Session, data_dir_option, json_option

if TYPE_CHECKING:
    from desktop.settings import Settings
    from shared.templates import Template


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option(
    "--template",
    default="auto",
    show_default=True,
    metavar="NAME|FILE|auto",
    help="Which kind of document it is: a template's name, or a file with one (TOML or JSON).",
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

        name, own = _chosen(template, settings)
        readers.follow(own)
        scanning = Scanning(settings, name, as_json, readers)
        with session.signed_in() if save else nullcontext() as workspace:
            failed = scanning.run(files, workspace)
    context.exit(_code(failed))


def _chosen(wanted: str, settings: "Settings") -> "tuple[str, tuple[Template, ...]]":
    """The template's name, and the clinic's own templates, the one in a `wanted` file among them."""
    from desktop.cli.templates import own_templates
    from shared.templates import AUTO, load_template, template_named
    from shared.templates.errors import TemplateRefused, TemplateUnknown
    from shared.templates.own import SUFFIXES

    own = own_templates(settings)
    try:
        if Path(wanted).suffix.lower() in SUFFIXES:
            given = load_template(Path(wanted))
            return given.name, (*(other for other in own if other.name != given.name), given)
        return wanted if wanted == AUTO else template_named(wanted, own).name, own
    except (TemplateRefused, TemplateUnknown) as error:
        raise click.BadParameter(error.message, param_hint="--template") from error
    except OSError as error:
        raise click.BadParameter(f"{wanted} cannot be opened: {error.strerror}.", param_hint="--template") from error


def _code(failed: int) -> int:
    from desktop.cli.faults import INPUT_FAILED

    return INPUT_FAILED if failed else 0
