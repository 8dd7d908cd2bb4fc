"""`chartdrop templates`: the schema templates there are, and what is wrong with one of a clinic's own."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desktop.cli.session import Session, data_dir_option, json_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.settings import Settings
    from shared.templates import Template
    from shared.templates.errors import TemplateFault
    from shared.templates.model import Column, Field


@click.group()
@data_dir_option
def templates() -> None:
    """The kinds of document that are known, and templates of your own.

    Your own templates are files (TOML or JSON) in the folder `templates` of the data directory. Those that your
    organization published on its server are there after `chartdrop sync`.
    """


@templates.command(name="list")
@json_option
@data_dir_option
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List the templates: those that come with Chartdrop, your own, your organization's.

    With --json, one object a template: name, short_names, version, title, fields and tables (their names), schema
    (JSON Schema of the record).
    """
    from desktop.cli.printing import print_json

    known = _known(context)
    if as_json:
        for template in known:
            print_json(_line(template))
    else:
        _print_list(known)


@templates.command()
@click.argument("name")
@json_option
@data_dir_option
@click.pass_context
def show(context: click.Context, name: str, as_json: bool) -> None:
    """Show what template NAME asks for, and the labels by which it is found.

    With --json, the object that `list` prints for it.
    """
    from desktop.cli.printing import print_json
    from shared.templates import template_named
    from shared.templates.errors import TemplateUnknown

    try:
        template = template_named(name, own_templates(context.ensure_object(Session).settings()))
    except TemplateUnknown as error:
        raise click.BadParameter(error.message, param_hint="NAME") from error
    if as_json:
        print_json(_line(template))
    else:
        _print_template(template)


@templates.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@json_option
@data_dir_option
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


def own_templates(settings: "Settings") -> "tuple[Template, ...]":
    """Those in the data directory, and the organization's in a store that opens without a question.

    Why others there cannot be followed was told on standard error."""
    from desktop.cli.printing import plain
    from desktop.unopened import templates_at_hand

    own = templates_at_hand(settings)
    for refusal in own.refused:
        click.echo(plain(f"chartdrop: {refusal.message} It is left out."), err=True)
    return own.templates


def _known(context: click.Context) -> "tuple[Template, ...]":
    from shared.templates import load_builtin

    return (*load_builtin(), *own_templates(context.ensure_object(Session).settings()))


def _line(template: "Template") -> dict[str, Any]:
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


def _print_list(templates: "tuple[Template, ...]") -> None:
    rows = [
        (
            ", ".join((one.name, *one.short_names)),
            str(one.version),
            one.title,
            str(len(one.fields)),
            ", ".join(table.name for table in one.tables),
        )
        for one in templates
    ]
    _print_table(("name", "version", "kind of document", "fields", "tables"), rows)


def _print_template(template: "Template") -> None:
    from desktop.cli.printing import plain

    click.echo(plain(f"{template.title} ({template.name}, version {template.version})"))
    rows = [_row(field.name, field) for field in template.fields]
    rows += [_row(f"{table.name}.{column.name}", column) for table in template.tables for column in table.columns]
    _print_table(("field", "kind", "labels"), rows)


def _row(name: str, field: "Field | Column") -> tuple[str, str, str]:
    return name, field.kind.value, ", ".join(field.labels)


def _print_table(heads: "Sequence[str]", rows: "Sequence[Sequence[str]]") -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from desktop.cli.printing import console, plain

    table = Table(box=box.SIMPLE, pad_edge=False)
    for head in heads:
        table.add_column(head, no_wrap=head == heads[0])
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console().print(table)


def _print_examined(file: Path, template: "Template | None", faults: "tuple[TemplateFault, ...]") -> None:
    from desktop.cli.printing import plain

    if template is not None:
        click.echo(f"{plain(str(file))}: {template.name}, version {template.version}, can be followed.")
    for fault in faults:
        where = f"{file}:{fault.line}" if fault.line else str(file)
        subject = f"{fault.field}: " if fault.field else ""
        click.echo(plain(f"{where}: {subject}{fault.reason} {fault.remedy}"))
