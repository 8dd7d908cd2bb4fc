"""Light and dark, with contrast that tired eyes need."""

from collections.abc import Iterator
from dataclasses import fields

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QIcon
from pytestqt.qtbot import QtBot

from desktop.ui.theme import DARK, HIGH_CONTRAST, LIGHT, Palette, Scheme, theme
from desktop.ui.theme.icons import ICONS, icon
from desktop.ui.theme.theme import FAMILY
from tests.ui.conftest import OpenWindow
from tests.ui.shelf import Shelf

READABLE = 4.5  # WCAG 2.2, success criterion 1.4.3
EASILY_READABLE = 7.0  # success criterion 1.4.6
SEEN = 3.0  # success criterion 1.4.11, for edges
PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK, HIGH_CONTRAST], ids=["light", "dark", "high contrast"])


@pytest.fixture(autouse=True)
def back_to_light(qapp: object) -> Iterator[None]:
    yield
    theme().use(LIGHT)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    ink = QColor(colour)
    return 0.2126 * linear(ink.redF()) + 0.7152 * linear(ink.greenF()) + 0.0722 * linear(ink.blueF())


def linear(part: float) -> float:
    """One sRGB channel (0..1), without its gamma."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@PALETTES
def test_text_is_readable_on_every_ground_it_stands_on(palette: Palette) -> None:
    grounds = (palette.window, palette.surface, palette.raised, palette.hover, palette.selected)
    for ink in (palette.text, palette.muted, palette.bad_text):
        for ground in grounds:
            assert contrast(ink, ground) >= READABLE, (ink, ground)
    assert contrast(palette.on_accent, palette.accent) >= READABLE
    assert contrast(palette.on_accent, palette.accent_hover) >= READABLE


@PALETTES
def test_every_tint_carries_its_text(palette: Palette) -> None:
    for kind in ("accent", "good", "warn", "bad"):
        ink, tint = getattr(palette, f"{kind}_text"), getattr(palette, f"{kind}_tint")
        assert contrast(ink, tint) >= READABLE, kind
        assert contrast(ink, palette.surface) >= READABLE, kind
    assert contrast(palette.muted, palette.calm_tint) >= READABLE


@PALETTES
def test_the_window_wears_its_palette(palette: Palette, open_window: OpenWindow, shelf: Shelf) -> None:
    shelf.read()
    window = open_window()
    theme().use(palette)
    picture = window.grab().toImage()
    empty_list = picture.pixelColor(window.width() // 2, window.height() - 120)
    assert empty_list == QColor(palette.surface)


def test_light_and_dark_follow_the_system(qtbot: QtBot) -> None:
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme().palette is DARK
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme().palette is LIGHT


def test_high_contrast_is_what_it_says() -> None:
    colours = HIGH_CONTRAST
    for ink in (colours.text, colours.muted, colours.accent_text, colours.good_text, colours.bad_text):
        for ground in (colours.window, colours.surface, colours.hover, colours.selected):
            assert contrast(ink, ground) >= EASILY_READABLE, (ink, ground)
    for kind in ("accent", "good", "warn", "bad"):
        assert contrast(getattr(colours, f"{kind}_text"), getattr(colours, f"{kind}_tint")) >= EASILY_READABLE
    for edge in (colours.border, colours.border_strong, colours.accent, colours.disabled):
        assert contrast(edge, colours.surface) >= SEEN, edge


def test_what_a_person_chose_stays_whatever_the_system_has() -> None:
    hints = QGuiApplication.styleHints()
    theme().choose(Scheme.DARK)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme().palette is DARK
    theme().choose(Scheme.SYSTEM)
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme().palette is LIGHT


def test_colours_are_written_as_colours() -> None:
    for palette in (LIGHT, DARK, HIGH_CONTRAST):
        for one in fields(palette):
            assert QColor(getattr(palette, one.name)).isValid(), one.name


def test_every_icon_is_in_the_set(qapp: object) -> None:
    for name in ICONS:
        drawn = icon(name, LIGHT.text).pixmap(QSize(16, 16)).toImage()
        assert any(drawn.pixelColor(at % 16, at // 16).alpha() for at in range(256)), name


def test_an_icon_that_cannot_be_pressed_is_drawn_in_another_colour(qapp: object) -> None:
    drawn = icon("close", "#ff0000", "#0000ff")
    for mode, colour in ((QIcon.Mode.Normal, "#ff0000"), (QIcon.Mode.Disabled, "#0000ff")):
        picture = drawn.pixmap(QSize(64, 64), mode).toImage()
        inked = (picture.pixelColor(at % 64, at // 64) for at in range(64 * 64))
        assert max(inked, key=QColor.alpha).name() == colour


def test_the_window_brings_its_own_typeface(qapp: object) -> None:
    assert FAMILY in QFontDatabase.families()
