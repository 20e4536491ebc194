"""Croissant of a release: ``croissant.json``, JSON-LD by which tools of learning read it.

Records are read from the Parquet files. https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

from __future__ import annotations

import json
from typing import Any

from transforms.dataset.prose import plain_citation, url_of
from transforms.models.dataset import DataColumn, DataFile, Dataset, ReleaseTable

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
_TYPES = {
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
        "license": _license(dataset),
        "citeAs": plain_citation(dataset),
        "isLiveDataset": False,
        "distribution": [
            _file(file, kind)
            for table in read.tables
            for file, kind in ((table.parquet, _PARQUET), (table.csv, _CSV))
        ],
        "recordSet": [_records(table) for table in read.tables],
    }
    return json.dumps(croissant, indent=2, ensure_ascii=False) + "\n"


def _license(dataset: Dataset) -> Any:
    if dataset.license:
        return url_of(dataset.license)
    return {"@type": "sc:CreativeWork", "name": "None is given: README.md, Rights"}


def _file(file: DataFile, kind: str) -> dict[str, Any]:
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
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: ReleaseTable, column: DataColumn) -> dict[str, Any]:
    unit = f" Unit: {column.unit}." if column.unit else ""
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.about + unit,
        "dataType": "sc:URL" if column.name == "url" else _TYPES[column.type],
        "source": {
            "fileObject": {"@id": table.parquet.path},
            "extract": {"column": column.name},
        },
    }
    if column.type.endswith("[]"):
        field["repeated"] = True
    # No `references`: mlcroissant 1.1 joins by them, and fails where it reads in parts.
    return field
