"""Forms that pages send, read by name; what a field may hold says the service's own model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError

from syncserver.kit.errors import ServerError
from syncserver.kit.problems import invalid_request

Wanted = TypeVar("Wanted", bound=BaseModel)
REFUSALS = (ServerError, ValidationError)
"""What a form may be answered with that a person can mend in it."""
TOKEN_FIELD, BACK_FIELD, ONCE_FIELD = "token", "back", "once"


@dataclass(frozen=True, slots=True)
class GivenForm:
    """What stood in a form's fields."""

    fields: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """The field's text, without the spaces around it; empty where it was left out."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """The field's text as it was typed: of passwords, and of what spaces mean something in."""
        return next(iter(self.fields.get(name, ())), "")

    def texts(self, name: str) -> list[str]:
        """Every box of this name that was ticked."""
        return list(self.fields.get(name, ()))

    def flag(self, name: str) -> bool:
        """Whether the box was ticked."""
        return bool(self.text(name))

    def number(self, name: str) -> int | str | None:
        """A whole number; what is none is left for the model to refuse, and nothing for one that was left out."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text or None

    def as_wanted(self, model: type[Wanted], **values: Any) -> Wanted:
        """The model with these values. Raises pydantic's ValidationError, which becomes a sentence at the edge."""
        return model.model_validate(values)

    def back(self) -> str | None:
        """The page that the form stood on, if it is one of the console's."""
        path = self.text(BACK_FIELD)
        is_ours = path.startswith("/console") and path[8:9] in ("", "/", "?")
        return path if is_ours and "\\" not in path and path.isprintable() else None

    def once_key(self) -> str | None:
        """Tells a repeated form from another one."""
        return self.text(ONCE_FIELD)[:255] or None


def refusal_of(error: ServerError | ValidationError) -> ServerError:
    """The error, with a sentence that names the fields."""
    return invalid_request(error) if isinstance(error, ValidationError) else error


class Nothing(BaseModel):
    """A request that holds nothing to compare repetitions by but its key."""


async def _given(request: Request) -> GivenForm:
    form = await request.form()
    names = dict.fromkeys(name for name, _ in form.multi_items())
    return GivenForm({name: tuple(str(value) for value in form.getlist(name)) for name in names})


TheForm = Annotated[GivenForm, Depends(_given)]
