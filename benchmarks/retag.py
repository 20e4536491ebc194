"""What `sinowire retag` costs beside a million articles, and what readers see of it.

    python benchmarks/retag.py [--articles 1000000] [--texts DIR] [--keep DIR] [--record]
    python benchmarks/retag.py --stream [--articles 100000] [--keep DIR] [--record]

The warehouse is that of ``views.py`` with real headlines in it, every other one Chinese
(``../shared/corpus/headlines``, or --texts: JSON lines with ``title`` and ``summary``);
where a text has no summary, two other headlines are its summary. It is as an earlier
release left it: nothing is known of relevance, roles, directions, affairs and masks, and
every finding is another. Meanwhile another process opens the published file and asks it,
once a second. --keep names a home to build once: each run works on a copy of it.

With --stream it has so many headlines of five months as they were published, and of more
the same again in the months before, with other numbers; they are imported, so that stories
are those of the news: what a release before joined, where --keep names a home
that was imported by that. The sentence tells what came of them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import islice
from math import ceil
from operator import attrgetter
from pathlib import Path

import duckdb
import orjson
from results import ROOT, Cell, Result, Table, add_record_option
from results import publish as publish_result
from story_labels import Labelled
from views import build
from wild import headlines

from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.clock import clock_at
from flows.steps.ingest.history import Imported, import_file
from flows.steps.trends.trends import refresh_trends
from flows.steps.upkeep.retag import retag
from transforms.dates.parse import EARLIEST
from transforms.text.fold import search_text
from warehouse.file.connect import PUBLISHED_NAME, open_published, writer
from warehouse.file.publish import publish
from warehouse.upkeep.regroup import StoryCounts

TEXTS = ROOT.parent / "shared" / "corpus" / "headlines"
LONGEST = 300
# A summary of fewer characters is a line that a feed gives with every article.
TELLING = 40
AIM = 240
MONTHS = (date(2026, 3, 1), date(2026, 8, 1))
_HAN = re.compile("[\u4e00-\u9fff]")

DRAW = """
create temp table texts as
select
    unnest(from_json_strict($language, '["varchar"]')) as language,
    unnest(from_json_strict($number, '["bigint"]')) as number,
    unnest(from_json_strict($title, '["varchar"]')) as title,
    unnest(from_json_strict($summary, '["varchar"]')) as summary,
    unnest(from_json_strict($search_text, '["varchar"]')) as search_text;

create temp table totals as
select language, count(*) as texts from texts group by language;

create temp table places as
select
    articles.seq,
    articles.language,
    (hash(articles.seq) % totals.texts)::bigint as number
from articles
join totals using (language);

update articles
set title = drawn.title, summary = drawn.summary, search_text = drawn.search_text
from places
join texts as drawn using (language, number)
where articles.seq = places.seq
"""
STORED = """
select
    (select count(*) from articles) as articles,
    (select count(*) from articles where relevance is not null and search_bits is not null)
        as read,
    (select count(*) from mentions where role is not null) as roles,
    (select count(*) from tags where kind = 'event') as events,
    (select count(*) from headline_facts) as facts,
    (select count(*) from story_affairs) as affairs,
    (select count(*) from alerts) as alerts
"""
# Opens the published file once a second, and says how often, how long at most, and
# how often it was refused.
READER = """
import json, sys, time
from pathlib import Path
from threading import Event, Thread
from warehouse.file.connect import open_published
done = Event()
Thread(target=lambda: (sys.stdin.read(), done.set()), daemon=True).start()
asked, refused, worst = 0, 0, 0.0
while not done.wait(1):
    began = time.perf_counter()
    try:
        with open_published(Path(sys.argv[1])) as con:
            con.execute("select count(*) from mentions").fetchall()
    except Exception as exc:
        sys.stderr.write(f"{exc}\\n")
        refused += 1
    asked, worst = asked + 1, max(worst, time.perf_counter() - began)
