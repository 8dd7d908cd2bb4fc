"""Forms with files, read as they arrive: a file is sealed chunk by chunk, and lies nowhere in the clear on its way.

Starlette's own parser spools what is larger than 1 MB into a temporary file as it came.
"""

import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import UUID

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from shared.crypto.stream import StreamSealer
from shared.ids import new_id
from syncserver.kit.errors import BodyTooLarge, InvalidRequest, ServerError

HEAD_BYTES = 1024  # of each file, kept in the clear in memory: its kind is told by them
_MAX_FIELD_BYTES = 10_000
_MAX_FIELDS = 20
_MAX_NAME_CHARACTERS = 255


class FormNotReadable(ServerError):
    """The body is no form with files, or breaks off."""

    code = "form_not_readable"
    status = 400


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that came under the form's `field`; `sealed` stands at its beginning."""

    id: UUID
    field: str
    file_name: str
    size: int
    sha256: str
    head: bytes
    sealed: BinaryIO


@dataclass(frozen=True, slots=True)
class UploadedForm:
    """What came: texts by name, and files in their order."""

    texts: dict[str, str] = field(default_factory=dict)
    files: list[UploadedFile] = field(default_factory=list)

    def close(self) -> None:
        """The files' temporary storage is given back."""
        for file in self.files:
            file.sealed.close()


@dataclass(frozen=True, slots=True)
class FormLimits:
    """What a form may hold."""

    file_bytes: int
    files: int


SealerFor = Callable[[UUID], StreamSealer]
"""Makes what seals the file that has this new id."""


async def read_form(request: Request, limits: FormLimits, sealer_for: SealerFor) -> UploadedForm:
    """The request's form; the caller closes it. Raises FormNotReadable, InvalidRequest, BodyTooLarge."""
    reader = _FormReader(limits, sealer_for)
    try:
        parser = MultipartParser(_boundary(request), reader.callbacks())  # type: ignore[arg-type]
        async for piece in request.stream():
            parser.write(piece)
        parser.finalize()
    except FormParserError as error:
        reader.close()
        raise FormNotReadable("The body is no whole multipart/form-data. Send the form again.") from error
    except BaseException:
        reader.close()
        raise
    if not reader.ended:
        reader.close()
        raise FormNotReadable("The form breaks off before its end. Send it again.")
    return reader.form


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("Content-Type"))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise FormNotReadable("Send the file as multipart/form-data.")
    return options[b"boundary"]


class _Part:
    """A part that is coming in: a text, or a file."""

    def __init__(self, headers: dict[bytes, bytes], limits: FormLimits, sealer_for: SealerFor) -> None:
        _, options = parse_options_header(headers.get(b"content-disposition"))
        self.name = options.get(b"name", b"").decode("utf-8", "replace")
        given = options.get(b"filename")
        self.is_file = given is not None
        self.file_name = _plain_name((given or b"").decode("utf-8", "replace"))
        self._limit = limits.file_bytes if self.is_file else _MAX_FIELD_BYTES
        self.size, self.head = 0, bytearray()
        if self.is_file:
            self._id = new_id()
            self._hash = hashlib.sha256()
            self._sealer = sealer_for(self._id)
            self.spool: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115 - whoever has the form closes it

    def write(self, data: bytes) -> None:
        self.size += len(data)
        if self.size > self._limit:
            what = "The file" if self.is_file else f"The field {self.name}"
            raise BodyTooLarge(f"{what} is larger than the {self._limit:,} bytes that are taken.")
        if not self.is_file:
            self.head += data
            return
        self.head += data[: HEAD_BYTES - len(self.head)]
        self._hash.update(data)
        self.spool.write(self._sealer.update(data))

    def text(self) -> str:
        return self.head.decode("utf-8", "replace")

    def file(self) -> UploadedFile:
        self.spool.write(self._sealer.finish())
        self.spool.seek(0)
        digest = self._hash.hexdigest()
        return UploadedFile(self._id, self.name, self.file_name, self.size, digest, bytes(self.head), self.spool)


class _FormReader:
    """Takes what the parser finds."""

    def __init__(self, limits: FormLimits, sealer_for: SealerFor) -> None:
        self.form, self.ended = UploadedForm(), False
        self._limits, self._sealer_for = limits, sealer_for
        self._part: _Part | None = None
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = b"", b""

    def callbacks(self) -> dict[str, Callable[..., None]]:
        """By the names that the parser knows them by."""
        return {
            "on_header_field": self._on_header_field,
            "on_header_value": self._on_header_value,
            "on_header_end": self._on_header_end,
            "on_headers_finished": self._on_headers_finished,
            "on_part_data": self._on_part_data,
            "on_part_end": self._on_part_end,
            "on_end": self._on_end,
        }

    def close(self) -> None:
        if self._part and self._part.is_file:
            self._part.spool.close()
        self.form.close()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header, self._value = b"", b""

    def _on_headers_finished(self) -> None:
        self._part = _Part(self._headers, self._limits, self._sealer_for)
        self._headers = {}

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        assert self._part is not None  # noqa: S101 - headers come first
        self._part.write(data[start:end])

    def _on_part_end(self) -> None:
        part, self._part = self._part, None
        assert part is not None  # noqa: S101 - headers come first
        if part.is_file:
            self.form.files.append(part.file())
        else:
            self.form.texts[part.name] = part.text()
        if len(self.form.files) > self._limits.files or len(self.form.texts) > _MAX_FIELDS:
            raise InvalidRequest(f"The form holds too much: at most {self._limits.files} files are taken at once.")

    def _on_end(self) -> None:
        self.ended = True


def _plain_name(given: str) -> str:
    """The name alone, without folders and without what no name holds."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[-_MAX_NAME_CHARACTERS:].strip() or "document"
