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
from flows.translate_settings import TranslateSettings
from transforms.config import ConfigError, ConfigText, decode_text
from transforms.config.secrets import resolve
from transforms.config.table import ConfigTable
from transforms.dates.zones import is_zone
from transforms.freshness import PUBLISHED_EVERY
from warehouse.lake.address import LakeAddress, check_catalog, holds_password

FILE = "sinowire.toml"
PREFIX = "SINOWIRE_"
# Whoever else may read the copy, nobody else may change it.
PUBLISHED_MODES = ("0600", "0640", "0644")
# A secret stands in no file that is backed up, shared and committed.
NOT_IN_FILE = {"home", "translate_api_key", "web_token"}
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
    full_texts_per_run: int = Field(
        100, ge=1, le=2_000, description="Articles' pages that a pass visits at most."
    )
    full_texts_per_host: int = Field(
        200, ge=1, description="Articles' pages of one host that are visited in a day."
    )
    full_text_seconds: float = Field(
        60.0,
        ge=1,
        le=600,
        description="Longest time that a pass spends on articles' pages.",
    )
    translate: TranslateSettings | None = Field(
        None,
        description="What translates headlines, a table with `command` or `url`: "
        "docs/howto/translated-headlines.md; in the environment as JSON.",
    )
    translate_api_key: SecretStr | None = Field(
        None,
        description="Key of the service that translates, from the environment alone.",
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
    zone: str | None = Field(
        None,
        description="Time zone in which the desk tells times; the reporting zone by "
        "default, and the reader's own where a script may run.",
    )
    hosts: tuple[str, ...] = Field(
        (),
        description="Names by which readers reach the desk through a proxy or a network, "
        "beside those of this machine: a list, in the environment as JSON.",
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        (),
        description="Networks of proxies whose word is taken for whom they ask, "
        "comma-separated.",
    )
    web_token: SecretStr | None = Field(
        None,
        description="What the desk asks everybody for, from the environment alone; "
        "needed where it listens beyond this machine.",
    )
    web_url: str | None = Field(
        None, description="Address by which readers reach the desk, for links in its feeds."
    )
    runs_url: str | None = Field(
        None,
        description="Address of Prefect's page, to which the desk leads; `sinowire up` "
        "gives it to its own desk.",
    )
    shard_size: int = Field(
        1000, ge=1, description="Feeds polled and committed together, if they bring little."
    )

    warehouse: SecretStr | None = Field(
        None,
        description="A lake that hosts share in place of this host's file: "
        "`ducklake:postgres:dbname=… host=…`, its password not in the file.",
    )
    lake: Path | None = Field(
        None, description="The folder of the lake's rows, which all its hosts mount."
    )

    @field_validator("warehouse")
    @classmethod
    def _is_catalog(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            check_catalog(value.get_secret_value())
        return value

    @field_validator("reporting_zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        if not is_zone(value):
            raise ValueError(f"{value!r} is not an IANA time zone")
        return value

    @field_validator("zone")
    @classmethod
    def _reader_zone_exists(cls, value: str | None) -> str | None:
        if value is not None and not is_zone(value):
            raise ValueError(f"{value!r} is not an IANA time zone")
        return value

    @field_validator("web_url", "runs_url")
    @classmethod
    def _is_web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError(f"{value!r} does not begin with http:// or https://")
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

    @field_validator("allow_private_addresses", "trusted_proxies", mode="before")
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
        """How old data may be: the pause of the slowest feed, of passes, of publication."""
        pauses = timedelta(minutes=self.poll_longest_minutes + self.ingest_minutes)
        return pauses + PUBLISHED_EVERY

    @property
    def lake_address(self) -> LakeAddress | None:
        """Where the lake is, None where the warehouse is a file."""
        if self.warehouse is None or self.lake is None:
            return None
        catalog = check_catalog(self.warehouse.get_secret_value())
        return LakeAddress(catalog, (self.home / self.lake).absolute())

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
    config.check_keys(config.data, set(Settings.model_fields) - NOT_IN_FILE, ())
    try:
        # The environment has the last word on everything but the home asked for.
        found = Settings(**_resolved(config)).model_copy(update={"home": folder})
    except ValidationError as exc:
        raise _config_error(config, exc) from exc
    if (found.warehouse is None) != (found.lake is None):
        name, other = ("warehouse", "lake") if found.lake is None else ("lake", "warehouse")
        raise config.error(
            (name,), f"stands alone: a lake needs {other} too", f"set {other}"
        )
    return found


def _resolved(config: ConfigText) -> dict[str, Any]:
    """Return what stands in the file, with the lake's catalog from its variable."""
    raw = config.data.get("warehouse")
    if raw is None:
        return config.data
    table = ConfigTable(config, (), config.data)
    if isinstance(raw, str) and holds_password(raw):
        raise table.error(
            "warehouse",
            "holds a literal secret",
            'keep it in a variable, warehouse = { env = "NAME" }, or in the file of '
            "PGPASSFILE",
        )
    return config.data | {"warehouse": resolve(table, "warehouse", raw, os.environ)}


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
