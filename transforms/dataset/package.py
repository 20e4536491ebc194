"""What tells programs of a release: its data package and its Croissant.

``datapackage.json`` is a Frictionless Data Package 2, ``croissant.json`` the JSON-LD by
which tools of learning read it; records of that are read from the Parquet files.
https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from __future__ import annotations

import json
from typing import Any

from transforms.dataset.prose import plain_citation, url_of
from transforms.models.dataset import DataColumn, DataFile, Dataset, ReleaseTable

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
# The context of Croissant 1.0, which is the same in every file.
_CROISSANT_TERMS = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty"),
    *("fileObject", "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key"),
    *("md5", "parentField", "path", "recordSet", "references", "regex", "repeated"),
    *("replace", "samplingRate", "separator", "source", "subField", "transform"),
)
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{term: f"cr:{term}" for term in _CROISSANT_TERMS},
}
_CROISSANT_TYPES = {
    "varchar": "sc:Text",
    "boolean": "sc:Boolean",
    "tinyint": "sc:Integer",
    "integer": "sc:Integer",
    "bigint": "sc:Integer",
    "double": "sc:Float",
    "date": "sc:Date",
    "timestamptz": "sc:DateTime",
    "varchar[]": "sc:Text",
}
_PARQUET, _CSV = "application/x-parquet", "text/csv"


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
        **({"licenses": [_license(dataset.license)]} if dataset.license else {}),
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


def _license(license_id: str) -> dict[str, str]:
    return {"name": license_id, "path": url_of(license_id)}


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


def render_croissant(dataset: Dataset) -> str:
    """Return ``croissant.json``."""
    read = dataset.read
    croissant = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": dataset.name,
        "alternateName": dataset.title,
        "description": dataset.description,
        "version": dataset.version,
        "datePublished": f"{read.as_of:%Y-%m-%d}",
        "temporalCoverage": f"{read.since}/{read.until}",
        "inLanguage": ["zh", "en"],
        "keywords": list(dataset.keywords),
        "creator": [{"@type": "sc:Organization", "name": name} for name in dataset.makers],
        "license": _croissant_license(dataset),
        "citeAs": plain_citation(dataset),
        "isLiveDataset": False,
        "distribution": [
            _croissant_file(file, kind)
            for table in read.tables
            for file, kind in ((table.parquet, _PARQUET), (table.csv, _CSV))
        ],
        "recordSet": [_records(table) for table in read.tables],
    }
    return json.dumps(croissant, indent=2, ensure_ascii=False) + "\n"


def _croissant_license(dataset: Dataset) -> Any:
    if dataset.license:
        return url_of(dataset.license)
    return {"@type": "sc:CreativeWork", "name": "None is given: README.md, Rights"}


def _croissant_file(file: DataFile, kind: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": kind,
        "sha256": file.sha256,
    }


def _records(table: ReleaseTable) -> dict[str, Any]:
    key = [{"@id": f"{table.name}/{column}"} for column in table.key]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.about,
        **({"key": key} if key else {}),
        "field": [_croissant_field(table, column) for column in table.columns],
    }


def _croissant_field(table: ReleaseTable, column: DataColumn) -> dict[str, Any]:
    unit = f" Unit: {column.unit}." if column.unit else ""
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.about + unit,
        "dataType": "sc:URL" if column.name == "url" else _CROISSANT_TYPES[column.type],
        "source": {
            "fileObject": {"@id": table.parquet.path},
            "extract": {"column": column.name},
        },
    }
    if column.type.endswith("[]"):
        field["repeated"] = True
    # No `references`: mlcroissant 1.1 joins by them, and fails where it reads in parts.
    return field
