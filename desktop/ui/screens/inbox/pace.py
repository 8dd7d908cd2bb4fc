"""How long what waits will take, told from how fast pages were read lately. Pure: no widget."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from desktop.vault.documents import DocumentState, DocumentSummary

_REMEMBERED = 40  # pages: what was read before tells little of what is being read now
_ENOUGH = 3  # pages that are read before anything is said: the first takes as long as many
_USUAL_PAGES = 2.0  # of a document whose pages nobody has counted yet, where nothing was read


@dataclass(frozen=True, slots=True)
class Progress:
    """Documents that are `left` of all of this spell, and the `seconds` that they will take (None: not known yet)."""

    left: int
    of: int
    seconds: float | None

    @property
    def share(self) -> float:
        """Of the spell that is done, 0..1."""
        return 1 - self.left / self.of if self.of else 1.0


class Pace:
    """A spell lasts while anything waits or is being read; one that begins counts from nothing."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque(maxlen=_REMEMBERED)
        self._of = 0
        self._begun_with = 0

    def page_read(self, at: float) -> None:
        """A page was read; `at` is seconds of a steady clock."""
        self._moments.append(at)

    def progress(self, documents: Iterable[DocumentSummary], now: float) -> Progress:
        """How far this spell is `now`."""
        every = tuple(documents)
        left = [one for one in every if one.state in {DocumentState.WAITING, DocumentState.PROCESSING}]
        if not left:
            self._of = 0
            self._moments.clear()
            return Progress(0, 0, None)
        ended = len(every) - len(left)
        if self._of == 0:
            self._begun_with = ended
        self._of = max(self._of, len(left) + max(0, ended - self._begun_with))
        return Progress(len(left), self._of, self._seconds(every, left, now))

    def _seconds(self, every: tuple[DocumentSummary, ...], left: list[DocumentSummary], now: float) -> float | None:
        if len(self._moments) < _ENOUGH or now <= self._moments[0]:
            return None
        each = (now - self._moments[0]) / len(self._moments)
        counted = [one.page_count for one in every if one.page_count]
        usual = sum(counted) / len(counted) if counted else _USUAL_PAGES
        pages = sum(one.page_count - one.pages_done if one.page_count else usual for one in left)
        return pages * each
