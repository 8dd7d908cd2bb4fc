"""How the window looks: colours, spacing, type, icons; light, dark, high contrast, chosen or as the system has it."""

from desktop.ui.theme.icons import icon
from desktop.ui.theme.theme import Theme, forget_theme, theme
from desktop.ui.theme.tokens import DARK, HIGH_CONTRAST, LIGHT, Palette, Radius, Scheme, Space, TextSize

__all__ = [
    "DARK",
    "HIGH_CONTRAST",
    "LIGHT",
    "Palette",
    "Radius",
    "Scheme",
    "Space",
    "TextSize",
    "Theme",
    "forget_theme",
    "icon",
    "theme",
]
