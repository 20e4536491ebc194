"""Types of settings, with a message for each wrong value."""

from __future__ import annotations

import ipaddress
import os
import shlex
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from connectors.net.addresses import check_proxy
from connectors.net.headers import check_user_agent
from transforms.dates.zones import is_zone
from warehouse.lake.address import SCHEME, check_bucket, check_catalog, keys_of

# Other users may read the copy, but not change it.
PUBLISHED_MODES = ("0600", "0640", "0644")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UserAgent = Annotated[str, AfterValidator(check_user_agent)]
EnvironmentName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Into = Literal["en", "zh"]


def _zone(value: str) -> str:
    if not is_zone(value):
        raise ValueError(f"{value!r} is not an IANA time zone")
    return value


def _web_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError(f"{value!r} does not begin with http:// or https://")
    return value


def _hub(value: str) -> str:
    parts = urlsplit(_web_address(value))
    if not parts.hostname or parts.port == 0 or parts.query or parts.fragment:
        raise ValueError("is not an address such as http://host:1200, without a query")
    return value.rstrip("/")


def _catalog(value: SecretStr) -> SecretStr:
    check_catalog(value.get_secret_value())
    return value


def _rows(value: str) -> str:
    if value.startswith(SCHEME):
        keys_of(os.environ)
        return check_bucket(value)
    return value


def _proxy(value: str) -> str | None:
    return check_proxy(value) if value else None


def _mode(value: object) -> str:
    # TOML's 0o640 arrives as 416: only a text says what was meant.
    if value not in PUBLISHED_MODES:
        raise ValueError(f"{value!r} is not one of {', '.join(PUBLISHED_MODES)} in quotes")
    return str(value)


def _networks(value: Any) -> Any:
    parts = value if isinstance(value, list | tuple) else str(value).split(",")
    return tuple(
        ipaddress.ip_network(str(part).strip(), strict=False)
        for part in parts
        if str(part).strip()
    )


Zone = Annotated[str, AfterValidator(_zone)]


WebAddress = Annotated[str, AfterValidator(_web_address)]


HubAddress = Annotated[str, AfterValidator(_hub)]


Proxy = Annotated[str, AfterValidator(_proxy)]


Mode = Annotated[str, BeforeValidator(_mode)]


Catalog = Annotated[SecretStr, AfterValidator(_catalog)]


Rows = Annotated[str, AfterValidator(_rows)]


# Comma-separated in the environment, where other lists are JSON.
Networks = Annotated[tuple[Network, ...], BeforeValidator(_networks)]


class TranslateSettings(BaseModel):
    """The command or the address of a translation service, with its limits."""

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
        """The command and its arguments; it runs without a shell."""
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
