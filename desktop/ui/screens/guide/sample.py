"""A form about nobody, drawn on the spot, so that one sees at once what reading is like."""

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from desktop.ui.theme.theme import FAMILY

FILE_NAME = "Chartdrop sample.png"
_WIDTH, _HEIGHT, _DPI = 1700, 2200, 200  # a letter page
_LEFT, _VALUE_LEFT, _TOP, _STEP = 150, 700, 520, 108
_INK, _RULE = QColor("#202020"), QColor("#b0b0b0")
_LINES = (
    ("Patient name", "Sample Q. Person"),
    ("Date of birth", "03/04/1941"),
    ("Sex", "F"),
    ("Medical record no.", "MR-0000042"),
    ("Telephone", "(602) 555-0142"),
    ("Date of admission", "11/19/2026"),
    ("Level of care", "Routine home care"),
    ("Attending physician", "Invented Doctor, MD"),
    ("Terminal diagnosis", "Congestive heart failure"),
    ("ICD-10", "I50.9"),
    ("Allergies", "Penicillin"),
    ("Primary payer", "Medicare Part A"),
)


def write_sample(folder: Path) -> Path:
    """The sample is a file in `folder`; its whole path."""
    page = QImage(_WIDTH, _HEIGHT, QImage.Format.Format_RGB32)
    page.setDotsPerMeterX(round(_DPI / 0.0254))
    page.setDotsPerMeterY(round(_DPI / 0.0254))
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw(painter)
    painter.end()
    path = folder / FILE_NAME
    if not page.save(str(path)):
        raise OSError(f"The sample could not be written to {path}.")
    return path


def _draw(painter: QPainter) -> None:
    _write(painter, _LEFT, 220, "HOSPICE ADMISSION FORM", 58)
    _write(painter, _LEFT, 310, "A sample. Nobody of this name exists.", 34)
    for place, (name, value) in enumerate(_LINES):
        base = _TOP + place * _STEP
        _write(painter, _LEFT, base, f"{name}:", 36)
        _write(painter, _VALUE_LEFT, base, value, 38)
        painter.setPen(QPen(_RULE, 2))
        painter.drawLine(QPointF(_VALUE_LEFT, base + 18), QPointF(_WIDTH - _LEFT, base + 18))


def _write(painter: QPainter, left: int, base: int, text: str, size: int) -> None:
    font = QFont(FAMILY)
    font.setPixelSize(size)
    painter.setFont(font)
    painter.setPen(_INK)
    painter.drawText(QPointF(left, base), text)
