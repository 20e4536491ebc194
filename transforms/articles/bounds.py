"""Bound the particulars of an entry, which are stored as they came."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from transforms.models import Entry

# Browsers and servers take some thousands; what is longer leads nowhere.
MAX_URL = 4_000
MAX_GUID = 1_000
# Markup around a name included.
MAX_NAME = 1_000
MAX_DATE = 200
MAX_LANGUAGE = 40
MAX_AUTHORS = 20


def bounded(entry: Entry) -> Entry:
    """Return *entry* with particulars that are no longer than such things are.

    An address that is too long is none: cut, it would lead elsewhere. A guid stays
    another than all others.
    """
    if _is_short(entry):
        return entry
    return replace(
        entry,
        url=entry.url if len(entry.url) <= MAX_URL else "",
        guid=_bounded_guid(entry.guid),
        publisher=entry.publisher[:MAX_NAME],
        authors=tuple(author[:MAX_NAME] for author in entry.authors[:MAX_AUTHORS]),
        published_raw=entry.published_raw[:MAX_DATE],
        updated_raw=entry.updated_raw[:MAX_DATE],
        language=entry.language[:MAX_LANGUAGE],
    )


def _is_short(entry: Entry) -> bool:
    return (
        len(entry.url) <= MAX_URL
        and len(entry.guid) <= MAX_GUID
        and len(entry.publisher) <= MAX_NAME
        and len(entry.published_raw) <= MAX_DATE
        and len(entry.updated_raw) <= MAX_DATE
        and len(entry.language) <= MAX_LANGUAGE
        and len(entry.authors) <= MAX_AUTHORS
        and all(len(author) <= MAX_NAME for author in entry.authors)
    )


def _bounded_guid(guid: str) -> str:
    if len(guid) <= MAX_GUID:
        return guid
    digest = hashlib.sha256(guid.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{guid[: MAX_GUID - len(digest) - 1]}…{digest}"
