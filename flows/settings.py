"""Settings of a home: environment first, then its ``sinowire.toml``, then defaults.

Every setting can come from ``SINOWIRE_<NAME>`` in the environment.
"""

from __future__ import annotations

import ipaddress
import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from connectors.net.proxy import check_proxy
from connectors.net.user_agent import DEFAULT_USER_AGENT, check_user_agent
from transforms.config import ConfigError, ConfigText, decode_text
from transforms.dates.zones import is_zone

FILE = "sinowire.toml"
PREFIX = "SINOWIRE_"
# Whoever else may read the copy, nobody else may change it.
PUBLISHED_MODES = ("0600", "0640", "0644")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Settings(BaseSettings):
    """What can be set, with its default; the descriptions are the reference."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True
    )

    home: Path = Field(Path(), description="The folder that holds files and data.")
    reporting_zone: str = Field(
        "Asia/Shanghai", description="Time zone of the days and weeks that trends count."
    )
    user_agent: str = Field(
        DEFAULT_USER_AGENT,
        description="Name that servers see; add an address where you can be reached.",
    )
    timeout_seconds: float = Field(
        20.0, gt=0, le=300, description="Longest time that one fetch may take in total."
    )
    max_bytes: int = Field(
        5_000_000, ge=10_000, description="Largest decoded document, in bytes."
    )
    concurrency: int = Field(64, ge=1, le=500, description="Fetches in flight at one time.")
    per_host: int = Field(
        2, ge=1, le=50, description="Fetches in flight to one host at one time."
    )
    host_spacing_seconds: float = Field(
        1.0, ge=0, le=60, description="Pause between two requests to one host."
    )
    proxy: str | None = Field(
        None, description="Proxy for all feeds (http://host:port); none by default."
    )
    allow_private_addresses: Annotated[tuple[Network, ...], NoDecode] = Field(
        (),
        description="Internal networks that feeds may be fetched from, comma-separated.",
    )
    ingest_minutes: float = Field(
        15, ge=0.1, description="Pause between scheduled passes of `sinowire up`."
    )
    poll_minutes: float = Field(
        30, ge=1, description="Pause between polls of a feed whose pace is not known yet."
    )
    poll_shortest_minutes: float = Field(
        15, ge=1, description="Shortest pause between polls, however lively a feed."
    )
    poll_longest_minutes: float = Field(
        360,
        ge=1,
        le=10_080,
        description="Longest pause between polls, however slow a feed.",
    )
    entries_per_poll: int = Field(
        2_000,
        ge=1,
        description="Most new entries that one poll of a feed takes; the next takes more.",
    )
    writer_wait_seconds: float = Field(
        60.0, ge=0, description="How long to wait for another writer before giving up."
    )
    heartbeat_url: SecretStr | None = Field(
        None, description="Address that is called after each run that went well."
    )
    false_alarms_a_week: float = Field(
        2.0,
        ge=0.1,
        le=100,
        description="Bursts that chance alone may cause per week, over all subjects.",
    )
    raw_retention_days: int = Field(
        30, ge=0, description="Days that raw documents are kept; 0 keeps none."
    )
    published_mode: str = Field(
        "0640",
        description="Who may read the published copy: 0600 its owner alone, 0640 its "
        "group too, 0644 everybody on the machine.",
    )
    shard_size: int = Field(
        1000, ge=1, description="Feeds polled and committed together, if they bring little."
    )

    @field_validator("reporting_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if not is_zone(value):
            raise ValueError(f"{value!r} is not an IANA time zone")
        return value

    @field_validator("user_agent")
    @classmethod
    def _is_user_agent(cls, value: str) -> str:
        return check_user_agent(value)

    @field_validator("proxy")
    @classmethod
    def _is_proxy(cls, value: str | None) -> str | None:
        return check_proxy(value) if value else None

    @field_validator("published_mode", mode="before")
    @classmethod
    def _is_mode(cls, value: object) -> str:
        # TOML's 0o640 arrives as 416: only a text says what was meant.
        if value not in PUBLISHED_MODES:
            raise ValueError(
                f"{value!r} is not one of {', '.join(PUBLISHED_MODES)} in quotes"
            )
        return str(value)

    @field_validator("allow_private_addresses", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        parts = value if isinstance(value, list | tuple) else str(value).split(",")
        return tuple(
            ipaddress.ip_network(str(part).strip(), strict=False)
            for part in parts
            if str(part).strip()
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over what was read from the home's file."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    @property
    def patience(self) -> timedelta:
        """How old data may be: the slowest feed's pause, and that between passes."""
        return timedelta(minutes=self.poll_longest_minutes + self.ingest_minutes)

    @property
    def data(self) -> Path:
        """The folder of everything that sinowire writes."""
        return self.home / "data"


def load_settings(home: Path | None = None) -> Settings:
    """Return the settings of *home* (else ``SINOWIRE_HOME``, else this folder).

    Raises:
        ConfigError: A setting is unknown or out of range; names file or variable.
    """
    folder = home or Path(os.environ.get(f"{PREFIX}HOME") or ".")
    config = ConfigText(read_file(folder / FILE) or "", FILE)
    config.check_keys(config.data, set(Settings.model_fields) - {"home"}, ())
    try:
        # The environment has the last word on everything but the home asked for.
        return Settings(**config.data).model_copy(update={"home": folder})
    except ValidationError as exc:
        raise _config_error(config, exc) from exc


def read_file(path: Path) -> str | None:
    """Return the text of a file that people edit, None where there is none.

    Raises:
        ConfigError: It cannot be read, or is not UTF-8 text; names the line.
    """
    try:
        return decode_text(path.read_bytes(), str(path))
    except FileNotFoundError:
        return None
    except IsADirectoryError as exc:
        raise ConfigError(
            str(path), "is a folder", "move it aside and save a file of that name"
        ) from exc
    except OSError as exc:
        raise ConfigError(
            str(path), f"cannot be read: {exc.strerror}", "run as its owner"
        ) from exc


def _config_error(config: ConfigText, exc: ValidationError) -> ConfigError:
    problem = exc.errors()[0]
    name = str(problem["loc"][0])
    variable = f"{PREFIX}{name}".upper()
    message = problem["msg"].removeprefix("Value error, ")
    allowed = Settings.model_fields[name].description or ""
    if variable in os.environ:
        return ConfigError(variable, f"environment variable is wrong: {message}", allowed)
    return config.error((name,), f"is wrong: {message}", allowed)
