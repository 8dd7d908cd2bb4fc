"""Regular expressions of a clinic's own: RE2's, which take time in proportion to the text, whatever they say."""

from functools import lru_cache
from typing import Any

_REMEMBERED = 256  # patterns
_MEMORY = 1 << 20  # bytes that one compiled pattern may take


class PatternRefused(ValueError):
    """RE2 cannot run the pattern; the message says why."""


@lru_cache(_REMEMBERED)
def compiled(pattern: str) -> Any:
    """`pattern`, ready to search. Raises PatternRefused."""
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise PatternRefused(_reason(error)) from None


def found(pattern: str, text: str) -> bool:
    """Whether `pattern` stands anywhere in `text`, as JSON Schema has it. Raises PatternRefused."""
    return compiled(pattern).search(text) is not None


def _reason(error: Exception) -> str:
    words = error.args[0] if error.args else ""
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
