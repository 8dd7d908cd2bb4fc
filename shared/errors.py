"""The base of every error that Chartdrop raises on purpose."""

from typing import ClassVar


class ChartdropError(Exception):
    """Something a person can be told about.

    `code` is stable and for programs; the message is one sentence that a person can act on and holds
    nothing about a patient; `retryable` says whether the same act may succeed later, unchanged.
    """

    code: ClassVar[str] = "unexpected"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
