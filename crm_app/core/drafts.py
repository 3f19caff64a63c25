"""What is sent to an action that changes some fields of a row: only what is told is changed."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Draft(BaseModel):
    """A set of values of which each may be left out. An unknown name is refused."""

    model_config = ConfigDict(extra="forbid")

    def told(self) -> dict[str, Any]:
        """The values that were sent, None among them."""
        return {name: getattr(self, name) for name in self.model_fields_set}
