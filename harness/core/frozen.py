"""What all records that are written and read back have in common."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A record that does not change, and that takes no key which it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
