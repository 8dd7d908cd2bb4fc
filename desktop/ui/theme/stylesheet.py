"""The style sheet: what Qt's widgets look like in a palette."""

from desktop.ui.theme.tokens import Palette, Radius, Space, TextSize

_CELL = 9  # beside a cell's text: four columns of medications fit beside a page
_QTS_OWN = 3  # pixels that Qt adds beside a cell's text, and not beside a heading's


def stylesheet(colours: Palette) -> str:
    """Qt style sheet of the whole application in `colours`. Widgets choose a look by their `look` property."""
    parts = (_ground, _text, _choices, _buttons, _places, _lists, _bars)
    return "\n".join(part(colours) for part in parts)


def _ground(c: Palette) -> str:
    return f"""
    QMainWindow, QDialog {{ background: {c.window}; }}
    QWidget[look="header"] {{ background: {c.surface}; border-bottom: 1px solid {c.border}; }}
    QWidget[look="footer"] {{ background: {c.surface}; border-top: 1px solid {c.border}; }}
    QWidget[look="panel"] {{ background: {c.surface}; }}
    QFrame[look="strip"] {{ background: {c.accent_tint}; border: none; }}
    QFrame[look="strip"] QLabel {{ color: {c.accent_text}; }}
    QFrame[look="editor"] {{ background: {c.surface}; border: none; border-top: 1px solid {c.border}; }}
    QFrame[look="card"] {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: {Radius.L}px; }}
    QFrame[look="inset"] {{ background: {c.window}; border: 1px solid {c.border}; border-radius: {Radius.M}px; }}
    QFrame[look="line"] {{ background: {c.border}; border: none; }}
    QScrollArea, QWidget[look="ground"] {{ background: {c.window}; border: none; }}
    QMenu {{ background: {c.raised}; border: 1px solid {c.border_strong}; padding: {Space.XS}px; }}
    QMenu::item {{ padding: {Space.S}px {Space.XL}px {Space.S}px {Space.M}px; border-radius: {Radius.S}px; }}
    QMenu::item:selected {{ background: {c.selected}; color: {c.text}; }}
    QMenu::item:disabled {{ color: {c.disabled}; }}
    QFrame[look="notice"] {{ background: {c.warn_tint}; border: none; }}
    QFrame[look="notice"] QLabel {{ color: {c.warn_text}; }}
    QFrame[look="drop"] {{ background: {c.surface}; border: 2px dashed {c.border_strong};
        border-radius: {Radius.L}px; }}
    QFrame[look="dropping"] {{ background: {c.accent_tint}; border: 2px dashed {c.accent};
        border-radius: {Radius.L}px; }}
    QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.border_strong};
        padding: {Space.XS}px {Space.S}px; }}
    QSplitter::handle {{ background: {c.border}; }}
    QSplitter::handle:hover {{ background: {c.accent}; }}
    """


def _text(c: Palette) -> str:
    return f"""
    QLabel {{ background: transparent; }}
    QLabel[look="title"] {{ font-size: {TextSize.TITLE}px; font-weight: 600; }}
    QLabel[look="heading"] {{ font-size: {TextSize.LARGE}px; font-weight: 600; }}
    QLabel[look="muted"] {{ color: {c.muted}; }}
    QLabel[look="small"] {{ color: {c.muted}; font-size: {TextSize.SMALL}px; }}
    QLabel[look="strong"] {{ font-weight: 600; }}
    QLabel[look="fault-small"] {{ color: {c.bad_text}; font-size: {TextSize.SMALL}px; }}
    QLabel[look="warning-small"] {{ color: {c.warn_text}; font-size: {TextSize.SMALL}px; }}
    QLabel[look="fault"] {{ color: {c.bad_text}; }}
    QLabel[look="warning"] {{ color: {c.warn_text}; }}
    QLabel[look="good"] {{ color: {c.good_text}; }}
    QLabel[look="code"] {{ background: {c.calm_tint}; border-radius: {Radius.M}px; padding: {Space.M}px;
        font-size: {TextSize.LARGE}px; font-weight: 600; }}
    QLabel[look="key"] {{ background: {c.raised}; border: 1px solid {c.border_strong};
        border-radius: {Radius.S}px; padding: 1px {Space.S}px; font-size: {TextSize.SMALL}px; font-weight: 500; }}
    QLabel[look="footing"] {{ color: {c.muted}; font-size: {TextSize.SMALL}px; border-top: 1px solid {c.border};
        padding: {Space.M}px {Space.L}px; }}
    QLabel[look="disc"] {{ background: {c.accent_tint}; border-radius: 36px; }}
    QLabel[look="disc-bad"] {{ background: {c.bad_tint}; border-radius: 36px; }}
    QLineEdit {{ background: {c.surface}; border: 1px solid {c.border_strong}; border-radius: {Radius.M}px;
        padding: {Space.S}px {Space.M}px; selection-background-color: {c.accent};
        selection-color: {c.on_accent}; }}
    QPlainTextEdit {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: {Radius.M}px;
        padding: {Space.S}px; selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
    QPlainTextEdit:focus {{ border: 2px solid {c.accent}; padding: {Space.S - 1}px; }}
    QLineEdit:focus {{ border: 2px solid {c.accent}; padding: {Space.S - 1}px {Space.M - 1}px; }}
    """


