"""A draft: what somebody is about to say of a document, step by step, so that every step can be taken back."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID

from pydantic import TypeAdapter

from shared.documents.corrections import Place
from shared.documents.reading import Value


@dataclass(frozen=True, slots=True)
class Said:
    """`value` stands at `place` (None: nothing does); `seen` are the corrections of the place that were on show."""

    place: Place
    value: Value | None
    seen: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Turned:
    """Page `page` (from 1) was turned `by` so many degrees, clockwise."""

    page: int
    by: int


Step = tuple[Said | Turned, ...]
"""What was done at once: one value, the cells of a row that was struck out or of a sheet that was pasted, a turn."""


@dataclass(frozen=True, slots=True)
class Typing:
    """Text that stands in a field's editor and was not confirmed yet."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """Every step in order; the first `done` of them hold, the rest were taken back and can be done again."""

    steps: tuple[Step, ...] = ()
    done: int = 0
    typing: Typing | None = None

    @property
    def words(self) -> Mapping[Place, Said]:
        """What holds now, by place."""
        return {said.place: said for said in self._held() if isinstance(said, Said)}

    @property
    def turns(self) -> Mapping[int, int]:
        """By how many degrees, clockwise, each page is turned more than it was; those that are not are left out."""
        turns: Counter[int] = Counter()
        for turned in self._held():
            if isinstance(turned, Turned):
                turns[turned.page] += turned.by
        return {page: by % 360 for page, by in turns.items() if by % 360}

    @property
    def next_undone(self) -> Step:
        """The step that `undone` takes back; empty where there is none."""
        return self.steps[self.done - 1] if self.done else ()

    @property
    def next_redone(self) -> Step:
        """The step that `redone` does again; empty where there is none."""
        return self.steps[self.done] if self.done < len(self.steps) else ()

    def say(self, *said: Said | Turned) -> "Draft":
        """A step more; what was taken back before is gone."""
        return Draft((*self.steps[: self.done], said), self.done + 1)

    def undone(self) -> "Draft":
        """The last step is taken back, where there is one."""
        return replace(self, done=max(0, self.done - 1), typing=None)

    def redone(self) -> "Draft":
        """The step that was taken back last is done again, where there is one."""
        return replace(self, done=min(len(self.steps), self.done + 1), typing=None)

    def _held(self) -> Iterator[Said | Turned]:
        return chain.from_iterable(self.steps[: self.done])


_JSON = TypeAdapter(Draft)


def draft_to_json(draft: Draft) -> str:
    """As the store keeps it."""
    return _JSON.dump_json(draft).decode()


def draft_from_json(body: str) -> Draft:
    """What `draft_to_json` made of it."""
    return _JSON.validate_json(body)
