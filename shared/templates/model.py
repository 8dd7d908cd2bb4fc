"""What a template says, once it is put together from its file and the glossary."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as PydanticField

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
    RESULT_FLAG = "result_flag"  # what marks a result: "H"
    UNIT = "unit"  # of a result
    REFERENCE_RANGE = "reference_range"
    DOSE = "dose"
    ROUTE = "route"
    FREQUENCY = "frequency"
    CHOICE = "choice"  # one of `choices`, ticked or written
    LIST = "list"  # several texts; empty where "none" is written
    PRESENCE = "presence"  # true where ink stands


class DateOrder(StrEnum):
    """How a kind of document writes days in numbers: what "03/11/2025" is."""

    MONTH_FIRST = "month first"
    DAY_FIRST = "day first"
    UNKNOWN = "unknown"  # some so, some so: what may be either goes to review


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Choice(_Model):
    """One of the values a field may have, and how forms print it."""

    value: str | bool
    printed: tuple[Phrase, ...]


class Constraints(_Model):
    """What holds for a value beside its kind, in JSON Schema's words. A pattern is RE2's."""

    pattern: str | None = None
    enum: tuple[str | bool, ...] | None = None
    min_length: int | None = PydanticField(default=None, alias="minLength")
    max_length: int | None = PydanticField(default=None, alias="maxLength")
    min_items: int | None = PydanticField(default=None, alias="minItems")
    max_items: int | None = PydanticField(default=None, alias="maxItems")

    def as_schema(self) -> dict[str, Any]:
        """As JSON Schema has it."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class _Valued(_Model):
    """What a field and a column say of their values."""

    name: Name
    title: Phrase
    kind: Kind = Kind.TEXT
    labels: tuple[Phrase, ...] = ()  # as forms print them, best first; case and punctuation do not matter
    constraints: Constraints | None = PydanticField(default=None, alias="schema")
    review_below: float | None = PydanticField(default=None, ge=0, le=1)  # confidence; None: as usual for the kind


class Field(_Valued):
    """One value that a document has once."""

    sections: tuple[Phrase, ...] = ()  # headings under which `section_labels`, too general elsewhere, mean this field
    section_labels: tuple[Phrase, ...] = ()
    choices: tuple[Choice, ...] = ()  # all there are for a choice; for a text the usual ones
    letterhead: bool = False  # stands at the top of the first page, without a label or under a section label
    inside: Name | None = None  # the field in whose text it may stand too


class Column(_Valued):
    """One column of a table."""

    optional: bool = False  # left out of every row where the document does not print it


class Table(_Model):
    """What a document may have several of."""

    name: Name
    title: Phrase
    headings: tuple[Phrase, ...] = ()  # what stands above or before it
    columns: tuple[Column, ...] = PydanticField(min_length=1)


class Template(_Model):
    """A kind of document. A change of meaning makes a new `version`."""

    name: Name
    version: int = PydanticField(ge=1)
    title: Phrase
    short_names: tuple[Name, ...] = ()
    headings: tuple[Phrase, ...] = ()  # what such a document calls itself at its top
    signs: tuple[Phrase, ...] = ()  # words that such documents bear anywhere, and hardly any other does
    other_labels: tuple[Phrase, ...] = ()  # labels that such documents bear and no field asks for
    dates: DateOrder = DateOrder.MONTH_FIRST
    fields: tuple[Field, ...]
    tables: tuple[Table, ...] = ()

    def __hash__(self) -> int:
        """Of its name alone: what is remembered by template is asked for at every page."""
        return hash((self.name, self.version))

    @property
    def reference(self) -> TemplateRef:
        """The name and version that a reading carries."""
        return TemplateRef(self.name, self.version)
