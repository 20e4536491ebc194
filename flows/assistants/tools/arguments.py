"""Arguments of tools: what each means, and how long it may be."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

Day = Annotated[str | None, Field(max_length=10, description="A day, as 2026-11-25.")]
Id = Annotated[str, Field(min_length=1, max_length=100)]
Short = Annotated[str | None, Field(max_length=100)]
Names = Annotated[
    list[Annotated[str, Field(max_length=100)]] | None,
    Field(max_length=20, description="Ids or names; any of them counts."),
]
Language = Literal["en", "zh"]
Rows = Annotated[int, Field(ge=1, le=40, description="Most rows of the answer.")]
