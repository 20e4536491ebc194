"""What `sinowire retag` costs of all articles, and after an edit of a few words.

    python benchmarks/retag.py --home DIR [--record]

A copy of a home is retagged whole, twice as its stories may not be those of today; then
three companies get an alias more and a topic a word more, each of a headline in a thousand
or so, and it is retagged again, as the command does, statistics and publication included.
It wants real headlines: those that ``views.py`` makes up have no such words.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import islice
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
SHARE = 1_000
SAMPLE = 50_000
LEAST = 5
# Of three companies and a topic.
WORDS = 4
Phases = Counter[str]


def main() -> None:
    """Retag a copy whole and in part, print."""
    parser = arguments(__doc__)
    parser.add_argument("--home", type=Path, required=True, help="a home with articles")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(options.home, home)
        publish_result(measure(home), record=options.record)


def measure(home: Path) -> Result:
    """Return the CPU seconds of each phase, of all and of a part."""
    config = load_config(load_settings(home)).check()
    _words(config.settings.data / PUBLISHED)  # before the hour that follows
    costs = {"whole": retagged(config, everything=True)[1]}
    again, costs["whole, again"] = retagged(config, everything=True)
    other = load_config(load_settings(home)).check()
    other.__dict__["watchlist"] = edited(other)
    made, costs["edit"] = retagged(other, everything=False)
    told = made.scope.sentence if made.scope else ""
    phases = list(dict.fromkeys(name for cost in costs.values() for name in cost))
    total = {name: sum(cost.values()) for name, cost in costs.items()}
    return Result(
        name="retag",
        title="Retag of all articles, and after an edit",
        summary=f"{again.articles:,} articles in {total['whole, again']:.0f} s of CPU; "
        f"after an edit {total['edit']:.1f} s: {told}",
        code=("flows/steps", "transforms", "warehouse", "watchlist.toml"),
        tables=[
            Table(
                columns=["CPU s", *costs],
                rows=[[name, *(cost[name] for cost in costs.values())] for name in phases],
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
    refresh_trends(config, clock, report=_quiet, since=EARLIEST, days=made.days)
    begin("publish")
    finish_retag(config, _quiet)
    publish(config.settings)
    begin("")
    return made, spent


def edited(config: Config) -> Watchlist:
    """Return a watchlist with a word more of three companies and of a topic."""
    watchlist = config.watchlist
    words = iter(_words(config.settings.data / PUBLISHED))
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
    version = f"{watchlist.rules_version} edited"
    return replace(watchlist, companies=companies, topics=topics, rules_version=version)


def _words(published: Path) -> list[str]:
    """Return words that one in a thousand headlines has, or fewer, the same each time."""
    with open_published(published) as con:
        asked = f"select title from articles order by hash(article_id) limit {SAMPLE}"
        titles = [title for (title,) in con.execute(asked).fetchall()]
    counts = Counter(word for title in titles for word in set(title.lower().split()))
    fit = (
        word
        for word, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if len(word) >= LEAST and word.isalpha() and count * SHARE <= len(titles)
    )
    found = list(islice(fit, WORDS))
    if len(found) < WORDS:
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
