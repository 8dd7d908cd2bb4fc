"""Why a file could not be read: each with a stable code and a sentence that says what to do."""

from shared.errors import ChartdropError


class ReadingError(ChartdropError):
    """A file, or the machine that reads it, stands in the way of a reading."""

    code = "reading_failed"


class FileEmpty(ReadingError):
    """There are no bytes."""

    code = "file_empty"


class FileTypeUnsupported(ReadingError):
    """The content is not a PDF, TIFF, PNG or JPEG, whatever the name says."""

    code = "file_type_unsupported"


class FileEncrypted(ReadingError):
    """The PDF opens with a password only."""

    code = "file_encrypted"


class FileDamaged(ReadingError):
    """The content begins like a known kind and cannot be decoded."""

    code = "file_damaged"


class FileTooLarge(ReadingError):
    """More bytes than the limit."""

    code = "file_too_large"


class TooManyPages(ReadingError):
    """More pages than the limit."""

    code = "too_many_pages"


class PageTooLarge(ReadingError):
    """A page has more pixels than the limit."""

    code = "page_too_large"


class PagesNotDrawn(ReadingError):
    """The pages of a file could not be drawn anew."""

    code = "pages_not_drawn"


class ModelsMissing(ReadingError):
    """The recognition models are not on this machine, or are not those that belong here."""

    code = "models_missing"


class MemoryExhausted(ReadingError):
    """Reading the file needs more memory than the limit."""

    code = "reader_out_of_memory"
