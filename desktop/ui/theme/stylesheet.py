"""The style sheet: what Qt's widgets look like in a palette."""

from desktop.ui.theme.tokens import Palette, Radius, Space, TextSize


def stylesheet(colours: Palette) -> str:
    """Qt style sheet of the whole application in `colours`. Widgets choose a look by their `look` property."""
    return "\n".join((_ground(colours), _text(colours), _buttons(colours), _lists(colours), _bars(colours)))


def _ground(c: Palette) -> str:
    return f"""
    QMainWindow, QDialog {{ background: {c.window}; }}
    QWidget[look="header"] {{ background: {c.surface}; border-bottom: 1px solid {c.border}; }}
    QWidget[look="panel"] {{ background: {c.surface}; }}
    QFrame[look="card"] {{ background: {c.surface}; border: 1px solid {c.border}; border-radius: {Radius.L}px; }}
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
    QLabel[look="fault"] {{ color: {c.bad_text}; }}
    QLabel[look="footing"] {{ color: {c.muted}; font-size: {TextSize.SMALL}px; border-top: 1px solid {c.border};
        padding: {Space.M}px {Space.L}px; }}
    QLabel[look="disc"] {{ background: {c.accent_tint}; border-radius: 36px; }}
    QLabel[look="disc-bad"] {{ background: {c.bad_tint}; border-radius: 36px; }}
    QLineEdit {{ background: {c.surface}; border: 1px solid {c.border_strong}; border-radius: {Radius.M}px;
        padding: {Space.S}px {Space.M}px; selection-background-color: {c.accent};
        selection-color: {c.on_accent}; }}
    QLineEdit:focus {{ border: 2px solid {c.accent}; padding: {Space.S - 1}px {Space.M - 1}px; }}
    """


def _buttons(c: Palette) -> str:
    return f"""
    QPushButton {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.border_strong};
        border-radius: {Radius.M}px; padding: 6px {Space.L - 2}px; min-height: 20px; font-weight: 500; }}
    QPushButton:hover {{ background: {c.hover}; }}
    QPushButton:pressed {{ background: {c.calm_tint}; }}
    QPushButton:focus {{ border: 2px solid {c.accent}; padding: 5px {Space.L - 3}px; }}
    QPushButton:disabled {{ color: {c.border_strong}; border-color: {c.border}; }}
    QPushButton[look="primary"] {{ background: {c.accent}; color: {c.on_accent}; border-color: {c.accent}; }}
    QPushButton[look="primary"]:hover, QPushButton[look="primary"]:pressed {{ background: {c.accent_hover}; }}
    QPushButton[look="primary"]:focus {{ border: 2px solid {c.text}; }}
    QPushButton[look="primary"]:disabled {{ background: {c.calm_tint}; color: {c.muted}; border-color: {c.border}; }}
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
    QTableView[look="sheet"]::item {{ padding: 0 {Space.M + 1}px; border-bottom: 1px solid {c.border}; }}
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
