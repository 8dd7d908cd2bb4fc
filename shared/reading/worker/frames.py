"""Messages between a reading process and its parent: a JSON header, then raw bytes.

No pickle: the child parses untrusted files, so what it sends is data to be checked, never code.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

_LENGTHS = struct.Struct(">IQ")  # bytes of the header, bytes of the body
_LONGEST_HEADER = 1_000_000
_LONGEST_BODY = 2_000_000_000

Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Frame:
    """One message: what it is, what goes with it, and its bytes."""

    kind: str
    header: Mapping[str, Plain] = field(default_factory=dict)
    body: bytes = b""


def write_frame(stream: BinaryIO, kind: str, body: bytes = b"", **header: Plain) -> None:
    """The frame is on its way. Raises OSError when nobody listens any more."""
    head = json.dumps({"kind": kind, **header}).encode()
    stream.write(_LENGTHS.pack(len(head), len(body)))
    stream.write(head)
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """The next frame, None when the stream has ended or what comes is no frame."""
    prefix = _exactly(stream, _LENGTHS.size)
    if prefix is None:
        return None
    head_length, body_length = _LENGTHS.unpack(prefix)
    if head_length > _LONGEST_HEADER or body_length > _LONGEST_BODY:
        return None
    head, body = _exactly(stream, head_length), _exactly(stream, body_length)
    if head is None or body is None:
        return None
    return _parsed(head, body)


def _parsed(head: bytes, body: bytes) -> Frame | None:
    try:
        header = json.loads(head)
    except ValueError:
        return None
    if not isinstance(header, dict) or not isinstance(header.get("kind"), str):
        return None
    return Frame(header.pop("kind"), header, body)


def _exactly(stream: BinaryIO, length: int) -> bytes | None:
    try:
        content = stream.read(length)
    except (OSError, ValueError):  # the other end, or this one, was closed meanwhile
        return None
    return content if len(content) == length else None