def _choices(c: Palette) -> str:
    return f"""
    QComboBox {{ background: {c.surface}; border: 1px solid {c.border_strong}; border-radius: {Radius.M}px;
        padding: 5px {Space.XL + 4}px 5px {Space.M}px; min-height: 22px; }}
    QComboBox QLineEdit, QComboBox QLineEdit:focus {{ background: transparent; border: none; padding: 0; }}
    QComboBox:hover {{ background: {c.hover}; }}
    QComboBox:focus {{ border: 2px solid {c.accent}; padding: 4px {Space.XL + 3}px 4px {Space.M - 1}px; }}
    QComboBox:disabled {{ color: {c.disabled}; border-color: {c.border}; }}
    QComboBox::drop-down {{ border: none; width: {Space.XL}px; }}
    QComboBox::down-arrow {{ image: none; }}
    QComboBox QAbstractItemView {{ background: {c.raised}; border: 1px solid {c.border_strong};
        padding: {Space.XS}px; selection-background-color: {c.selected}; selection-color: {c.text}; }}
    QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 {Space.S}px; }}
    QCheckBox {{ spacing: {Space.S}px; background: transparent; }}
    QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {c.muted}; border-radius: {Radius.S}px;
        background: {c.surface}; }}
    QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; }}
    QCheckBox::indicator:focus {{ border: 2px solid {c.accent}; width: 14px; height: 14px; }}
    QCheckBox:disabled {{ color: {c.disabled}; }}
    QPushButton[look="segment"] {{ background: {c.surface}; border: 1px solid {c.border_strong};
        padding: 6px {Space.L}px; }}
    QPushButton[look="segment"]:hover {{ background: {c.hover}; }}
    QPushButton[look="segment"]:checked {{ background: {c.accent_tint}; color: {c.accent_text};
        border-color: {c.accent}; font-weight: 600; }}
    QPushButton[look="segment"]:focus {{ border: 2px solid {c.accent}; padding: 5px {Space.L - 1}px; }}
    """


def _places(c: Palette) -> str:
    return f"""
    QWidget[look="rail"] {{ background: {c.surface}; border-right: 1px solid {c.border}; }}
    QToolButton[look="place"] {{ color: {c.muted}; font-size: {TextSize.SMALL}px; font-weight: 500;
        border: 1px solid transparent; border-radius: {Radius.L}px; padding: 7px 2px 6px 2px; }}
    QToolButton::menu-indicator {{ image: none; }}
    QToolButton[look="place"]:hover {{ background: {c.hover}; color: {c.text}; }}
    QToolButton[look="place"]:checked {{ background: {c.accent_tint}; color: {c.accent_text}; font-weight: 600; }}
    QToolButton[look="place"]:focus {{ border: 2px solid {c.accent}; padding: 6px 1px 5px 1px; }}
    QLabel[look="badge"] {{ background: {c.bad_text}; color: {c.surface}; border-radius: 8px; padding: 0 4px;
        font-size: 11px; font-weight: 600; min-width: 8px; min-height: 16px; max-height: 16px; }}
    """


