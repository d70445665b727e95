"""What every table of bot.toml is, and the ranges that many keys share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[int, Field(ge=1)]


class Section(BaseModel):
    """A table of bot.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)
