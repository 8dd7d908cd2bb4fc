"""What a template says. Its file is TOML; this is the form that is checked."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.documents import TemplateRef

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Phrase = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]


class Kind(StrEnum):
    """What a value is, which says how it is checked and normalised."""

    TEXT = "text"
    PERSON = "person"  # "First M. Last"
    DATE = "date"  # ISO 8601
    BIRTH_DATE = "birth_date"  # two-digit years are the last century's
    DATE_RANGE = "date_range"  # two dates in ISO 8601, "/" between them
    PHONE = "phone"  # E.164
    EMAIL = "email"
    ADDRESS = "address"
    AGE = "age"  # whole years
    IDENTIFIER = "identifier"  # upper case, no spaces
    LAST_FOUR = "last_four"  # the last four digits of a social security number
    DIAGNOSIS = "diagnosis"  # text, checked against the descriptions of ICD-10-CM
    ICD10 = "icd10"
    ICD10_LIST = "icd10_list"
    CPT = "cpt"  # a procedure's code: CPT or HCPCS
    NPI = "npi"
    MEDICARE = "medicare"
    TAX_ID = "tax_id"
    MONEY = "money"
    PERCENT = "percent"
    COUNT = "count"  # a whole number
    MEASURE = "measure"  # a number with its unit
    QUANTITY = "quantity"  # a laboratory result
    REFERENCE_RANGE = "reference_range"
    DOSE = "dose"
    ROUTE = "route"
    FREQUENCY = "frequency"
    CHOICE = "choice"  # one of `choices`, ticked or written
    LIST = "list"  # several texts; empty where "none" is written
    PRESENCE = "presence"  # true where ink stands


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Choice(_Model):
    """One of the values a field may have, and how forms print it."""

    value: str | bool
    printed: tuple[Phrase, ...]


class Field(_Model):
    """One value that a document has once."""

    name: Name
    title: Phrase
    kind: Kind = Kind.TEXT
    labels: tuple[Phrase, ...] = ()  # as forms print them, best first; case and punctuation do not matter
    sections: tuple[Phrase, ...] = ()  # headings under which `section_labels`, too general elsewhere, mean this field
    section_labels: tuple[Phrase, ...] = ()
    choices: tuple[Choice, ...] = ()
    letterhead: bool = False  # stands at the top of the first page, without a label or under a section label
    inside: Name | None = None  # the field in whose text it may stand too


class Column(_Model):
    """One column of a table."""

    name: Name
    title: Phrase
    kind: Kind = Kind.TEXT
    labels: tuple[Phrase, ...]


class Table(_Model):
    """What a document may have several of."""

    name: Name
    title: Phrase
    headings: tuple[Phrase, ...]  # what stands above or before it
    columns: tuple[Column, ...]


class Template(_Model):
    """A kind of document. A change of meaning makes a new `version`."""

    name: Name
    version: int
    title: Phrase
    short_names: tuple[Name, ...] = ()
    headings: tuple[Phrase, ...]  # what such a document calls itself at its top
    other_labels: tuple[Phrase, ...] = ()  # labels that such documents bear and no field asks for
    fields: tuple[Field, ...]
    tables: tuple[Table, ...] = ()

    @property
    def reference(self) -> TemplateRef:
        """The name and version that a reading carries."""
        return TemplateRef(self.name, self.version)
