"""How long documents are kept, and when the window locks."""

from PySide6.QtCore import Signal

from desktop.people.roles import Right
from desktop.ui.cards import Card, beside
from desktop.ui.screens.settings.look import SettingsLook
from desktop.ui.widgets import Choice, label
from desktop.vault.house_rules import Rule, Source

_YEARS = (1, 2, 3, 5, 6, 7, 10, 12, 15, 20, 25, 30)


class KeepingCard(Card):
    """A choice of years, open where neither the organization nor the environment laid it down."""

    years_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(self.tr("Keeping"), "keeping")
        self.years = Choice(self.tr("How long documents are kept"))
        self.years.currentIndexChanged.connect(lambda _: self.years_chosen.emit(self.years.chosen))
        self._by = label("", "small", wrap=True)
        self._lock = label("", "", wrap=True)
        about = self.tr(
            "Older documents are deleted by themselves, by destroying their keys; none under a legal hold. What the "
            "audit chain says of them stays, and so do backups and what the server holds."
        )
        self.add(beside(label(self.tr("Documents are kept"), ""), self.years))
        self.add(label(about, "muted", wrap=True), self._by, self._lock)

    def show_look(self, look: SettingsLook) -> None:
        """The rules of `look` are shown."""
        rule = look.rules.retention_years
        years = sorted({*_YEARS, rule.value} - {0})
        words = [(self.tr("{0} years").format(one) if one > 1 else self.tr("1 year"), one) for one in years]
        self.years.blockSignals(True)
        self.years.offer([*words, (self.tr("For ever"), 0)])
        self.years.choose(rule.value)
        self.years.blockSignals(False)
        self.years.setEnabled(rule.is_open and look.may(Right.SET_UP))
        self._by.setText(self._by_words(rule.source, "CHARTDROP_RETENTION_YEARS"))
        self._by.setVisible(bool(self._by.text()))
        self._lock.setText(self._lock_words(look.rules.lock_minutes))
        self._lock.setVisible(bool(look.people))

    def _by_words(self, source: Source, variable: str) -> str:
        if source == "organization":
            return self.tr("Your organization lays this down for all its devices.")
        if source == "environment":
            return self.tr("Set by {0} in this machine’s environment.").format(variable)
        return ""

    def _lock_words(self, rule: Rule[float]) -> str:
        words = self.tr("Who touches nothing for {0} minutes is signed out.").format(f"{rule.value:g}")
        by = self._by_words(rule.source, "CHARTDROP_LOCK_MINUTES")
        return f"{words} {by}".strip()
