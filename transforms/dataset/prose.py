"""Read-me, data dictionary and citation of a release.

The citation is ``CITATION.cff`` (Citation File Format 1.2), and a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from transforms.models.dataset import DataColumn, Dataset, ReleaseTable
from transforms.text.lengths import counted

_READ_ME = """\
# {title}

{description}
Made with {made_by} ({engine}), by the rules {rules}.
The newest of it was seen at {as_of} UTC. Days are those of {zone}.

## Cite

{citation}

`CITATION.cff` says the same to programs.
The version has a digest of the tables: two releases of one version are equal in them.

## Rights

{rights}
What the outlets publish at these addresses is theirs.
{license}

## Figures

| figure | value | meaning |
|---|---:|---|
{figures}

## Tables

Each is here twice, with the same rows: typed in `parquet/`, as text in `csv/`.

| table | rows | what it has |
|---|---:|---|
{tables}

`data-dictionary.md` explains every column; `datapackage.json` (Frictionless) and
`croissant.json` explain them to programs.

- In CSV a list is JSON, a moment of UTC is `2026-07-01T08:00:00Z`, what is not known is
  empty, and a text that a spreadsheet would run as a formula (`=…`, `+…`, `-…`, `@…`) has
  an apostrophe before it. Parquet has all texts as they are.
- `sha256sum -c SHA256SUMS` tells whether a file was changed.
"""
_NO_TITLES = (
    "Here are addresses, outlets, times, ids, tags, measures and counts: no headline, "
    "summary or text of an outlet, and no author's name."
)
_TITLES = (
    "Here are headlines as well, which are the outlets' own words: who passes them on has "
    "to have a right to that. There is no summary, no text and no author's name."
)
_NO_LICENSE = (
    "No licence is given for the rest; `sinowire release --license` names the one that "
    "its publisher chooses."
)


# JSON leaves these as they are, and YAML takes them for the end of a line or no text.
_LEFT_BY_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def render_read_me(dataset: Dataset) -> str:
    """Return ``README.md``."""
    read = dataset.read
    return _READ_ME.format(
        title=dataset.title,
        description=dataset.description,
        made_by=dataset.made_by,
        engine=read.engine,
        rules=read.rules_version or "(not on record)",
        as_of=f"{read.as_of:%Y-%m-%d %H:%M}",
        zone=read.zone,
        citation=plain_citation(dataset),
        rights=_TITLES if dataset.has_titles else _NO_TITLES,
        license=_license(dataset.license),
        figures=_rows((f"`{f.figure}`", f"{f.value:,}", f.meaning) for f in read.figures),
        tables=_rows((f"`{t.name}`", f"{t.rows:,}", t.about) for t in read.tables),
    )


def render_dictionary(dataset: Dataset) -> str:
    """Return ``data-dictionary.md``."""
    return "\n".join(["# Data dictionary\n", *map(_section, dataset.read.tables)])


def _license(license_id: str) -> str:
    if not license_id:
        return _NO_LICENSE
    return f"The rest may be used under {license_id} ({url_of(license_id)})."


def _section(table: ReleaseTable) -> str:
    return (
        f"## {table.name}\n\n{table.about} ({counted(table.rows, 'row')})\n\n"
        "| column | type | unit | meaning |\n|---|---|---|---|\n"
        f"{_rows(_column(table, column) for column in table.columns)}\n"
    )


def _column(table: ReleaseTable, column: DataColumn) -> tuple[str, ...]:
    about = column.about
    if other := table.refers.get(column.name):
        about += f" A row of {other}."
    return f"`{column.name}`", column.type, column.unit, about


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def render_citation(dataset: Dataset) -> str:
    """Return ``CITATION.cff``; every text in it is a JSON string, which is one of YAML."""
    return "\n".join(_lines(dataset)) + "\n"


def plain_citation(dataset: Dataset) -> str:
    """Return the citation in one sentence, for a list of references."""
    makers, year = "; ".join(dataset.makers), dataset.read.as_of.year
    return (
        f"{makers} ({year}). {dataset.title} [data set]. Version {dataset.version}, "
        f"made with {dataset.made_by}."
    )


def _lines(dataset: Dataset) -> Iterator[str]:
    yield 'cff-version: "1.2.0"'
    yield "type: dataset"
    yield f"message: {_text('Cite this data set so if you use it.')}"
    yield f"title: {_text(dataset.title)}"
    yield f"abstract: {_text(dataset.description)}"
    yield "authors:"
    yield from (f"  - name: {_text(name)}" for name in dataset.makers)
    yield f"version: {_text(dataset.version)}"
    yield f'date-released: "{dataset.read.as_of:%Y-%m-%d}"'
    if dataset.license:
        yield f"license: {_text(dataset.license)}"
    yield "keywords:"
    yield from (f"  - {_text(word)}" for word in dataset.keywords)


def _text(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _LEFT_BY_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


class License(StrEnum):
    """Licence of data, by its SPDX id."""

    apache = "Apache-2.0"
    cc0 = "CC0-1.0"
    cc_by = "CC-BY-4.0"
    cc_by_nc = "CC-BY-NC-4.0"
    cc_by_nc_sa = "CC-BY-NC-SA-4.0"
    cc_by_sa = "CC-BY-SA-4.0"
    mit = "MIT"
    odbl = "ODbL-1.0"
    odc_by = "ODC-By-1.0"
    pddl = "PDDL-1.0"


def url_of(license_id: str) -> str:
    """Return the address at which a licence is laid down."""
    return f"https://spdx.org/licenses/{license_id}.html"
