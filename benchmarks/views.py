"""How long do views and macros, and publishing, take on a million articles?

    python benchmarks/views.py [--articles 1000000] [--named 3] [--years 3] [--keep DIR]
        [--only NAME …]

Builds a synthetic warehouse by SQL: 150 feeds, 400 companies with a long tail, a story of
1 to 30 articles, and prints tables of seconds: of each view, and of each macro over 12
weeks and over all years. Ten million mentions of ten years: --articles 3300000 --years 10.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
from results import Result, Table, arguments
from results import publish as publish_result

from warehouse.file.connect import (
    PRIVATE_NAME,
    PUBLISHED_NAME,
    open_published,
    transaction,
    writer,
)
from warehouse.file.publish import publish
from warehouse.news.coverage import refresh_all_coverage
from warehouse.numbers.trends import first_day, last_day, trends

BUILD = Path(__file__).with_suffix(".sql")

# When the years end, whatever there are of them.
# Of a million articles speaks the record that the README quotes.
USUAL = 1_000_000
END = datetime(2026, 7, 31, tzinfo=UTC)
# Ten million mentions are put in order at once.
BUILDING = "4GB"

# What a run that brought nothing leaves behind, so that there is something to publish.
TOUCH = """
insert into runs by name
select
    'p' || max(seq) as run_id, max(seq) + 1 as seq, max(started_at) as started_at,
    'completed' as outcome, '0' as version, 'w0' as rules_version
