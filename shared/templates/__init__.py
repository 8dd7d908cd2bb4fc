"""Schema templates: which fields and tables a kind of document has, and by which labels they are found."""

from shared.templates.catalog import GENERIC, load_builtin, template_named, template_names
from shared.templates.matching import AUTO, TemplateChoice, choose_template
from shared.templates.model import Choice, Column, Constraints, DateOrder, Field, Kind, Table, Template
from shared.templates.own import (
    OwnTemplates,
    WrittenTemplate,
    examine_content,
    load_folder,
    load_template,
    names_in_common,
    with_others,
)

__all__ = [
    "AUTO",
    "GENERIC",
    "Choice",
    "Column",
    "Constraints",
    "DateOrder",
    "Field",
    "Kind",
    "OwnTemplates",
    "Table",
    "Template",
    "TemplateChoice",
    "WrittenTemplate",
    "choose_template",
    "examine_content",
    "load_builtin",
    "load_folder",
    "load_template",
    "names_in_common",
    "template_named",
    "template_names",
    "with_others",
]
