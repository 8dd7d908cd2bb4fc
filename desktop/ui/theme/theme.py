"""The one theme of the application: it paints light or dark, and says so when that changes."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from desktop.ui.theme.icons import forget_icons, icon
from desktop.ui.theme.stylesheet import stylesheet
from desktop.ui.theme.tokens import DARK, HIGH_CONTRAST, LIGHT, Palette, Scheme, TextSize

_FONTS = Path(__file__).parent / "fonts"
FAMILY = "Inter"


class Theme(QObject):
    """Which palette holds, and the fonts and icons drawn with it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = LIGHT
        self.scheme = Scheme.SYSTEM

    def install(self, application: QApplication) -> None:
        """Fonts, style and colours are the application's, and follow the system's from now on."""
        for file in sorted(_FONTS.glob("*.otf")):
            QFontDatabase.addApplicationFont(str(file))
        application.setStyle("Fusion")
        application.setFont(self.font())
        hints = application.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(lambda _: self._follow(hints.colorScheme()))
        self._follow(hints.colorScheme())

    def choose(self, scheme: Scheme) -> None:
        """A person wants `scheme`; with SYSTEM, what the system has is followed."""
        self.scheme = scheme
        hints = QGuiApplication.styleHints()
        self._follow(hints.colorScheme())

    def use(self, palette: Palette) -> None:
        """Everything is drawn with `palette`."""
        self.palette = palette
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.setPalette(_qt_palette(palette))
            application.setStyleSheet(stylesheet(palette))
        self.changed.emit()

    def font(self, size: TextSize = TextSize.BODY, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Inter in `size`, with figures of one width, so that columns of numbers stand still."""
        return QFont(_font(size, weight))

    def icon(self, name: str, colour: str | None = None) -> QIcon:
        """The icon called `name`, in `colour` or the text's colour."""
        return icon(name, colour or self.palette.text, self.palette.disabled)

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        chosen = {Scheme.LIGHT: LIGHT, Scheme.DARK: DARK, Scheme.HIGH_CONTRAST: HIGH_CONTRAST}.get(self.scheme)
        self.use(chosen or _system_palette(scheme))


def _system_palette(scheme: Qt.ColorScheme) -> Palette:
    contrast = QGuiApplication.styleHints().accessibility().contrastPreference()
    if contrast == Qt.ContrastPreference.HighContrast:
        return HIGH_CONTRAST
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


@lru_cache(maxsize=1)
def theme() -> Theme:
    """The application's theme."""
    return Theme()


def forget_theme() -> None:
    """Whatever was drawn for this application is let go of: it ends, and another one may begin."""
    forget_icons()
    _font.cache_clear()
    theme.cache_clear()


@lru_cache(maxsize=32)
def _font(size: TextSize, weight: QFont.Weight) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(size)
    font.setWeight(weight)
    # Inter is drawn for screens without hinting; with it, stems of neighbouring sizes differ.
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _qt_palette(colours: Palette) -> QPalette:
    """What Qt itself draws with: selections, disabled text, tool tips."""
    role = QPalette.ColorRole
    palette = QPalette()
    for one, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.surface,
        role.AlternateBase: colours.hover,
        role.Text: colours.text,
        role.PlaceholderText: colours.muted,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.bad_text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.Link: colours.accent_text,
        role.Mid: colours.border,
        role.Dark: colours.border_strong,
        role.Light: colours.raised,
        role.Accent: colours.accent,
    }.items():
        palette.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(colours.disabled))
    return palette
