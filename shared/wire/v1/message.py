"""What every message of version 1 has in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Message(BaseModel):
    """Frozen and strict. Members that the reader does not know are ignored, so that newer peers can add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")
