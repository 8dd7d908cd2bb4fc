"""The one codec between a `Reading` and its JSON (section 2 of the contract)."""

from pydantic import TypeAdapter

from shared.documents import Reading

_READING: TypeAdapter[Reading] = TypeAdapter(Reading)
_RESULT = {"document_type", "document_type_confidence", "template", "fields", "tables", "pages"}
"""The members of a reading that say what was read; the others tell of its file, and how reading it went."""


def reading_to_json(reading: Reading) -> bytes:
    """`reading` as one line of UTF-8 JSON in the contract's shape."""
    return _READING.dump_json(reading)


def parts_to_json(reading: Reading) -> tuple[bytes, bytes]:
    """`reading` as two lines of such JSON: what is beside the result, and the result."""
    return _READING.dump_json(reading, exclude=_RESULT), _READING.dump_json(reading, include=_RESULT)


def reading_from_parts(beside: bytes, result: bytes) -> Reading:
    """The reading that `parts_to_json` took apart. Raises as `reading_from_json` does."""
    return reading_from_json(beside[:-1] + b"," + result[1:])


def reading_from_json(payload: bytes | str) -> Reading:
    """The reading that `payload` holds. Raises pydantic.ValidationError, which names what is wrong."""
    return _READING.validate_json(payload)
