"""A newsroom's home: ten weeks of invented news, polled twice, with its briefs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from connectors.samples.history import history_lines
from connectors.samples.serve import feeds_toml, serve_samples
from flows.home import load_config, write_starters
from flows.settings import load_settings
from flows.steps.cycle import run
from flows.steps.ingest.history import Imported, import_file

DAY = timedelta(days=1)
# A Sunday afternoon in Shanghai, so that seven days are a week of the calendar.
NOW = datetime(2025, 11, 30, 8, tzinfo=UTC)
WRITTEN = NOW + timedelta(minutes=20)
OUTLETS = ("Tidewater Asia", "Circuit & Port", "Market Square", "The Silk Ledger")


def quiet(*_):
    pass


def extra():
    """Yield what the invented history lacks: a new level, a new word, days to come."""
    for back in range(60):
        for n in range(3 if back < 24 else back % 2):
            digest = sha256(f"{back} {n}".encode()).hexdigest()
            word = digest[:20].translate(str.maketrans("0123456789", "ghijklmnop"))
            new = "hovercraft" if back < 6 else ""
            yield back, f"DJI {word[:6]} {word[6:13]} {word[13:]} {new}".strip(), n
    yield 2, "Unitree IPO set for Dec 3 in Shanghai", 1
    yield 1, "小米业绩12月4日公布", 2
    yield 3, "Baidu raises $1.25 billion in a bond sale: funding round closed", 3


def lines():
    yield from history_lines(NOW)
    for number, (back, title, outlet) in enumerate(extra()):
        at = NOW - back * DAY - timedelta(hours=7)
        # Some come in late: as of a moment before, they had not been seen.
        late = timedelta(hours=20 * (number % 5 == 0 and back > 0))
        article = {
            "url": f"https://extra.example/{number}",
            "title": title,
            "published_at": at.isoformat(),
            "first_seen_at": (at + timedelta(minutes=9) + late).isoformat(),
            "publisher": OUTLETS[(number + outlet) % len(OUTLETS)],
            "language": "zh" if "小" in title else "en",
        }
        yield json.dumps(article) + "\n"


def fill(home):
    """Fill the folder *home*; its published file is of NOW."""
    (home / "sinowire.toml").write_text('allow_private_addresses = ["127.0.0.0/8"]\n')
    write_starters(home, ("watchlist.toml", "alerts.toml"))
    file = home / "history.jsonl"
    file.write_text("".join(lines()), encoding="utf-8")
    with serve_samples(NOW, slow_seconds=0.1) as server:
        (home / "feeds.toml").write_text(feeds_toml(server.url), encoding="utf-8")
        config = load_config(load_settings(home)).check()
        import_file(config, file, Imported(), now=NOW, report=quiet, progress=quiet)
        for moment, now in ((1, NOW - timedelta(hours=2)), (2, NOW)):
            server.moment = moment
            run(config, now=now, report=quiet, progress=quiet)
