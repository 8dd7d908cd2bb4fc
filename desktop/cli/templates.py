"""`chartdrop templates`: the schema templates there are, and what is wrong with one of a clinic's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop.cli.session import data_dir_option, json_option

if TYPE_CHECKING:
    from shared.templates import Template
    from shared.templates.errors import TemplateFault


@click.group(invoke_without_command=True)
@json_option
@data_dir_option
@click.pass_context
def templates(context: click.Context, as_json: bool) -> None:
    """List the schema templates: the kinds of document that are known.

    With --json, one object a template: name, short_names, version, title, fields and tables (their names), schema
    (JSON Schema of the record).
    """
    if context.invoked_subcommand is not None:
        return
    from desktop.cli.printing import print_json
    from shared.templates import load_builtin

    if as_json:
        for template in load_builtin():
            print_json(_template_line(template))
    else:
        _print_templates(load_builtin())


@templates.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@json_option
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Say whether the templates in FILEs (TOML or JSON) can be followed, and if not, why. Ends with 3 if one cannot.

    With --json, one object a file: file, template ({"name", "version"} or null), faults (line or null, field or null,
    reason, remedy).
    """
    from desktop.cli.faults import INPUT_FAILED
    from desktop.cli.printing import print_json
    from shared.templates.own import examine

    refused = False
    for file in files:
        try:
            template, faults = examine(file)
        except OSError as error:
            raise click.FileError(str(file), error.strerror) from error
        refused |= template is None
        if as_json:
            print_json(_examined_line(file, template, faults))
        else:
            _print_examined(file, template, faults)
    context.exit(INPUT_FAILED if refused else 0)


def _template_line(template: "Template") -> dict[str, Any]:
    from shared.templates.schema import record_schema

    return {
        "name": template.name,
        "short_names": template.short_names,
        "version": template.version,
        "title": template.title,
        "fields": [field.name for field in template.fields],
        "tables": [table.name for table in template.tables],
        "schema": record_schema(template),
    }


def _examined_line(file: Path, template: "Template | None", faults: "tuple[TemplateFault, ...]") -> dict[str, Any]:
    from dataclasses import asdict

    told = {"name": template.name, "version": template.version} if template else None
    return {"file": str(file), "template": told, "faults": [asdict(fault) for fault in faults]}


def _print_templates(templates: "tuple[Template, ...]") -> None:
    from rich import box
    from rich.table import Table

    from desktop.cli.printing import console

    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("name", no_wrap=True)
    table.add_column("version", justify="right")
    table.add_column("kind of document")
    table.add_column("fields", justify="right")
    table.add_column("tables")
    for one in templates:
        names = ", ".join((one.name, *one.short_names))
        tables = ", ".join(table.name for table in one.tables)
        table.add_row(names, str(one.version), one.title, str(len(one.fields)), tables)
    console().print(table)


def _print_examined(file: Path, template: "Template | None", faults: "tuple[TemplateFault, ...]") -> None:
    from desktop.cli.printing import plain

    if template is not None:
        click.echo(f"{plain(str(file))}: {template.name}, version {template.version}, can be followed.")
    for fault in faults:
        where = f"{file}:{fault.line}" if fault.line else str(file)
        subject = f"{fault.field}: " if fault.field else ""
        click.echo(plain(f"{where}: {subject}{fault.reason} {fault.remedy}"))
