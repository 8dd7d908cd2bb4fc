"""Tables of schema templates. They say how forms look, nothing about a patient, and are held in the clear."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from syncserver.kit.columns import Base


class SchemaTemplate(Base):
    """A template of an organization. A deleted one is remembered, so that its versions' numbers are not given again.

    `uses` counts the documents that were read by it, in whichever organization.
    """

    __tablename__ = "schema_templates"
    __table_args__ = (
        Index("ix_schema_templates_public", "name", postgresql_where=text("is_public"), sqlite_where=text("is_public")),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    is_public: Mapped[bool]
    latest_version: Mapped[int]
    published_version: Mapped[int | None]
    uses: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class SchemaTemplateVersion(Base):
    """One version, as it was written: `format` is toml or json."""

    __tablename__ = "schema_template_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "name"],
            ["schema_templates.organization_id", "schema_templates.name"],
            name="fk_schema_template_versions_organization_id_name",
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    format: Mapped[str]
    source: Mapped[str]
    created_at: Mapped[datetime]
