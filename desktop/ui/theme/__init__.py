"""How the window looks: colours, spacing, type, icons; light and dark following the system."""

from desktop.ui.theme.icons import icon
from desktop.ui.theme.theme import Theme, theme
from desktop.ui.theme.tokens import DARK, LIGHT, Palette, Radius, Space, TextSize

__all__ = ["DARK", "LIGHT", "Palette", "Radius", "Space", "TextSize", "Theme", "icon", "theme"]
