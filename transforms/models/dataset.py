"""Data set of a release: tables, their columns and files, and whose it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class DataColumn:
    """A column: its type as DuckDB calls it, and its comment in the data dictionary."""

    name: str
    type: str
    about: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A written file, by its path in the release."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTable:
    """A table in its two files; ``refers`` are columns that name a row of another table."""

    name: str
    about: str
    columns: tuple[DataColumn, ...]
    key: tuple[str, ...]
    refers: Mapping[str, str]
    rows: int
    parquet: DataFile
    csv: DataFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A count of the release as a whole."""

    figure: str
    value: int
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """What was read of one state of the warehouse: tables, and what they are read by.

    ``as_of`` is when the newest of them was seen. Without articles of ``hosts_left_out``.
    """

    tables: tuple[ReleaseTable, ...]
    figures: tuple[Figure, ...]
    since: date
    until: date
    as_of: datetime
    zone: str
    rules_version: str
    engine: str
    hosts_left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A release: tables, their owner and maker, and the date of its newest article."""

    beat_id: str
    beat: str
    read: Tables
    made_by: str
    has_titles: bool
    authors: tuple[str, ...] = ()
    license: str = ""

    @property
    def title(self) -> str:
        """Title, as a citation has it."""
        return f"{self.beat} in the news, {self.read.since} to {self.read.until}"

    @property
    def name(self) -> str:
        """Name that a URL may have."""
        return f"sinowire-{self.beat_id}-{self.read.since}-{self.read.until}"

    @property
    def description(self) -> str:
        """What it is, in one sentence."""
        return (
            f"What outlets published on the beat {self.beat} from {self.read.since} to "
            f"{self.read.until}: articles by address, outlet and time, the companies and "
            "topics that they name, stories, measures of states, claims, counts by day, "
            "and the bilingual register of whom and what was looked for."
        )

    @property
    def keywords(self) -> tuple[str, ...]:
        """Keywords for catalogues."""
        return ("news", "media monitoring", self.beat)

    @property
    def version(self) -> str:
        """Version by what it holds: the last day, and a digest of all files of tables."""
        sums = "".join(
            f"{file.sha256} {file.path}\n"
            for table in self.read.tables
            for file in (table.parquet, table.csv)
        )
        until = self.read.until
        digest = hashlib.sha256(sums.encode()).hexdigest()[:12]
        return f"{until.year}.{until.month}.{until.day}+{digest}"

    @property
    def makers(self) -> tuple[str, ...]:
        """Authors; the program where nobody is named."""
        return self.authors or (self.made_by,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A company, body, person, topic or event type of the register by its name."""

    kind: str
    subject_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow(Registered):
    """A company, body, person, topic or event type, as the register of a release has it."""

    kind: Literal["company", "person", "topic", "event"]
    name_zh: str
    company_kind: str = ""
    role: str = ""
    sector: str = ""
    country: str = ""
    parent_id: str | None = None
    since: date | None = None
    until: date | None = None
    tickers: tuple[str, ...] = ()
    wikidata: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterName(Registered):
    """A name by which one of the register is found."""

    script: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterExample(Registered):
    """A test sentence of the register."""

    example: str
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The register: rows, their names and their test sentences."""

    rows: tuple[RegisterRow, ...]
    names: tuple[RegisterName, ...]
    examples: tuple[RegisterExample, ...]