def _buttons(c: Palette) -> str:
    return f"""
    QPushButton {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.border_strong};
        border-radius: {Radius.M}px; padding: 6px {Space.L - 2}px; min-height: 20px; font-weight: 500; }}
    QPushButton:hover {{ background: {c.hover}; }}
    QPushButton:pressed {{ background: {c.calm_tint}; }}
    QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px {Space.L - 3}px; }}
    QPushButton:disabled {{ color: {c.disabled}; border-color: {c.border}; }}
    QPushButton[look="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
    QPushButton[look="primary"]:hover, QPushButton[look="primary"]:pressed {{ background: {c.accent_hover}; }}
    QPushButton[look="primary"]:focus {{ border: 2px solid {c.text}; }}
    QPushButton[look="primary"]:disabled {{ background: {c.calm_tint}; color: {c.muted}; border-color: {c.border}; }}
    QPushButton[look="offer"] {{ padding: 3px {Space.M}px; font-weight: 400; }}
    QPushButton[look="offer"]:focus {{ padding: 2px {Space.M - 1}px; }}
    QPushButton[look="filter"] {{ background: transparent; border: 1px solid transparent; color: {c.muted};
        border-radius: 13px; padding: 3px {Space.M}px; }}
    QPushButton[look="filter"]:hover {{ background: {c.hover}; }}
    QPushButton[look="filter"]:checked {{ background: {c.accent_tint}; color: {c.accent_text}; }}
    QPushButton[look="filter"]:focus {{ border: 2px solid {c.accent}; padding: 2px {Space.M - 1}px; }}
    QPushButton[look="quiet"], QToolButton {{ background: transparent; border: 1px solid transparent;
        border-radius: {Radius.M}px; padding: 6px; min-height: 20px; font-weight: 500; }}
    QPushButton[look="quiet"] {{ padding: 6px {Space.M}px; text-align: left; }}
    QPushButton[look="quiet"]:hover, QToolButton:hover {{ background: {c.hover}; border-color: {c.border}; }}
    QPushButton[look="quiet"]:focus, QToolButton:focus {{ border: 2px solid {c.accent}; padding: 5px; }}
    QPushButton[look="quiet"]:focus {{ padding: 5px {Space.M - 1}px; }}
    QToolButton:checked {{ background: {c.accent_tint}; }}
    """


def _lists(c: Palette) -> str:
    return f"""
    QAbstractItemView {{ background: {c.surface}; border: none; outline: none; color: {c.text};
        gridline-color: {c.border}; }}
    QTableView[look="sheet"]::item {{ padding: 0 {_CELL}px; border-bottom: 1px solid {c.border}; }}
    QTableView[look="sheet"]::item:selected {{ background: {c.selected}; color: {c.text}; }}
    QListWidget[look="names"] {{ border: 1px solid {c.border}; border-radius: {Radius.M}px;
        padding: 2px; }}
    QListWidget[look="names"]:focus {{ border: 2px solid {c.accent}; padding: 1px; }}
    QListWidget[look="names"]::item {{ padding: {Space.S}px {Space.M}px; min-height: 24px; color: {c.text}; }}
    QListWidget[look="names"]::item:selected {{ background: {c.selected}; color: {c.text}; }}
    QHeaderView {{ background: {c.surface}; }}
    QHeaderView::section {{ background: {c.surface}; color: {c.muted}; border: none;
        border-bottom: 1px solid {c.border}; padding: {Space.S}px {Space.L}px; font-size: {TextSize.SMALL}px;
        font-weight: 500; }}
    QTableView[look="sheet"] QHeaderView::section {{ padding: {Space.S}px {_CELL + _QTS_OWN}px; }}
    QTableCornerButton::section {{ background: {c.surface}; border: none; }}
    QGraphicsView {{ background: {c.desk}; border: 2px solid transparent; }}
    QGraphicsView:focus {{ border: 2px solid {c.accent}; }}
    QScrollBar {{ background: transparent; margin: 0; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar::handle {{ background: {c.border_strong}; border-radius: 3px; margin: 3px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {c.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """


def _bars(c: Palette) -> str:
    return f"""
    QStatusBar {{ background: {c.surface}; border-top: 1px solid {c.border}; color: {c.muted}; }}
    QProgressBar {{ background: {c.border}; border: none; border-radius: 3px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: 3px; }}
    QStatusBar::item {{ border: none; }}
    QStatusBar QLabel {{ color: {c.muted}; font-size: {TextSize.SMALL}px; padding: {Space.XS}px {Space.S}px; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {c.border}; }}
    QTabWidget::tab-bar {{ left: {Space.L}px; }}
    QTabBar {{ background: {c.surface}; }}
    QTabBar::tab {{ background: transparent; color: {c.muted}; border: none;
        border-bottom: 2px solid transparent; padding: {Space.M + 1}px 0 {Space.M}px 0; margin: 0 {Space.XL}px 0 0;
        font-weight: 500; }}
    QTabBar::tab:hover {{ color: {c.text}; }}
    QTabBar::tab:selected {{ color: {c.accent_text}; border-bottom-color: {c.accent}; }}
    QTabBar::tab:focus {{ color: {c.text}; }}
    """
