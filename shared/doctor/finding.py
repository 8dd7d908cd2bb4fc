"""What a look at one thing found, and what to do about it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from shared.errors import ChartdropError

State = Literal["well", "warning", "fault"]
"""`warning`: it works, but worse than it could, or not for long. `fault`: something does not work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` is stable and for programs. `remedy` says what to do; it is empty where all is well."""

    check: str
    state: State
    message: str
    remedy: str = ""


Check = Callable[[], Iterable[Finding]]
"""Looks at something. An error of ours that it raises is its finding."""


def examine(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """The findings of every check, one after another, each as soon as it is there."""
    for name, check in checks:
        try:
            yield from check()
        except ChartdropError as error:
            yield Finding(name, "fault", error.message)
        except Exception as error:  # whatever a machine has in store: the other checks still run
            yield Finding(name, "fault", f"It could not be looked at ({type(error).__name__}).", "Report this.")


def examine_all(name: str, checks: Callable[[], Iterable[tuple[str, Check]]]) -> Iterator[Finding]:
    """As `examine`; where the checks themselves are not to be had, because the settings are wrong, that is found."""
    try:
        known = checks()
    except ChartdropError as error:
        yield Finding(name, "fault", error.message)
        return
    yield from examine(known)


def as_words(finding: Finding) -> str:
    """The finding for people, in one line or two."""
    line = f"{finding.state:<8}{finding.check.replace('_', ' '):<12} {finding.message}"
    return f"{line}\n{' ' * 21}{finding.remedy}" if finding.remedy else line


def is_fault(findings: Iterable[Finding]) -> bool:
    """Whether anything does not work."""
    return any(finding.state == "fault" for finding in findings)
