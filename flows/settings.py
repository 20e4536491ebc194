"""Settings of a home: the environment first, then its ``sinowire.toml``, then defaults."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from connectors.net.headers import DEFAULT_USER_AGENT
from flows.setting_kinds import (
    Catalog,
    HubAddress,
    Mode,
    Networks,
    Proxy,
    Rows,
    TranslateSettings,
    UserAgent,
    WebAddress,
    Zone,
)
from transforms.config import ConfigError, ConfigText, decode_text
from transforms.config.table import ConfigTable, resolve
from transforms.dates.zones import is_zone
from transforms.text.json_limits import read_json
from warehouse.file.reading import read_lines, read_named
from warehouse.lake.address import (
    SCHEME,
    LakeAddress,
    check_bucket,
    check_catalog,
    holds_password,
    keys_of,
)

# Where nothing but polls is new, the published file is replaced this often.
PUBLISHED_EVERY = timedelta(hours=1)
PREFIX = "SINOWIRE_"
FILE = "sinowire.toml"
# A secret stands in no file that is backed up, shared and committed.
NOT_IN_FILE = {"home", "translate_api_key", "web_token"}
# Lists and tables, which are JSON in the environment.
_AS_JSON = {"hosts", "translate"}
# A file system takes 255 bytes, of which a character may be three.
_LONGEST_NAME = 80
# Retired settings, each with its replacement.
RETIRED = {
    "per_host": "two fetches are in flight to one host at one time",
    "entries_per_poll": "a poll takes 2,000 new entries, the next ones the rest",
    "shard_size": "at most 1,000 feeds are committed together",
}


class Settings(BaseModel):
    """All settings with their defaults; the descriptions are the reference."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    home: Path = Field(Path(), description="The folder that holds files and data.")
    beat: str = Field(
        "china-tech",
        min_length=1,
        description="What is watched: a shipped beat, one of this home's, or a folder; "
        "see `sinowire beat list`.",
    )
    reporting_zone: Zone = Field(
        "Asia/Shanghai", description="Time zone of the days and weeks that trends count."
    )
    user_agent: UserAgent = Field(
        DEFAULT_USER_AGENT,
        description="Name that servers see; add an address where you can be reached.",
    )
    timeout_seconds: float = Field(
        20.0, gt=0, le=300, description="Longest time that one fetch may take in total."
    )
    max_bytes: int = Field(
        5_000_000,
        ge=10_000,
        description="Largest decoded document, in bytes; a feed may have its own.",
    )
    concurrency: int = Field(64, ge=1, le=500, description="Fetches in flight at one time.")
    host_spacing_seconds: float = Field(
        1.0, ge=0, le=60, description="Pause between two requests to one host."
    )
    proxy: Proxy | None = Field(
        None, description="Proxy for all feeds (http://host:port); none by default."
    )
    allow_private_addresses: Networks = Field(
        (),
        description="Internal networks that feeds may be fetched from, comma-separated.",
    )
    rsshub: HubAddress | None = Field(
        None,
        description="Address of an RSSHub, http://host:1200, which may stand on this "
        'machine: feeds written url = "rsshub:/…" are off without it.',
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
    topics_off_beat: bool = Field(
        default=False,
        description="Look for topics and events in every article. By default those that "
        "name nobody and are off the beat whatever they treat are not searched for any, "
        "unless an alert rule or a named search reads topics off the beat.",
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
        description="Translator of headlines, a table with `command` or `url`: "
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
    published_mode: Mode = Field(
        "0640",
        description="Who may read the published copy: 0600 its owner alone, 0640 its "
        "group too, 0644 everybody on the machine.",
    )
    zone: Zone | None = Field(
        None,
        description="Time zone of the clock on which the desk tells times of day, by "
        "default the reporting zone. Days are always those of the reporting zone.",
    )
    hosts: tuple[str, ...] = Field(
        (),
        description="Names by which readers reach the desk through a proxy or a network, "
        "beside those of this machine: a list, in the environment as JSON.",
    )
    trusted_proxies: Networks = Field(
        (),
        description="Networks of trusted proxies, whose forwarded addresses are believed, "
        "comma-separated.",
    )
    web_token: SecretStr | None = Field(
        None,
        description="Password of the desk, from the environment alone; required where it "
        "listens beyond this machine. Without it corrections need the token in "
        "`data/web-token`.",
    )
    web_url: WebAddress | None = Field(
        None, description="Address by which readers reach the desk, for links in its feeds."
    )
    runs_url: WebAddress | None = Field(
        None,
        description="Address of Prefect's page, to which the desk leads; `sinowire up` "
        "gives it to its own desk.",
    )
    warehouse: Catalog | None = Field(
        None,
        description="A lake that hosts share in place of this host's file: "
        "`ducklake:postgres:dbname=… host=…`, its password not in the file.",
    )
    lake: Rows | None = Field(
        None,
        description="The folder of the lake's rows, which all its hosts mount, or "
        "`s3://bucket/prefix`; the keys of a bucket stand in the environment.",
    )
    lake_silent_minutes: float = Field(
        5,
        ge=0.1,
        le=1_440,
        description="Timeout after which a silent writer of a lake loses the lock (it "
        "reports ten times as often), the same on all hosts; after which a stopped run of "
        "this host is ended, and PostgreSQL is waited for no more.",
    )

    @property
    def patience(self) -> timedelta:
        """The age from which data are old: slowest poll, pass and publication together."""
        pauses = timedelta(minutes=self.poll_longest_minutes + self.ingest_minutes)
        return pauses + PUBLISHED_EVERY

    @property
    def lake_address(self) -> LakeAddress | None:
        """The address of the lake; None if the warehouse is a file."""
        if self.warehouse is None or self.lake is None:
            return None
        catalog = check_catalog(self.warehouse.get_secret_value())
        is_bucket = self.lake.startswith(SCHEME)
        return LakeAddress(
            catalog,
            check_bucket(self.lake) if is_bucket else (self.home / self.lake).absolute(),
            keys_of(os.environ) if is_bucket else None,
            silent_seconds=self.silent_seconds,
        )

    @property
    def silent_seconds(self) -> float:
        """The seconds of silence after which a process counts as gone."""
        return self.lake_silent_minutes * 60

    @property
    def data(self) -> Path:
        """The folder of all files that sinowire writes."""
        return self.home / "data"


def load_settings(home: Path | None = None) -> Settings:
    """Return the settings of *home* (else ``SINOWIRE_HOME``, else this folder).

    Raises:
        ConfigError: A setting is unknown or out of range; names file or variable.
    """
    folder = home or Path(os.environ.get(f"{PREFIX}HOME") or ".")
    config = ConfigText(read_file(folder / FILE) or "", FILE)
    known = set(Settings.model_fields) - NOT_IN_FILE
    config.check_keys(config.data, known | RETIRED.keys(), ())
    given = {key: value for key, value in _resolved(config).items() if key in known}
    for key, value in _of_environment():
        both = isinstance(value, dict) and isinstance(given.get(key), dict)
        given[key] = given[key] | value if both else value
    try:
        settings = Settings(**given, home=folder)
    except ValidationError as exc:
        raise _config_error(config, exc) from exc
    if (settings.warehouse is None) != (settings.lake is None):
        name, other = (
            ("warehouse", "lake") if settings.lake is None else ("lake", "warehouse")
        )
        raise config.error(
            (name,), f"stands alone: a lake needs {other} too", f"set {other}"
        )
    return settings if "reporting_zone" in given else _in_zone_of_beat(settings)


def _in_zone_of_beat(settings: Settings) -> Settings:
    """Return *settings* with the reporting zone that a beat of the home says, if it does.

    Raises:
        ConfigError: That is no time zone; names the beat's file and line.
    """
    home, beat = settings.home, settings.beat
    # What could be no folder's name is refused with its line by who loads the beat.
    if "\0" in beat or len(beat) > _LONGEST_NAME:
        return settings
    for path in (home / "beats" / beat / "beat.toml", home / beat / "beat.toml"):
        if (text := read_file(path)) is None:
            continue
        config = ConfigText(text, str(path))
        if not (zone := config.data.get("zone")):
            return settings
        if not (isinstance(zone, str) and is_zone(zone)):
            raise config.error(
                ("zone",), f"{zone!r} is not an IANA time zone", "name one, as Europe/Oslo"
            )
        return settings.model_copy(update={"reporting_zone": zone})
    return settings


def retired_settings(home: Path) -> Iterator[str]:
    """Yield a sentence for each retired setting that is still set."""
    config = ConfigText(read_file(home / FILE) or "", FILE)
    for name, instead in RETIRED.items():
        if name in config.data:
            yield f"{FILE}:{config.line(name)}: {name} has no effect: {instead}"
        if (variable := f"{PREFIX}{name}".upper()) in os.environ:
            yield f"{variable} has no effect: {instead}"


def _of_environment() -> Iterator[tuple[str, Any]]:
    """Yield the settings in the environment: it has the last word on all but the home."""
    variables = {name.upper(): value for name, value in os.environ.items()}
    for key in Settings.model_fields.keys() - {"home"}:
        if value := variables.get(f"{PREFIX}{key}".upper()):
            yield key, _decoded(value) if key in _AS_JSON else value


def _decoded(value: str) -> Any:
    try:
        return read_json(value)
    except json.JSONDecodeError:
        # Refused for its type, as that of a file would be.
        return value


def _resolved(config: ConfigText) -> dict[str, Any]:
    """Return the file's settings, with the lake's catalog from its variable."""
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


def read_file(path: Path, read: Callable[[Path], bytes] = read_named) -> str | None:
    """Return the text of an editable file, None if it is missing.

    Raises:
        ConfigError: It cannot be read, or is not UTF-8 text; names the line.
    """
    try:
        return decode_text(read(path), str(path))
    except FileNotFoundError:
        return None
    except IsADirectoryError as exc:
        raise ConfigError(
            str(path), "is a folder", "move it aside and save a file of that name"
        ) from exc
    except OSError as exc:
        remedy = "run as its owner" if exc.errno == errno.EACCES else "put a file there"
        raise ConfigError(str(path), f"cannot be read: {exc.strerror}", remedy) from exc


def read_json_lines(file: Path | None) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a file of JSON lines, or of standard input, with their lines.

    Raises:
        ConfigError: It cannot be read, or a line is not a JSON object; names the line.
    """
    name = str(file or "standard input")
    try:
        with file.open(encoding="utf-8") if file else nullcontext(sys.stdin) as text:
            for number, line in enumerate(read_lines(text), 1):
                if line.strip():
                    yield number, _object(line, f"{name}:{number}")
    except (OSError, UnicodeDecodeError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise ConfigError(
            name, f"cannot be read: {reason}", "give a UTF-8 file of JSON lines"
        ) from exc


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        record = read_json(line)
    except json.JSONDecodeError as exc:
        raise ConfigError(where, f"is not JSON: {exc.msg}", "one object a line") from exc
    if not isinstance(record, dict):
        raise ConfigError(where, "is not a JSON object", "one object a line")
    return record


def _config_error(config: ConfigText, exc: ValidationError) -> ConfigError:
    problem = exc.errors()[0]
    name = str(problem["loc"][0])
    variable = f"{PREFIX}{name}".upper()
    message = problem["msg"].removeprefix("Value error, ")
    allowed = Settings.model_fields[name].description or ""
    if variable in os.environ:
        return ConfigError(variable, f"environment variable is wrong: {message}", allowed)
    return config.error((name,), f"is wrong: {message}", allowed)
