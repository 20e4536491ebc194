"""``[translate]`` of sinowire.toml: what translates headlines, and into which languages."""

from __future__ import annotations

import shlex
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from flows.settings.kinds import WebAddress

EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Into = Literal["en", "zh"]


class TranslateSettings(BaseModel):
    """A command or the address of a service, with its bounds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str | None = None
    env: tuple[EnvironmentName, ...] = ()
    url: WebAddress | None = None
    private: bool = False
    into: tuple[Into, ...] = Field(("en",), min_length=1)
    seconds: float = Field(60.0, ge=1, le=600)
    per_run: int = Field(200, ge=1, le=2_000)

    @property
    def words(self) -> list[str]:
        """The command and its arguments; no shell reads it."""
        return shlex.split(self.command or "")

    @field_validator("command")
    @classmethod
    def _is_command(cls, value: str | None) -> str | None:
        if value is not None and not shlex.split(value):
            raise ValueError("command is empty")
        return value

    @model_validator(mode="after")
    def _is_one(self) -> TranslateSettings:
        if (self.command is None) == (self.url is None):
            raise ValueError("name a command or a url, and not both")
        if self.env and self.command is None:
            raise ValueError("env names what a command gets; there is none")
        return self
