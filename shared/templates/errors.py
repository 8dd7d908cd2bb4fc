"""What can be wrong with a template or its name."""

from shared.errors import ChartdropError


class TemplateUnknown(ChartdropError):
    """No template has the name that was asked for."""

    code = "template_unknown"
