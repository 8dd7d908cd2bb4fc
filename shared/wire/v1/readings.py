"""The one codec between a `Reading` and its JSON (section 2 of the contract)."""

from pydantic import TypeAdapter

from shared.documents import Reading

_READING: TypeAdapter[Reading] = TypeAdapter(Reading)


def reading_to_json(reading: Reading) -> bytes:
    """`reading` as one line of UTF-8 JSON in the contract's shape."""
    return _READING.dump_json(reading)


def reading_from_json(payload: bytes | str) -> Reading:
    """The reading that `payload` holds. Raises pydantic.ValidationError, which names what is wrong."""
    return _READING.validate_json(payload)
