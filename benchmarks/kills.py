"""Is anything lost when what changes the warehouse's files is killed at any moment?

    python benchmarks/kills.py [--kills 100] [--seed 1] [--articles 1000] [--record]

restore, backup, retag, import, publish and maintain are killed with -9 in turn: about
half of them at a boundary (see killed.py) that a clean run passes, the others at any
moment of its length. After each kill the published copy must be whole and no smaller, and
the warehouse must be there with every article once and with what each is about; so must
every backup, former warehouse and raw document. The next publication must be the
warehouse, byte for byte. maintain runs under clocks between 1970
and 2099. restore takes the published copy, where the warehouse is there or gone, or an
older backup: then what it put aside is brought back and looked at. At the end every
command must run cleanly, and leave nothing lying about.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from killed import Victims, take_spares_of_any_size
from results import Result, Table, arguments
from results import publish as publish_result

from flows.steps.retention import keep_document
from warehouse.errors import WarehouseError, WarehouseMissing
from warehouse.file.backup import backup, restore
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, open_published, writer
from warehouse.file.publish import publish
from warehouse.file.verify import verify
from warehouse.runs import reporting_zone, set_reporting_zone
from warehouse.upkeep.checks import run_checks

COMPANY = '[company.{0}]\nname = "{1}"\nkind = "company"\nsector = "internet"\n'
COMPANY += 'aliases = [{{ text = "{1}", common = true }}]\n'
BAIDU, BOTH = (
    "".join(COMPANY.format(name.lower(), name) for name in names)
    for names in (["Baidu"], ["Baidu", "Tencent"])
)
FEW = 20  # articles that come at a time
MOST_TRIALS = 4  # for each kill: some commands end before their moment


class Attempt(NamedTuple):
    """A command, and what it may change: the size of the copy, the warehouse's absence."""

    command: list[str]
    floor: int
    is_gone: bool = False


