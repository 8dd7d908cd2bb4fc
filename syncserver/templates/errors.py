"""Why something about a template is refused."""

from syncserver.kit.errors import ServerError


class TemplateRefused(ServerError):
    """The template cannot be followed: each fault is named with its line, its field, the reason and what to do."""

    code = "template_refused"
    status = 422


class TemplateUnknown(ServerError):
    """There is no schema template of this name."""

    code = "template_unknown"
    status = 422


class TemplateNameTaken(ServerError):
    """Another template that the organization can use has the name."""

    code = "template_name_taken"
    status = 409


class TooManyTemplates(ServerError):
    """An organization has only so many."""

    code = "too_many_templates"
    status = 409
