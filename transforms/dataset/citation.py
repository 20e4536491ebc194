"""Citation of a release, as ``CITATION.cff`` (Citation File Format 1.2) and in a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import StrEnum

from transforms.models.dataset import Dataset

# JSON leaves these as they are, and YAML takes them for the end of a line or no text.
_LEFT_BY_JSON = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


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
