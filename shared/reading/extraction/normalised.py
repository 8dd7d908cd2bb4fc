"""What a text is worth as a value."""

from dataclasses import dataclass

from shared.documents import Value

AS_PRINTED = 1.0  # plausibility of a value that its grammar takes as it stands
REPAIRED = 0.85  # one misread character, for which its grammar leaves one reading
REPAIRED_MORE = 0.8  # several such characters
CONTESTED = 0.9  # right as it stands, and right as well with one character misread
AMBIGUOUS = 0.4  # wrong as it stands, with several right readings
KEPT = 0.3  # wrong as it stands, with none

UNREAD = "?"
"""Stands for a character that is seen in a cell of its own and was not read."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """A value in its normal form, and how plausible it is (0..1) that this is what the form means.

    `repaired`: characters were taken for others. `ambiguous`: it may as well be one of the `alternatives`.
    """

    value: Value
    plausibility: float
    repaired: bool = False
    ambiguous: bool = False
    alternatives: tuple[Value, ...] = ()