print(json.dumps([asked, refused, worst]))
"""


@dataclass
class Phases:
    """Seconds by the clock, and of all cores, that each phase took."""

    spent: dict[str, list[float]] = field(default_factory=dict)
    _began: tuple[float, float, float] | None = None
    _name: str = ""

    def begin(self, name: str) -> None:
        """End the phase that goes on, and begin *name*; none where it is empty."""
        if name == self._name:
            return
        now = _spent()
        if self._began is not None:
            spent = [b - a for a, b in zip(self._began, now, strict=True)]
            before = self.spent.get(self._name, [0.0] * len(spent))
            # Each part of the articles has all of them.
            self.spent[self._name] = [a + b for a, b in zip(before, spent, strict=True)]
            sys.stderr.write(f"{self._name:12} {spent[0]:8.1f} s\n")
        self._began, self._name = now, name

    def heard(self, message: str) -> None:
        """Take in what retag says of its progress."""
        others = ("comparing", "writing", "linking stories")
        if message.startswith("stories of "):
            message = "stories"
        self.begin(message if message in (*others, "stories") else "reading")

    @property
    def rows(self) -> list[list[Cell]]:
        """Return a row a phase."""
        return [[name, *spent] for name, spent in self.spent.items()]


def main() -> None:
    """Build what is missing, retag a copy, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--texts", type=Path, default=TEXTS)
    parser.add_argument("--stream", action="store_true", help="headlines as they came")
    parser.add_argument("--keep", type=Path, help="a home to build once and use again")
    add_record_option(parser)
    options = parser.parse_args()
    if not options.texts.is_dir():
        raise SystemExit(f"no texts at {options.texts}; name a folder with --texts")
    with tempfile.TemporaryDirectory() as folder:
        original = options.keep or Path(folder) / "original"
        if not (original / "data" / PUBLISHED_NAME).exists():
            # Under its name once it is whole: a build may be cut off.
            part = Path(f"{original}.part")
            shutil.rmtree(part, ignore_errors=True)
            fill = stream if options.stream else prepare
            fill(part, options.texts, options.articles)
            part.rename(original)
        home = Path(folder) / "home"
        shutil.copytree(original, home)
        publish_result(measure(home, is_stream=options.stream), record=options.record)


def stream(home: Path, texts: Path, articles: int) -> None:
    """Import headlines in the order in which they were published."""
    told = sorted(headlines(texts.parents[1], MONTHS), key=attrgetter("published"))
    home.mkdir(parents=True)
    with (home / "stream.jsonl").open("w", encoding="utf-8") as file:
        for number, row in enumerate(_repeated(told, articles)):
            line = {
                "url": f"https://stream.example/{number}",
                "title": row.title,
                "published": row.published.isoformat(),
                "publisher": row.publisher,
                "language": row.language,
            }
            file.write(json.dumps(line) + "\n")
    config = load_config(load_settings(home)).check()
    given = home / "stream.jsonl"
    now = datetime.now(UTC)
    import_file(config, given, Imported(), now=now, report=_quiet, progress=_quiet)
    publish(config.settings.data)


def _repeated(told: Sequence[Labelled], articles: int) -> Iterator[Labelled]:
    """Yield so many headlines: the months, before them the same again by other numbers."""
    most = ceil(articles / len(told))
    for times in reversed(range(most)):
        digits = "0123456789"
        others = str.maketrans(digits, digits[times % 10 :] + digits[: times % 10])
        back = times * (MONTHS[1] - MONTHS[0])
        some = told[: articles - times * len(told)] if times == most - 1 else told
        for row in some:
            yield replace(
                row, title=row.title.translate(others), published=row.published - back
            )


def prepare(home: Path, texts: Path, articles: int) -> None:
    """Fill a home's warehouse, and put real headlines into it."""
    data = load_settings(home).data
    data.mkdir(parents=True, exist_ok=True)
    build(data, articles=articles, named=3, years=3, polls=2 * articles)
    # All texts are drawn in one statement, which no command of ours would do.
    with writer(data, command="benchmark", memory="6GB") as con:
        drawn = [*_numbered(texts, "zh"), *_numbered(texts, "en")]
        names = ("language", "number", "title", "summary", "search_text")
        columns = {
            name: orjson.dumps(column).decode()
            for name, column in zip(names, zip(*drawn, strict=True), strict=True)
        }
        for statement in DRAW.split(";\n"):
            con.execute(statement, columns if "$" in statement else None)
    publish(data)


