"""What `sinowire retag` costs of all articles, and after an edit of a few words.

    python benchmarks/retag.py --home DIR [--record]

A copy of a home is retagged whole, twice as its stories may not be those of today, and as
after a release that left the engine of stories as it was; then
three companies get an alias more and a topic a word more, and it is retagged again, as the
command does, statistics and publication included: by words of a headline in fifty thousand
each, as three of four aliases of the shipped watchlist are, and by words of one in a
thousand, as one of fifty is. `--once` retags it whole once, and no more.
It wants real headlines: those that ``views.py`` makes up have no such words.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from results import Result, Table, arguments
from results import publish as publish_result

from flows.home import Config, load_config
from flows.settings import load_settings
from flows.steps.summary import clock_at
from flows.steps.trends import refresh_trends
from flows.steps.upkeep.findings import Retagged
from flows.steps.upkeep.retag import finish_retag, retag
from flows.steps.warehouse import publish
from transforms.dates.parse import EARLIEST
from transforms.names.rules.watchlist import Alias, Watchlist
from warehouse.file.connect import open_published

PUBLISHED = "sinowire.duckdb"
SHARES = {"rare": 50_000, "frequent": 1_000}
LEAST = 5
# Of three companies and a topic.
WORDS = 4
Phases = Counter[str]


def main() -> None:
    """Retag a copy whole and in part, print."""
    parser = arguments(__doc__)
    parser.add_argument("--home", type=Path, required=True, help="a home with articles")
    parser.add_argument("--once", action="store_true", help="retag it whole once only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(options.home, home)
        publish_result(measure(home, once=options.once), record=options.record)


def measure(home: Path, *, once: bool) -> Result:
    """Return the CPU seconds of each phase, of all and of a part."""
    config = load_config(load_settings(home)).check()
    # Before the hour that follows.
    words = _words(config.settings.data / PUBLISHED)
    costs: dict[str, Phases] = {}
    for name in ("whole",) if once else ("whole", "again"):
        made, costs[name] = retagged(config, everything=True)
    # Of a release with the same story engine all is read anew, as of another zone.
    zone = config.settings.model_copy(update={"reporting_zone": "Pacific/Auckland"})
    if not once:
        _, costs["other release"] = retagged(load_config(zone).check(), everything=False)
    articles, read = made.articles, []
    for name in SHARES:
        other = load_config(load_settings(home)).check()
        other.__dict__["watchlist"] = edited(other, words[name])
        made, costs[f"{name} words"] = retagged(other, everything=False)
        read.append(f"{made.articles:,} articles of {name} words")
    phases = list(dict.fromkeys(name for cost in costs.values() for name in cost))
    total = {name: sum(cost.values()) for name, cost in costs.items()}
    spent = ", ".join(f"{name} {seconds:.0f}" for name, seconds in total.items())
    return Result(
        name="retag",
        title="Retag of all articles, and after an edit",
        summary=f"{articles:,} articles; of these the edits read {' and '.join(read)}; "
        f"CPU s: {spent}",
        code=("flows/steps", "transforms", "warehouse", "watchlist.toml"),
        tables=[
            Table(
                columns=["CPU s", *costs],
                rows=[
                    *([name, *(cost[name] for cost in costs.values())] for name in phases),
                    ["together", *total.values()],
                ],
            )
        ],
    )


def retagged(config: Config, *, everything: bool) -> tuple[Retagged, Phases]:
    """Do what the command does; return what became of it, and CPU seconds by phase."""
    spent, last = Phases(), ["planning", _cpu()]

    def begin(name: str) -> None:
        now = _cpu()
        spent[str(last[0])] += now - float(last[1])
        last[:] = [name, now]

    def heard(message: str) -> None:
        is_phase = message in ("comparing", "writing", "linking stories")
        stories = "stories" if message.startswith("stories of ") else "reading"
        begin(message if is_phase else stories)

    made = retag(
        config, dry_run=False, report=_quiet, progress=heard, everything=everything
    )
    begin("trends")
    clock = clock_at(None)
    refresh_trends(config.settings, clock, report=_quiet, since=EARLIEST, days=made.days)
    begin("publish")
    finish_retag(config, _quiet)
    publish(config.settings)
    begin("")
    return made, spent


def edited(config: Config, more: Sequence[str]) -> Watchlist:
    """Return a watchlist with a word *more* of three companies and of a topic."""
    watchlist, words = config.watchlist, iter(more)
    some = dict(zip(watchlist.companies[:3], words, strict=False))
    companies = tuple(
        replace(
            company,
            aliases=(
                *company.aliases,
                Alias(company_id=company.company_id, text=some[company]),
            ),
        )
        if company in some
        else company
        for company in watchlist.companies
    )
    first, *rest = watchlist.topics
    topics = (replace(first, terms=(*first.terms, next(words))), *rest)
    version = f"{watchlist.rules_version} {' '.join(more)}"
    return replace(watchlist, companies=companies, topics=topics, rules_version=version)


def _words(published: Path) -> dict[str, list[str]]:
    """Return words that so many headlines have, or fewer, the same each time."""
    with open_published(published) as con:
        titles = con.execute("select lower(title) from articles").fetchall()
    counts = Counter(word for (title,) in titles for word in set(title.split()))
    known = [
        (word, count)
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if len(word) >= LEAST and word.isalpha()
    ]
    found = {
        name: [word for word, count in known if count * share <= len(titles)][:WORDS]
        for name, share in SHARES.items()
    }
    if any(len(words) < WORDS for words in found.values()):
        raise SystemExit(
            f"{published}: its headlines have no {WORDS} rare words to edit by"
        )
    return found


def _cpu() -> float:
    """Return the seconds of all cores, of this process and of those that ended."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _quiet(_: str) -> None:
    return


if __name__ == "__main__":
    main()
