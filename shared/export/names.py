"""A person's name in the parts that FHIR and HL7 ask for."""

from dataclasses import dataclass

from nameparser import HumanName


@dataclass(frozen=True, slots=True)
class PartedName:
    """The parts of a name; empty where it has none."""

    family: str
    given: str
    middle: str
    suffix: str


def parted(text: str) -> PartedName:
    """The parts of a name that is written as "First M. Last"."""
    name = HumanName(text)
    return PartedName(name.last, name.first, name.middle, name.suffix)
