"""Random patterns, as `watchlist check` reads them, and their time over the worst texts.

Run as a script, in a process of its own that can be killed:

    python tests/random_patterns.py --seed 1 --count 10000

makes patterns of groups, repeats, alternatives, look-arounds, flags and conditionals,
and matches each that is not refused with 200 headlines of its own letters, and with
1,000 real ones if they are present. It prints a line of JSON for each that takes too
long, to check or to match, and a last one that sums up.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import re._parser as parser  # type: ignore[import-not-found]
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from attacks import members

from transforms.config import ConfigError, ConfigTable, ConfigText
from transforms.names.rules.companies import check_pattern
from transforms.names.rules.patterns import compile_pattern

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "headlines"
FILES = ("reuters_2026-02_2026-07-10.jsonl.gz", "hot_36kr_juejin_2023-10_2026-03.jsonl.gz")
LENGTH, OF_LETTERS, REAL = 500, 200, 1_000
# CPU seconds that a pattern may take: to be checked, and to match one headline.
CHECK, MATCH = 2.0, 0.05
# Memory of the whole process, with Python and the real headlines.
MEGABYTES = 200
LETTERS = "abcABé中0 -."
CLASSES = (".", r"\w", r"\d", r"\s", "[ab]", "[^a]", "[a-c0-9]", r"[^\s中]", r"\W")
REPEATS = ("*", "+", "?", "*?", "+?", "??", "*+", "++", "{2}", "{0,3}", "{8}", "{1,9}")
MORE_REPEATS = ("{0,40}", "{3,}", "{2,400}", "{0,40}?", "{0,12}+", "{,5}", "{60}")
WORDS = ("ab", "aa", "Huawei", "华为", "a.c", "中", "AI", "b-a", "0a")


class Maker:
    """Maker of patterns by chance."""

    def __init__(self, seed: str) -> None:
        self._chance = random.Random(seed)
        self._groups = 0

    def pattern(self) -> str:
        """Return a pattern, seldom one of hundreds of characters."""
        chance = self._chance
        flags = chance.choice(("", "", "(?i)", "(?s)", "(?a)", "(?im)"))
        rounds = chance.choice((1, 1, 1, 2, 4))
        return flags + "".join(self._sequence(chance.randint(1, 3)) for _ in range(rounds))

    def _sequence(self, depth: int) -> str:
        return "".join(self._item(depth) for _ in range(self._chance.randint(1, 4)))

    def _item(self, depth: int) -> str:
        chance = self._chance
        kind = chance.random()
        if kind < 0.1:
            return chance.choice((r"\b", r"\b", r"\B", "^", "$"))
        if kind < 0.2 and depth:
            return self._assertion(depth - 1)
        made = self._atom(depth)
        if chance.random() < 0.35:
            made += chance.choice(chance.choice((REPEATS, REPEATS, MORE_REPEATS)))
        return made

    def _atom(self, depth: int) -> str:
        chance = self._chance
        kind = chance.random() if depth else chance.uniform(0, 0.6)
        if kind < 0.25:
            return re.escape(chance.choice(LETTERS))
        if kind < 0.4:
            return f"(?:{re.escape(chance.choice(WORDS))})"
        if kind < 0.6:
            return chance.choice(CLASSES)
        if kind < 0.65 and self._groups:
            yes, no = self._sequence(depth - 1), self._sequence(depth - 1)
            return f"(?(1){yes}|{no})"
        return self._group(depth - 1)

    def _group(self, depth: int) -> str:
        chance = self._chance
        opening = chance.choice(("(?:", "(?:", "(?:", "(", "(?i:", "(?-i:", "(?s:", "(?>"))
        branches = [self._sequence(depth) for _ in range(chance.choice((1, 1, 2, 2, 3)))]
        if chance.random() < 0.2:
            branches.append(chance.choice((branches[0], "")))
        self._groups += opening == "("
        return f"{opening}{'|'.join(branches)})"

    def _assertion(self, depth: int) -> str:
        if self._chance.random() < 0.4:
            behind = self._chance.choice(
                ("a", "ab|ba", r"\w", "(?:a|b){3}", "华为", r"\d\s")
            )
            return f"(?<{self._chance.choice('=!')}{behind})"
        return f"(?{self._chance.choice('=!')}{self._sequence(depth)})"


def headlines(source: str, chance: random.Random) -> Iterator[str]:
    """Yield texts of a pattern's own words and letters: by chance, in rounds, in runs."""
    words = sorted(set(_words(parser.parse(source))))
    pieces = [*words, *{c for word in words for c in word}, "a", " "]
    for n in range(OF_LETTERS):
        few = chance.choices(pieces, k=chance.randint(1, 5))
        match n % 5:
            case 0:
                text = "".join(chance.choices(pieces, k=LENGTH))
            case 1:
                text = "".join(few) * LENGTH
            case 2:
                text = "".join(piece * (LENGTH // len(few)) for piece in few)
            case 3:
                text = "".join(piece * chance.randint(1, 12) for piece in few) * LENGTH
            case _:
                text = "".join(chance.choices(few, k=LENGTH))
        yield text[: chance.choice((LENGTH, LENGTH, LENGTH, 60))]


def _words(node: Any) -> Iterator[str]:
    """Yield runs of literals of a parsed pattern, and a few of each class's letters."""
    run = ""
    for each in node if isinstance(node, list | tuple | parser.SubPattern) else ():
        match each:
            case (kind, int(code)) if str(kind) == "LITERAL":
                run += chr(code)
                continue
            case (kind, list(items)) if str(kind) == "IN":
                yield from members(items)
            case _:
                yield from _words(each)
        if run:
            yield run
        run = ""
    if run:
        yield run


def real_headlines() -> list[str]:
    """Return real headlines, or none where the corpus is not."""
    if not CORPUS.is_dir():
        return []
    chosen = []
    for name in FILES:
        with gzip.open(CORPUS / name, "rt", encoding="utf-8") as lines:
            first = [
                json.loads(line)["title"] for line in islice(lines, REAL // len(FILES))
            ]
        chosen += [title[:LENGTH] for title in first]
    return chosen


def refusal(source: str) -> str:
    """Return why a pattern is refused, "" if it passes."""
    config = ConfigText(f"[credit.x]\npattern = {json.dumps(source)}", "watchlist.toml")
    table = ConfigTable(config, ("credit", "x"), config.data["credit"]["x"])
    try:
        check_pattern(table, "pattern", source)
    except ConfigError as exc:
        return f"{exc.problem}; {exc.remedy}"
    return ""


class Trial:
    """Patterns tried so far, and the longest times."""

    def __init__(self) -> None:
        signal.signal(signal.SIGVTALRM, _stop)
        self.counts: Counter[str] = Counter()
        self.longest_check = self.longest_match = 0.0
        self._real = real_headlines()

    def of(self, source: str, chance: random.Random) -> Iterator[list[object]]:
        """Try one pattern; yield what it took too long over."""
        began = time.process_time()
        why = refusal(source)
        took = time.process_time() - began
        self.longest_check = max(self.longest_check, took)
        if took > CHECK:
            yield ["check", source, round(took, 3)]
        self.counts[_kind(why)] += 1
        if why:
            return
        yield from self.matches(source, (*headlines(source, chance), *self._real))

    def matches(self, source: str, texts: Iterable[str]) -> Iterator[list[object]]:
        """Match one pattern with headlines; yield the first that takes too long."""
        pattern = compile_pattern(source)
        for text in texts:
            took = min(_match(pattern, text), default=0.0)
            self.longest_match = max(self.longest_match, took)
            if took > MATCH:
                yield ["match", source, text, round(took, 3)]
                return

    def summary(self) -> dict[str, object]:
        """Return what was found."""
        return {
            **self.counts,
            "real": len(self._real),
            "longest_check": round(self.longest_check, 3),
            "longest_match": round(self.longest_match, 4),
            "megabytes": _peak(),
        }


def _peak() -> int:
    """Return the most memory of this process; getrusage counts that of its parent too."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024


def _kind(why: str) -> str:
    known = ("in many ways", "too many ways", "too large", "refers back", "not valid")
    return next((each for each in known if each in why), why) or "passes"


def _match(pattern: re.Pattern[str], text: str) -> Iterator[float]:
    """Yield the CPU seconds, once more where another process may have been in the way."""
    for _ in range(3):
        signal.setitimer(signal.ITIMER_VIRTUAL, 20 * MATCH)
        began = time.process_time()
        try:
            pattern.search(text)
        except TimeoutError:
            pass
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        took = time.process_time() - began
        yield took
        if took < MATCH or took > 10 * MATCH:
            return


def _stop(*_: object) -> None:
    raise TimeoutError


def main() -> None:
    """Try patterns, and print what takes long."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seed", default="1")
    arguments.add_argument("--count", type=int, default=1_000)
    arguments.add_argument("--first", type=int, default=0)
    chosen = arguments.parse_args()
    warnings.simplefilter("ignore")  # "possible nested set" of a pattern by chance
    trial = Trial()
    for number in range(chosen.first, chosen.first + chosen.count):
        seed = f"{chosen.seed}.{number}"
        for slow in trial.of(Maker(seed).pattern(), random.Random(seed)):
            sys.stdout.write(json.dumps(slow, ensure_ascii=False) + "\n")
    sys.stdout.write(json.dumps(trial.summary()) + "\n")


if __name__ == "__main__":
    main()