class Trial:
    """A home, what it must hold, and what was found to be wrong with it."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        """Write the files of the home, and have processes ready."""
        self.home, self.chance = home, chance
        self.articles: set[str] = set()
        self.coming: set[str] = set()
        self.first: set[str] = set()
        self.documents = 0
        self.lengths: dict[str, tuple[int, float]] = {}
        self.killed: Counter[str] = Counter()
        self.wrong: list[str] = []
        for name, text in FILES.items():
            (home / name).write_text(text, "utf-8")
        self.data, self.kept = home / "data", home / "kept"
        self.victims = Victims(home)

    def set_up(self, articles: int) -> None:
        """Bring articles in, and keep an old backup."""
        for count in (articles, FEW):
            self.victims.execute(self.history(count))
            self.look("import", 0)
            if not self.first:
                backup(self.data, self.kept / "first.duckdb")
                self.first = set(self.articles)

    def run(self, name: str) -> None:
        """Run a command to its end, and note how long that takes."""
        attempt, began = COMMANDS[name](self), time.perf_counter()
        ended = self.victims.execute(attempt.command)
        self.lengths[name] = len(ended.passed), time.perf_counter() - began
        if ended.code:
            self.wrong.append(f"{name} ended with {ended.code}")
        self.look(name, attempt.floor)

    def kill(self, name: str) -> None:
        """Kill a command at a boundary or at a moment, and look at what is left."""
        boundaries, seconds = self.lengths[name]
        at, after = self.chance.randint(1, boundaries), self.chance.uniform(0, seconds)
        by_boundary = self.chance.random() < 0.5
        self.kill_at(name, **({"at": at} if by_boundary else {"after": after}))

    def kill_at(self, name: str, *, at: int = 0, after: float | None = None) -> None:
        """Kill a command at its boundary of that number, or after so many seconds."""
        attempt = COMMANDS[name](self)
        ended = self.victims.execute(attempt.command, at=at, after=after)
        self.killed[name] += ended.killed
        passed = f"{len(ended.passed)} boundaries, {' '.join(ended.passed[-1:])}"
        self.look(f"{name} ({passed})", attempt.floor, is_gone=attempt.is_gone)

    def look(self, what: str, floor: int, *, is_gone: bool = False) -> None:
        """Note everything that is not as it must be, and go on from there."""
        try:
            self._look_at_copy(what, floor)
            self._look_at_files(what)
            self._look_at_warehouse(what, is_gone=is_gone)
            publish(self.data)
            private, published = self.data / PRIVATE_NAME, self.data / PUBLISHED_NAME
            if private.read_bytes() != published.read_bytes():
                self.wrong.append(f"{what}: the published copy is not the warehouse")
            self._check(what)
        except WarehouseError as exc:
            self.wrong.append(f"{what}: {exc}")

    def _look_at_copy(self, what: str, floor: int) -> None:
        if floor and len(found := self.published()) < floor:
            self.wrong.append(f"{what}: {len(found)} of {floor} articles published")

    def _look_at_files(self, what: str) -> None:
        for file in (*self.home.glob("*/*.duckdb"), *self.data.glob("*/*.duckdb")):
            if file.name != PRIVATE_NAME:
                verify(file)
        found = len(list(self.data.glob("raw/??/*.gz")))
        if found != self.documents:
            self.wrong.append(f"{what}: {found} of {self.documents} documents")

    def _look_at_warehouse(self, what: str, *, is_gone: bool) -> None:
        try:
            found = self.stored()
        except WarehouseMissing as exc:
            if not is_gone or exc.former is None:
                raise
            restore(self.data, exc.former)
            found = self.stored()
        former = sorted(self.data.glob(f"{PRIVATE_NAME}.before-*"))
        if former and set(found) == self.first:
            restore(self.data, former[-1], force=True)
            found = self.stored()
        if set(found) not in (self.articles, self.articles | self.coming):
            lost = len(self.articles - set(found))
            self.wrong.append(f"{what}: {lost} articles lost of {len(self.articles)}")
        if len(found) != len(set(found)):
            self.wrong.append(f"{what}: {len(found) - len(set(found))} articles doubled")
        self.articles = set(found)
        for file in former:
            verify(file)
        for file in self.data.glob(f"{PRIVATE_NAME}.before-*"):
            file.unlink()

    def _check(self, what: str) -> None:
        with closing(open_published(self.data / PUBLISHED_NAME)) as con:
            broken = [check.name for check in run_checks(con) if not check.ok]
            [untold] = values(con, UNTOLD)
        if broken or untold:
            self.wrong.append(f"{what}: checks {broken}, {untold} articles untagged")

    def stored(self) -> list[str]:
        """Return the addresses of the articles in the warehouse."""
        with writer(self.data, command="kills") as con:
            return values(con, "select url from articles")

    def published(self) -> list[str]:
        """Return the addresses of the articles in the published copy."""
        with closing(open_published(self.data / PUBLISHED_NAME)) as con:
            return values(con, "select url from articles")

    def history(self, count: int) -> list[str]:
        """Write as many new articles into a file; return the command that imports it."""
        number = len(self.articles)
        self.coming = {f"https://x.example/{number + n}" for n in range(count)}
        lines = (
            {"url": url, "title": self._title(), "published": DAY}
            for url in sorted(self.coming)
        )
        file = self.home / "history.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        return ["import", str(file)]

    def _title(self) -> str:
        company = self.chance.choice(["Baidu", "Tencent"])
        words = ("".join(self.chance.choices(LETTERS, k=7)) for _ in range(5))
        return f"{company} {' '.join(words)}"


def values(con: Any, sql: str) -> list[Any]:
    """Return the values of the one column of a query."""
    return [value for (value,) in con.execute(sql).fetchall()]


def a_restore(trial: Trial) -> Attempt:
    """Bring back the published copy, or an older backup."""
    publish(trial.data)
    floor, published = len(trial.articles), str(trial.data / PUBLISHED_NAME)
    kind = trial.chance.choice(["published", "older", "gone"])
    if kind == "older":
        command = ["restore", str(trial.kept / "first.duckdb"), "--force"]
        return Attempt(command, len(trial.first))
    if kind == "gone":
        (trial.data / PRIVATE_NAME).unlink()
    return Attempt(["restore", published, "--force"], floor, kind == "gone")


def a_backup(trial: Trial) -> Attempt:
    """Keep a copy where there is none of that name."""
    (trial.kept / "new.duckdb").unlink(missing_ok=True)
    return _attempt(trial, "backup", str(trial.kept / "new.duckdb"))


def a_retag(trial: Trial) -> Attempt:
    """Tag all articles anew: a company comes into the watchlist, or goes."""
    file = trial.home / "watchlist.toml"
    file.write_text(BOTH if file.read_text("utf-8") == BAIDU else BAIDU, "utf-8")
    return _attempt(trial, "retag")


def an_import(trial: Trial) -> Attempt:
    """Bring more articles in."""
    return _attempt(trial, *trial.history(FEW))


def a_publication(trial: Trial) -> Attempt:
    """Publish a change."""
    with writer(trial.data, command="kills") as con:
        zones = {"Asia/Shanghai": "UTC", "UTC": "Asia/Shanghai"}
        set_reporting_zone(con, zones[reporting_zone(con)])
    return _attempt(trial, "publish")


def a_maintenance(trial: Trial) -> Attempt:
    """Check, back up and clean up on a day that any clock may say, with a new document."""
    keep_document(trial.data, f"{trial.documents:064x}"[::-1], b"<rss/>")
    trial.documents += 1
    year = trial.chance.choice([1970, 2026, 2099])
    return _attempt(trial, "maintain", f"{year}-08-{trial.chance.randint(1, 28):02}")


def _attempt(trial: Trial, *command: str) -> Attempt:
    return Attempt(list(command), len(trial.published()))


UNTOLD = """
select count(*) from articles as a where title like 'Baidu%'
and not exists (from mentions as m where m.article_id = a.article_id)
"""
LETTERS = "bcdfghklmnprstvzaeiou"
DAY = "2026-08-04T08:00Z"
FILES = {"feeds.toml": "", "alerts.toml": "", "watchlist.toml": BAIDU}
FILES |= {"sinowire.toml": "raw_retention_days = 100000\n"}
COMMANDS: dict[str, Callable[[Trial], Attempt]] = {
    "restore": a_restore,
    "backup": a_backup,
    "retag": a_retag,
    "import": an_import,
    "publish": a_publication,
    "maintain": a_maintenance,
}


def kill_all(trial: Trial, kills: int) -> None:
    """Kill the commands in turn until so many are; before and after run each cleanly."""
    names = list(COMMANDS)
    for name in names:
        trial.run(name)
    for number in range(kills * MOST_TRIALS):
        if trial.killed.total() >= kills:
            break
        trial.kill(names[number % len(names)])
    for name in names:
        trial.run(name)
    left = [path.name for path in trial.home.rglob("*.part*")]
    if left:
        trial.wrong.append(f"left lying about: {left}")
    trial.victims.close()


def main() -> None:
    """Kill, and print what was found."""
    parser = arguments(__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=1000)
    args = parser.parse_args()
    began = time.perf_counter()
    take_spares_of_any_size()
    with tempfile.TemporaryDirectory() as work:
        trial = Trial(Path(work), random.Random(args.seed))
        trial.set_up(args.articles)
        kill_all(trial, args.kills)
    publish_result(result(trial, time.perf_counter() - began), record=args.record)
    raise SystemExit(1 if trial.wrong else 0)


def result(trial: Trial, seconds: float) -> Result:
    """Return what was killed, and what came of it."""
    kills, articles = trial.killed.total(), len(trial.articles)
    found = f"{len(trial.wrong)} things wrong" if trial.wrong else "nothing lost or doubled"
    commands = [[name, trial.killed[name], *each] for name, each in trial.lengths.items()]
    return Result(
        name="kills",
        title="Survival of kill -9: restore, backup, retag, import, publish, maintain",
        summary=f"{kills} kills over {articles:,} articles: {found}, the published copy "
        f"{'looked at' if trial.wrong else 'never smaller'}",
        code=("warehouse", "flows/steps"),
        tables=[
            Table(columns=["command", "killed", "boundaries", "s alone"], rows=commands),
            Table(columns=["where", "kills"], rows=sorted(trial.victims.kills.items())),
        ],
        notes=[f"It took {seconds:.0f} s.", *(f"WRONG: {line}" for line in trial.wrong)],
    )


if __name__ == "__main__":
    main()
