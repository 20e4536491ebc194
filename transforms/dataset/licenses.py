"""Licences that a release may be given: those that data sets have."""

from __future__ import annotations

from enum import StrEnum


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
