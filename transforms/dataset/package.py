"""Data package of a release: ``datapackage.json``, Frictionless Data Package 2."""

from __future__ import annotations

import json
from typing import Any

from transforms.dataset.prose import url_of
from transforms.models.dataset import DataColumn, Dataset, ReleaseTable

# Types of columns, by DuckDB's names; lists are JSON in a CSV file.
_TYPES = {
    "varchar": "string",
    "boolean": "boolean",
    "tinyint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "double": "number",
    "date": "date",
    "timestamptz": "datetime",
    "varchar[]": "array",
}


def render_package(dataset: Dataset) -> str:
    """Return ``datapackage.json``.

    The CSV files are its tables. The Parquet files, the same rows, are plain files in it:
    to read them a program needs more than most have.
    """
    read = dataset.read
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": dataset.name,
        "title": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "created": f"{read.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "keywords": list(dataset.keywords),
        "contributors": [{"title": name, "roles": ["author"]} for name in dataset.makers],
        **_licenses(dataset),
        "temporal": {"start": f"{read.since}", "end": f"{read.until}", "zone": read.zone},
        "madeWith": {
            "version": dataset.made_by,
            "engine": read.engine,
            "rules": read.rules_version,
        },
        "hasTitles": dataset.has_titles,
        "figures": {figure.figure: figure.value for figure in read.figures},
        "resources": [
            *(_table(table) for table in read.tables),
            *(_parquet(table) for table in read.tables),
        ],
    }
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _licenses(dataset: Dataset) -> dict[str, Any]:
    if not dataset.license:
        return {}
    return {"licenses": [{"name": dataset.license, "path": url_of(dataset.license)}]}


def _table(table: ReleaseTable) -> dict[str, Any]:
    return {
        "name": table.name.replace("_", "-"),
        "type": "table",
        "path": table.csv.path,
        "description": table.about,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.csv.size,
        "hash": f"sha256:{table.csv.sha256}",
        "rows": table.rows,
        "fields": len(table.columns),
        "schema": _schema(table),
    }


def _parquet(table: ReleaseTable) -> dict[str, Any]:
    return {
        "name": f"{table.name.replace('_', '-')}-parquet",
        "type": "file",
        "path": table.parquet.path,
        "description": f"{table.about} The rows of {table.csv.path}, typed.",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": table.parquet.size,
        "hash": f"sha256:{table.parquet.sha256}",
    }


def _schema(table: ReleaseTable) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.refers:
        schema["foreignKeys"] = [
            {
                "fields": [column],
                "reference": {"resource": other.replace("_", "-"), "fields": [column]},
            }
            for column, other in table.refers.items()
        ]
    return schema


def _field(column: DataColumn) -> dict[str, Any]:
    field = {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": column.about,
    }
    return field | ({"unit": column.unit} if column.unit else {})
