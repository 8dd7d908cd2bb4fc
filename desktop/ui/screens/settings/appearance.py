"""How the window looks: light, dark or high contrast, and how large."""

from PySide6.QtCore import QCoreApplication, QTimer, Signal

from desktop.ui.cards import Card, beside
from desktop.ui.memory import SIZES
from desktop.ui.theme import Scheme, theme
from desktop.ui.widgets import Choice, button, label, one_of

_PAUSE_MS = 600  # of choosing: arrow keys pass by sizes that nobody wants


class AppearanceCard(Card):
    """What is chosen here is remembered for this machine, whoever works at it."""

    scheme_chosen = Signal(object)
    """Scheme."""
    size_chosen = Signal(int)
    """Per cent."""

    def __init__(self, size: int) -> None:
        super().__init__(self.tr("Appearance"), "appearance")
        self.schemes = {scheme: button(scheme_words(scheme), icon, lambda: None, "segment") for scheme, icon in _ICONS}
        for scheme, one in self.schemes.items():
            one.clicked.connect(lambda _, wanted=scheme: self.scheme_chosen.emit(wanted))
        self._group = one_of(self.schemes.values(), self)
        self.schemes[theme().scheme].setChecked(True)
        self.sizes = Choice(self.tr("Size of text and controls"))
        self.sizes.offer([(self.tr("{0} %").format(per_cent), per_cent) for per_cent in SIZES])
        self.sizes.choose(size)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(lambda: self.size_chosen.emit(self.sizes.chosen))
        self.sizes.currentIndexChanged.connect(self._pause.start)
        self.add(label(self.tr("Colours"), "muted"), beside(*self.schemes.values()))
        self.add(label(self.tr("Size of text and controls"), "muted"), beside(self.sizes))


_ICONS = (
    (Scheme.SYSTEM, "alone"),
    (Scheme.LIGHT, "light"),
    (Scheme.DARK, "dark"),
    (Scheme.HIGH_CONTRAST, "appearance"),
)


def scheme_words(scheme: Scheme) -> str:
    """What the scheme is called."""
    translate = QCoreApplication.translate
    return {
        Scheme.SYSTEM: translate("Appearance", "As the system"),
        Scheme.LIGHT: translate("Appearance", "Light"),
        Scheme.DARK: translate("Appearance", "Dark"),
        Scheme.HIGH_CONTRAST: translate("Appearance", "High contrast"),
    }[scheme]
