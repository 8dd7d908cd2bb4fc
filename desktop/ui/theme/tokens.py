"""The few numbers and colours that every screen is made of."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Scheme(StrEnum):
    """Which palette a person wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high_contrast"


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
    disabled: str


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
    disabled="#a3abb6",
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
    disabled="#5a6473",
)

HIGH_CONTRAST = Palette(
    window="#000000",
    surface="#000000",
    raised="#000000",
    hover="#1f1f1f",
    selected="#002b38",
    border="#9a9a9a",
    border_strong="#ffffff",
    text="#ffffff",
    muted="#e2e2e2",
    accent="#ffe14d",
    accent_hover="#fff0a0",
    on_accent="#000000",
    accent_text="#ffe14d",
    accent_tint="#332b00",
    good_text="#7dffa8",
    good_tint="#002e12",
    warn_text="#ffc266",
    warn_tint="#3b2600",
    bad_text="#ffa8a0",
    bad_tint="#450805",
    calm_tint="#2b2b2b",
    desk="#000000",
    disabled="#a6a6a6",
)
"""Every text stands out by 7:1 (WCAG 2.2, 1.4.6), every edge by 3:1 (1.4.11)."""
