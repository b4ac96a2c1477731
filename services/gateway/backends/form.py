"""What every body of ours has in common: nothing but its own fields is taken, and faults never repeat what was sent."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Form(BaseModel):
    """The base of every JSON object the API takes or gives."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
