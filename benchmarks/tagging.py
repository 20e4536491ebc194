"""How many articles a second one core tags, beside what only looks for the names.

    python benchmarks/tagging.py [--texts FILE.jsonl[.gz]…] [--least 0] [--articles 5000]

--texts reads real ones, of several files in turn: JSON lines with ``title`` and
``summary``, cut to 300 characters; --least leaves out those with a shorter summary.
Without it, texts are invented from the watchlist's own names and terms among filler
words, half of them Chinese.

The others look for the same texts, and neither fold, nor judge, nor weigh. Those that
are not installed are left out of the table:

    uv pip install pyahocorasick flashtext2

``re`` is timed on fewer articles, since it takes a hundred times as long.
"""

from __future__ import annotations

import argparse
import gzip
import json
import platform
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from importlib.metadata import version
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick_rs

from transforms.mentions import mentions_in
from transforms.tagging import compile_tagger
from transforms.topics import tags_in
from transforms.watchlist import Watchlist, parse_watchlist

ROOT = Path(__file__).resolve().parents[1]
SUMMARY = 300
ROUNDS = 3
SLOW = 100
FILLERS = """
the of a to in and on for with as by at from after over new says more than will people
year week market plan report official growth first second local big small north river
house paper music garden winter table window letter travel kitchen
"""
HAN_FILLERS = """
的 了 在 和 与 将 对 从 到 后 前 再 又 已 不 有 人 年 月 天 我们 他们 今天 昨日 表示 认为
继续 可能 需要 大家 问题 方面 时间 地方 城市 天气 晚上 朋友 孩子 老师 故事 音乐 风景
"""


class Text(NamedTuple):
    """What is tagged of an article."""

    title: str
    summary: str


class Contender(NamedTuple):
    """A way to look at a text, and the share of the texts that it is timed on."""

    name: str
    run: Callable[[Text], object]
    part: int = 1


def main() -> None:
    """Time all that are at hand and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=Path, nargs="+", default=[])
    parser.add_argument("--least", type=int, default=0)
    parser.add_argument("--articles", type=int, default=5000)
    args = parser.parse_args()
    source = (ROOT / "watchlist.toml").read_text(encoding="utf-8")
    watchlist = parse_watchlist(source)
    found = _mixed(args.texts, args.least) if args.texts else _invented(watchlist)
    texts = list(islice(found, args.articles))
    length = statistics.mean(len(title) + len(summary) for title, summary in texts)
    names = _names(watchlist)
    print(f"Python {platform.python_version()}, ahocorasick-rs {version('ahocorasick-rs')}")
    print(
        f"{len(texts)} articles of {length:.0f} characters, {len(names)} names and terms\n"
    )
    print("| one core | articles/s | µs per article |")
    print("|---|---:|---:|")
    for contender in (*_sinowire(watchlist), *_others(names)):
        rate = _rate(contender, texts)
        print(f"| {contender.name} | {rate:,.0f} | {1e6 / rate:.1f} |", flush=True)


def _rate(contender: Contender, texts: Sequence[Text]) -> float:
    chosen = texts[:: contender.part]
    rates = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in chosen:
            contender.run(text)
        rates.append(len(chosen) / (time.process_time() - began))
    return statistics.median(rates)


def _sinowire(watchlist: Watchlist) -> Iterator[Contender]:
    tagger = compile_tagger(watchlist)

    def companies(text: Text) -> object:
        return mentions_in(tagger.read(*text), tagger.mentions)

    def topics(text: Text) -> object:
        return tags_in(tagger.read(*text), (), tagger.topics)

    def both(text: Text) -> object:
        document = tagger.read(*text)
        mentions = mentions_in(document, tagger.mentions)
        return mentions, tags_in(document, mentions, tagger.topics)

    yield Contender("sinowire: companies", companies)
    yield Contender("sinowire: topics and events", topics)
    yield Contender("sinowire: both", both)


def _others(names: Sequence[str]) -> Iterator[Contender]:
    automaton = ahocorasick_rs.AhoCorasick(names)

    def bare(text: Text) -> object:
        return automaton.find_matches_as_indexes(_joined(text), overlapping=True)

    yield Contender("bare ahocorasick-rs", bare)
    with suppress(ImportError):
        yield _pyahocorasick(import_module("ahocorasick"), names)
    with suppress(ImportError):
        yield _flashtext(import_module("flashtext2"), names)
    # The longest first, since an alternation takes the first that fits.
    longest = sorted(names, key=len, reverse=True)
    find = re.compile("|".join(map(re.escape, longest))).findall
    yield Contender("re, one alternation", lambda text: find(_joined(text)), part=SLOW)


def _pyahocorasick(module: Any, names: Sequence[str]) -> Contender:
    automaton = module.Automaton()
    for name in names:
        automaton.add_word(name, name)
    automaton.make_automaton()
    return Contender("pyahocorasick", lambda text: list(automaton.iter(_joined(text))))


def _flashtext(module: Any, names: Sequence[str]) -> Contender:
    processor = module.KeywordProcessor(case_sensitive=True)
    for name in names:
        processor.add_keyword(name, name)
    return Contender(
        "flashtext2 (whole words)", lambda text: processor.extract_keywords(_joined(text))
    )


def _joined(text: Text) -> str:
    return f"{text.title}\n{text.summary}".lower()


def _names(watchlist: Watchlist) -> list[str]:
    """Return the lower-case names and terms, but not the patterns."""
    terms = (
        term
        for topic in watchlist.topics
        for term in (*topic.terms, *topic.weak, *topic.excludes)
        if not term.startswith("re:")
    )
    aliases = (alias.text for alias in watchlist.aliases)
    return list(dict.fromkeys(text.lower() for text in (*aliases, *terms)))


def _invented(watchlist: Watchlist) -> Iterator[Text]:
    """Make texts with about four names or terms, every other one Chinese."""
    dice = random.Random(1)
    names = [alias.text for alias in watchlist.aliases if alias.kind != "ticker"]
    terms = [t for topic in watchlist.topics for t in topic.terms if t[:3] != "re:"]
    latin = [text for text in (*names, *terms) if text.isascii()]
    han = [text for text in (*names, *terms) if not text.isascii()]
    while True:
        yield _text(dice, " ", [*FILLERS.split() * 12, *dice.choices(latin, k=48)])
        yield _text(dice, "", [*HAN_FILLERS.split() * 12, *dice.choices(han, k=12)])


def _text(dice: random.Random, joint: str, words: Sequence[str]) -> Text:
    title, summary = dice.choices(words, k=10), dice.choices(words, k=SUMMARY)
    return Text(joint.join(title), joint.join(summary)[:SUMMARY])


def _mixed(files: Sequence[Path], least: int) -> Iterator[Text]:
    """Read a text of each file in turn, while they last."""
    for texts in zip_longest(*(_read(file, least) for file in files)):
        yield from (text for text in texts if text)


def _read(file: Path, least: int) -> Iterator[Text]:
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            summary = row.get("summary") or ""
            if len(summary) >= least:
                yield Text(row["title"][:SUMMARY], summary[:SUMMARY])


if __name__ == "__main__":
    main()
