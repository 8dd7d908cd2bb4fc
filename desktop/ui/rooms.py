"""The places besides the inbox: each is built when somebody first goes there, so that the window is up at once."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.services import Workspace
from desktop.ui.bridge import Bridge
from desktop.ui.memory import WindowMemory
from desktop.ui.navigation import Place
from desktop.vault.documents import DocumentSummary

if TYPE_CHECKING:
    from desktop.ui.screens.activity.screen import ActivityScreen
    from desktop.ui.screens.audit.screen import AuditScreen
    from desktop.ui.screens.guide.screen import GuideScreen
    from desktop.ui.screens.search.screen import SearchScreen
    from desktop.ui.screens.settings.screen import SettingsScreen

Screen = TypeVar("Screen", bound=QWidget)


class Rooms(QObject):
    """Keeps what was built, until somebody else signs in."""

    opened = Signal(object)
    """UUID of a document to look at."""
    opened_at = Signal(object, int, str)
    """UUID, page (from 1), and the key of the entry to take in hand."""
    place_wanted = Signal(object)
    """Place."""
    changed = Signal()
    """Something was set that the inbox and the status bar tell of."""
    guest_removed = Signal()
    """The folder that was chosen in the inbox is watched no more."""
    guide_wanted = Signal()
    size_chosen = Signal()
    """Text and controls are to be of another size, which is remembered."""
    guide_done = Signal()
    """The first steps were gone through, or passed by."""
    signed_in = Signal(object)
    """Person: the first at this device, by having chosen a PIN."""

    def __init__(self, stack: QStackedWidget, workspace: Workspace, memory: WindowMemory, bridge: Bridge) -> None:
        super().__init__(stack)
        self._stack, self._workspace, self._memory, self._bridge = stack, workspace, memory, bridge
        self._built: dict[str, QWidget] = {}

    def show(self, place: Place) -> None:
        """`place` is in front, the keyboard where one would begin."""
        match place:
            case Place.SEARCH:
                self._bring(self.search()).start()
            case Place.ACTIVITY:
                self._bring(self.activity()).setFocus()
            case Place.AUDIT:
                self._bring(self.audit()).view.setFocus()
            case Place.SETTINGS:
                self._bring(self.settings()).setFocus()
            case Place.INBOX:
                raise ValueError(place)  # the window's own

    def show_guide(self) -> None:
        """The first steps are in front."""
        self._bring(self.guide()).next.setFocus()

    def put_away(self) -> None:
        """Nothing of what was shown is left: whoever comes next looks for themselves."""
        for screen in self._built.values():
            self._stack.removeWidget(screen)
            screen.deleteLater()
        self._built = {}

    def document_changed(self, summary: DocumentSummary) -> None:
        """A document is new or its state is another."""
        if "guide" in self._built:
            self.guide().document_changed(summary)

    def search(self) -> "SearchScreen":
        """Everything that was read."""
        from desktop.ui.screens.search.screen import SearchScreen

        def build() -> "SearchScreen":
            screen = SearchScreen(self._workspace)
            screen.opened.connect(self.opened_at)
            return screen

        return self._kept("search", SearchScreen, build)

    def activity(self) -> "ActivityScreen":
        """What goes on, and what waits."""
        from desktop.ui.screens.activity.screen import ActivityScreen

        def build() -> "ActivityScreen":
            screen = ActivityScreen(self._workspace, self._bridge)
            screen.opened.connect(self.opened)
            screen.set_up_wanted.connect(lambda: self.place_wanted.emit(Place.SETTINGS))
            return screen

        return self._kept("activity", ActivityScreen, build)

    def audit(self) -> "AuditScreen":
        """Who did what."""
        from desktop.ui.screens.audit.screen import AuditScreen

        return self._kept("audit", AuditScreen, lambda: AuditScreen(self._workspace))

    def settings(self) -> "SettingsScreen":
        """What is set."""
        from desktop.ui.screens.settings.screen import SettingsScreen

        def build() -> "SettingsScreen":
            screen = SettingsScreen(self._workspace, self._memory)
            screen.changed.connect(self.changed)
            screen.guest_removed.connect(self.guest_removed)
            screen.guide_wanted.connect(self.guide_wanted)
            screen.size_chosen.connect(self.size_chosen)
            screen.signed_in.connect(self.signed_in)
            return screen

        return self._kept("settings", SettingsScreen, build)

    def guide(self) -> "GuideScreen":
        """The first steps."""
        from desktop.ui.screens.guide.screen import GuideScreen

        def build() -> "GuideScreen":
            screen = GuideScreen(self._workspace)
            screen.done.connect(self.guide_done)
            screen.opened.connect(self.opened)
            screen.signed_in.connect(self.signed_in)
            return screen

        return self._kept("guide", GuideScreen, build)

    def _kept(self, name: str, kind: type[Screen], build: Callable[[], Screen]) -> Screen:
        found = self._built.get(name)
        if isinstance(found, kind):
            return found
        built = build()
        self._built[name] = built
        self._stack.addWidget(built)
        return built

    def _bring(self, screen: Screen) -> Screen:
        self._stack.setCurrentWidget(screen)
        return screen
