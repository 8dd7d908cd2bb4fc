"""What was read, in the forms in which other programs take it. Clock, files and originals are given as arguments."""

from shared.export.document import Document, PagePicture
from shared.export.errors import ExportError
from shared.export.formats import Format, SingleFile, Writer, csv_writer, one_file, open_writer, single_files
from shared.export.layout import Layout, layout_of

__all__ = [
    "Document",
    "ExportError",
    "Format",
    "Layout",
    "PagePicture",
    "SingleFile",
    "Writer",
    "csv_writer",
    "layout_of",
    "one_file",
    "open_writer",
    "single_files",
]
