"""What is said of a file that begins like a known kind and cannot be decoded."""

from shared.reading.errors import FileDamaged


def damaged_pdf(number: int | None = None) -> FileDamaged:
    """The error for a PDF, or for its page `number`."""
    where = f"Page {number} of the PDF" if number else "The PDF"
    return FileDamaged(f"{where} is damaged and cannot be read. Save, scan or send the document again.")
