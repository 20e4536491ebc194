"""The demo's invented history in a home, where addresses do not tell the truth about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

from connectors.samples.history import history
from flows.home import load_config, write_starters
from flows.settings import load_settings
from flows.steps.ingest.history import Imported, import_file

MOMENTS = [datetime(2025, 11, 30, 8, tzinfo=UTC), datetime(2026, 3, 4, 21, tzinfo=UTC)]


def import_hashed(home, moment):
    """Import it as of a moment, each address a hash; return by address what it tells of."""
    slugs = {}
    rows = history(moment)
    for row in rows:
        address = f"https://{sha256(row['url'].encode()).hexdigest()[:20]}.example/"
        slugs[address] = row["url"].rpartition("/")[2]
        row["url"] = address
    file = home / "history.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    write_starters(home, ("watchlist.toml",))
    config = load_config(load_settings(home)).check()
    import_file(config, file, Imported(), now=moment, report=_quiet, progress=_quiet)
    return slugs


def _quiet(*_):
    pass