def _numbered(folder: Path, language: str) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield the different headlines in a language, numbered, with a summary each."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                title, summary = row["title"][:LONGEST], row.get("summary") or ""
                if bool(_HAN.search(title)) == (language == "zh"):
                    found[title] = max(found.get(title, ""), summary[:LONGEST], key=len)
    titles = [*found, *islice(found, 2)]
    stop = "。" if language == "zh" else ". "
    for number, (title, given) in enumerate(found.items()):
        others = stop.join(titles[number + 1 : number + 3])[:LONGEST]
        summary = others if len(given) < TELLING else given
        yield language, number, title, summary, search_text(title, summary)


def measure(home: Path, *, is_stream: bool) -> Result:
    """Retag all of a home, with a reader at its side, and return what that took."""
    config = load_config(load_settings(home)).check()
    published = config.settings.data / PUBLISHED_NAME
    phases = Phases()
    with reading(published) as told:
        began = _spent()
        stored_after, made = _retag(config, phases)
        wall, *cpu = (b - a for a, b in zip(began, _spent(), strict=True))
    asked, refused, worst = told
    with open_published(published) as con:
        rows = con.execute(STORED)
        columns = [column[0] for column in rows.description or ()]
        stored = dict(zip(columns, rows.fetchall()[0], strict=True))
    million = sum(cpu) / stored["articles"] * 1_000_000 / 60
    told = (
        f"{made.split:,} stories were split, {made.joined:,} joined to others, "
        f"{made.unchanged:,} are as they were, at {_peak():.0f} MB at most; as much for a "
        f"million articles would be {million:.0f} min of CPU; "
    )
    return Result(
        name="retag-stream" if is_stream else "retag",
        title="Retag, news of five months" if is_stream else "Retag, a million articles",
        summary=f"{stored['articles']:,} articles"
        f"{'' if is_stream else ', every finding another'}: {told}stored after "
        f"{stored_after:.0f} s, with the statistics of all days and the published copy "
        f"after {wall:.0f} s ({sum(cpu):.0f} s of CPU); a reader asked {asked} times, was "
        f"refused {refused} times and waited {worst:.1f} s at most; "
        f"{stored['alerts']} alerts",
        code=("flows/steps", "transforms", "warehouse", "watchlist.toml"),
        tables=[
            Table(columns=["phase", "s", "CPU s", "of workers"], rows=phases.rows),
            Table(columns=["stored afterwards", "rows"], rows=list(stored.items())),
        ],
        notes=[f"Aim: {AIM} s on two cores. DuckDB {duckdb.__version__}.\n"],
    )


def _retag(config: Config, phases: Phases) -> tuple[float, StoryCounts]:
    """Do what the command does.

    Returns the seconds after which all was stored, and what became of stories.
    """
    began = time.perf_counter()
    phases.begin("reading")
    made = retag(config, dry_run=False, report=_quiet, progress=phases.heard)
    stored = time.perf_counter() - began
    phases.begin("trends")
    refresh_trends(config, clock_at(None), report=_quiet, since=EARLIEST)
    phases.begin("publish")
    publish(config.settings.data)
    phases.begin("")
    return stored, made.stories


@contextmanager
def reading(published: Path) -> Iterator[list[float]]:
    """Read the published file in another process; afterwards the list says how it went.

    That is how often it asked, how often it was refused, and the longest it waited.
    """
    told: list[float] = []
    command: Sequence[str] = [sys.executable, "-c", READER, str(published)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        yield told
        told += json.loads(process.communicate()[0])


def _spent() -> tuple[float, float, float]:
    """Return the seconds of the clock, of this process, and of those that ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), time.process_time(), ended.ru_utime + ended.ru_stime


def _peak() -> float:
    """Return the most memory that this process had, in MB; workers have less."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _quiet(_: str) -> None:
    return


if __name__ == "__main__":
    main()
