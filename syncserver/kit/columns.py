"""The base of every table, and the column types that mean the same on both databases."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A moment with microseconds: always aware and in UTC; one without a zone counts as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return aware.replace(tzinfo=None) if dialect.name == "sqlite" else aware

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


WideInteger = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in an INTEGER key


class Base(DeclarativeBase):
    """Constraints have names on both databases, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, UUID: Uuid, str: Text, int: WideInteger, bytes: LargeBinary}  # noqa: RUF012


def table_of(model: type[Base]) -> Table:
    """The table itself: statements over it pass by the unit of work, for rows that are asked for at every request."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - every model is one table
    return table
