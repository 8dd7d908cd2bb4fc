"""What can be wrong with a template or its name."""

from dataclasses import dataclass

from shared.errors import ChartdropError


class TemplateUnknown(ChartdropError):
    """No template has the name that was asked for."""

    code = "template_unknown"


@dataclass(frozen=True, slots=True)
class TemplateFault:
    """One thing that is wrong with a template's file: where (`line` from 1), why, and what to do about it."""

    line: int | None
    field: str | None
    reason: str
    remedy: str

    def __str__(self) -> str:
        where = [f"line {self.line}"] if self.line else []
        where += [self.field] if self.field else []
        return f"{', '.join(where)}: {self.reason} {self.remedy}" if where else f"{self.reason} {self.remedy}"


class TemplateRefused(ChartdropError):
    """A clinic's own template that cannot be followed; `faults` are in the order of the file."""

    code = "template_refused"

    def __init__(self, file_name: str, faults: tuple[TemplateFault, ...]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{file_name}: {faults[0]}{more}")
        self.faults = faults
