"""What every message of version 1 has in common."""

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """Frozen and strict. Members that the reader does not know are ignored, so that newer peers can add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")
