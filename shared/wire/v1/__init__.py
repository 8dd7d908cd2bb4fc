"""Version 1 of the protocol: pydantic models, strict, frozen."""