from runs
"""

RARE = "search for a rare word"
SEARCH = """
select title from articles
where contains(search_text, 'c4ca4238a0b923820dcc509a6f75849b')
order by published_at desc limit 20
"""

# Each number over any days.
_OF_DAYS = """
share movers:4 subjects subject_days changes:1 top_stories company_topics sparks
burst_counts:now() shift_counts:now() pairs gaps languages matrix leads sources
outages spread entrants
"""
PERIODS = (
    "share_every(7, since, until)",
    "movers_every(7, since, until, 4)",
    "themes_every(7, since, until)",
    *(
        f"{name}_between(since, until{more and ', ' + more})"
        for name, _, more in (each.partition(":") for each in _OF_DAYS.split())
    ),
)
TABLES = ("articles", "mentions", "tags", "coverage", "stories", "feed_polls")
TRENDS = "sinowire trends, four weeks"
PUBLISH = "publish, after a run"
# Seconds that a macro may take over 12 weeks, and over all years.
AIMS = (0.05, 0.3)

Seconds = tuple[float, float]
Costs = dict[str, Seconds]
Sizes = dict[str, int]


def main() -> None:
    """Build, ask, print."""
    parser = arguments(__doc__)
    parser.add_argument("--articles", type=int, default=USUAL)
    parser.add_argument("--named", type=int, default=3, help="mentions of an article")
    parser.add_argument("--years", type=int, default=3)
    parser.add_argument("--polls", type=int, default=2_000_000)
    parser.add_argument("--only", nargs="+", help="views to time")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.keep or Path(folder)
        if not (data / PUBLISHED_NAME).exists():
            asked = vars(options)
            build(data, **{k: asked[k] for k in ("articles", "named", "years", "polls")})
        publish_result(measure(data, only=options.only), record=options.record)


def build(
    data: Path, *, articles: int, named: int, years: int, polls: int, end: datetime = END
) -> None:
    """Fill the warehouse in *data* with the years until *end*, and publish it."""
    wanted = {"articles": articles, "named": named, "years": years, "polls": polls}
    wanted["begin"] = end - timedelta(days=365 * years)
    with writer(data, command="benchmark", memory=BUILDING) as con, transaction(con):
        for statement in BUILD.read_text(encoding="utf-8").split(";\n"):
            params = {k: v for k, v in wanted.items() if f"${k}" in statement}
            if statement.strip():
                con.execute(statement, params)
        con.execute(
            "insert into stories by name"
            " select *, 'w0' as rules_version from derived_stories()"
        )
        refresh_all_coverage(con)
    note("publish", _once(lambda: publish(data)))


def measure(data: Path, *, only: Sequence[str] | None = None) -> Result:
    """Return the seconds that every view takes, and how much it read."""
    with open_published(data / PUBLISHED_NAME) as con:
        counts = ", ".join(f"(select count(*) from {table})" for table in TABLES)
        [found] = con.execute(f"select {counts}").fetchall()
        sizes = dict(zip(TABLES, found, strict=True))
        views = con.execute(
            "select view_name from duckdb_views() where not internal order by view_name"
        ).fetchall()
        costs = {
            view: note(view, timed(lambda view=view: con.execute(_all(view)).fetchall()))
            for (view,) in views
            if not only or view in only
        }
        first, last = first_day(con), last_day(con)
        spans = {"12 weeks": last - timedelta(weeks=12), "all": first}
        periods = {
            macro: [
                seconds
                for span, since in spans.items()
                for seconds in note(
                    f"{span} {macro}",
                    timed(lambda m=macro, s=since: con.execute(_of(m, s, last)).fetchall()),
                )
            ]
            for macro in PERIODS
            if not only or macro.partition("(")[0] in only
        }
        month = {"since": last - timedelta(days=27), "until": last}
        asked = {TRENDS: note(TRENDS, timed(lambda: trends(con, **month)))}
        asked[RARE] = note(RARE, timed(lambda: con.execute(SEARCH).fetchall()))
    if not only and (data / PRIVATE_NAME).exists():
        asked[PUBLISH] = note(PUBLISH, publish_again(data))
    return _result(data, sizes, costs, asked, periods)


def publish_again(data: Path) -> Seconds:
    """Return the seconds that publishing takes after a run, where two were before it."""

    def again() -> Seconds:
        with writer(data, command="benchmark") as con, transaction(con):
            con.execute(TOUCH)
        return _once(lambda: publish(data))

    again()
    return min(again(), again())


def _result(
    data: Path, sizes: Sizes, views: Costs, asked: Costs, periods: Mapping[str, list[float]]
) -> Result:
    size = (data / PUBLISHED_NAME).stat().st_size
    slowest = sorted(views, key=lambda view: -views[view][0])[:3]
    within = [
        f"{sum(costs[2 * n] < aim for costs in periods.values())} in {1000 * aim:.0f} ms"
        for n, aim in enumerate(AIMS)
    ]
    worst = ", ".join(f"{view} {views[view][0]:.2f}" for view in slowest)
    return Result(
        name="views" if sizes["articles"] == USUAL else f"views-{sizes['articles']}",
        title=f"Query time of views and macros, {sizes['articles']:,} articles",
        summary=f"{sizes['articles']:,} articles with {sizes['mentions']:,} mentions: the "
        f"slowest views take {worst} s; `sinowire trends` {asked[TRENDS][0]:.2f} s; of "
        f"{len(periods)} macros over 12 weeks {within[0]}, over all years {within[1]}",
        code=("warehouse",),
        tables=[
            Table(columns=["table", "rows"], rows=list(sizes.items())),
            Table(
                columns=["asked", "s", "CPU s"],
                rows=[[name, *cost] for name, cost in {**views, **asked}.items()],
            ),
            Table(
                columns=["macro", "12 weeks, ms", "CPU ms", "all, ms", "CPU ms"],
                rows=[
                    [name, *(f"{1000 * seconds:.0f}" for seconds in costs)]
                    for name, costs in periods.items()
                ],
            ),
        ],
        notes=[f"Better of two; DuckDB {duckdb.__version__}, {size / 1e6:,.0f} MB.\n"],
    )


def _all(view: str) -> str:
    # Every column is computed, as an analyst's own query would have it, and few rows
    # cross over to Python, whose cost is not the view's.
    return f"select count(*), min(hash(columns(*))) from (from {view})"


def _of(macro: str, since: date, last: date) -> str:
    days = {"since": f"date '{since}'", "until": f"date '{last}' + 1"}
    return _all(re.sub(r"\b(since|until)\b", lambda found: days[found[0]], macro))


def timed(work: Callable[[], object]) -> Seconds:
    """Return the better of two times, in seconds: by the clock, and of both cores."""
    return min(_once(work) for _ in range(2))


def _once(work: Callable[[], object]) -> Seconds:
    clock, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - cpu


def note(name: str, seconds: Seconds) -> Seconds:
    """Say on standard error how long something took; return it."""
    sys.stderr.write(f"{name:40} {seconds[0]:8.2f} s {seconds[1]:8.2f} s CPU\n")
    return seconds


if __name__ == "__main__":
    main()
