"""What the routes of schema templates take and answer."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

_LONGEST = 50_000  # characters, checked in half a second at worst; the product's own have 5 000 at most

Format = Literal["toml", "json"]
Origin = Literal["built-in", "own", "public"]


class TemplateSource(BaseModel):
    """A template as it is written in a file (`shared/templates/README.md`): TOML, or JSON.

    `name` and `version` stand in it; each version is larger than the one before.
    """

    model_config = ConfigDict(extra="forbid")

    source: Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST)]
    format: Format = "toml"


class Publication(BaseModel):
    """Which version jobs are read by from now on (the newest, unless said), and whether in all organizations."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[StrictInt, Field(ge=1, le=2**31 - 1)] | None = None
    is_public: StrictBool = Field(default=False, description="For all organizations: for the operator alone.")


class TemplateView(BaseModel):
    """A template that the organization can see: it comes with the product, is its own, or is public.

    Jobs may name it once it has a `published_version`; `uses` counts the documents that were read by it here (null of
    what comes with the product).
    """

    name: str
    title: str
    origin: Origin
    is_public: bool
    latest_version: int
    published_version: int | None
    uses: int | None
    created_at: datetime | None
    updated_at: datetime | None


class VersionView(BaseModel):
    """One version of a template."""

    version: int
    created_at: datetime


class TemplateDetail(TemplateView):
    """A template with its newest version as it was written, and what its record looks like (JSON Schema 2020-12).

    Of a public one of the operator's, and of what comes with the product, the published version alone is shown.
    """

    format: Format | None
    source: str | None
    versions: list[VersionView]
    record_schema: dict[str, object]
