"""The few numbers and colours that every screen is made of."""

from dataclasses import dataclass
from enum import IntEnum


class Space(IntEnum):
    """Distances in logical pixels: multiples of four."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24
    XXL = 40


class Radius(IntEnum):
    """Corner radii in logical pixels."""

    S = 4
    M = 6
    L = 10


class TextSize(IntEnum):
    """Type sizes in logical pixels."""

    SMALL = 12
    BODY = 14
    LARGE = 16
    TITLE = 20


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as #rrggbb. Every `…_text` stands out from its `…_tint` and `surface` by 4.5:1 (WCAG 2.2, 1.4.3)."""

    window: str
    surface: str
    raised: str
    hover: str
    selected: str
    border: str
    border_strong: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_text: str
    accent_tint: str
    good_text: str
    good_tint: str
    warn_text: str
    warn_tint: str
    bad_text: str
    bad_tint: str
    calm_tint: str
    desk: str


LIGHT = Palette(
    window="#f5f6f8",
    surface="#ffffff",
    raised="#ffffff",
    hover="#f3f6f8",
    selected="#e4f1f3",
    border="#e1e5ea",
    border_strong="#c6ccd4",
    text="#161b22",
    muted="#596372",
    accent="#0b6b7d",
    accent_hover="#095a69",
    on_accent="#ffffff",
    accent_text="#0a6173",
    accent_tint="#ddeff2",
    good_text="#1b6b3a",
    good_tint="#e2f3e8",
    warn_text="#855300",
    warn_tint="#fdf0d5",
    bad_text="#b3261e",
    bad_tint="#fde8e6",
    calm_tint="#eceff3",
    desk="#e6e9ee",
)

DARK = Palette(
    window="#13161b",
    surface="#1a1e25",
    raised="#232933",
    hover="#20262f",
    selected="#1d3a42",
    border="#2b313b",
    border_strong="#434c5a",
    text="#e7ebf0",
    muted="#9ba6b5",
    accent="#4fb4c7",
    accent_hover="#6ac4d5",
    on_accent="#06222a",
    accent_text="#6fc6d6",
    accent_tint="#17343c",
    good_text="#7fd0a0",
    good_tint="#173325",
    warn_text="#edbb66",
    warn_tint="#3a2d14",
    bad_text="#ff9a90",
    bad_tint="#41201e",
    calm_tint="#272d37",
    desk="#0e1014",
)
