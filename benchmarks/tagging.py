"""How many articles a second does one core tag, beside bare string matching?

    python benchmarks/tagging.py [--articles 4000] [--shared DIR] [--record]

Texts are real headlines with summaries, every other one Chinese, of about 226 characters:
``../shared/corpus/headlines``, summaries cut to 300 characters. The whole shipped
watchlist is looked for. "cold" is the first pass of a new process, which compiles each
pattern when its literal first stands in a text; the others are medians of later passes.
``ahocorasick-rs`` alone looks for the same names and terms, and neither folds, nor judges,
nor weighs.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs
from results import ROOT, Cell, Result, Table, arguments, json_lines, publish

from flows.beats import load_beat
from transforms.headlines.digests import is_digest
from transforms.headlines.facts import FactLexicon, read_headline
from transforms.names.match.topics import tags_in
from transforms.names.rules.file import parse_watchlist
from transforms.names.rules.watchlist import Watchlist
from transforms.names.tagging import Tagger, compile_tagger, mentions_in, tag_document

HEADLINES = "corpus/headlines"
LONGEST = 300
# With shorter summaries the mean of the corpus would be below 226 characters.
SHORTEST = 40
ROUNDS = 5
_HAN = re.compile("[\u4e00-\u9fff]")


class Text(NamedTuple):
    """What is tagged of an article."""

    title: str
    summary: str


Look = Callable[[Text], object]


def main() -> None:
    """Time every part of tagging and print a table."""
    parser = arguments(__doc__, needs=HEADLINES)
    parser.add_argument("--articles", type=int, default=4_000)
    args = parser.parse_args()
    texts = list(islice(_mixed(args.shared / HEADLINES), args.articles))
    watchlist = parse_watchlist((ROOT / "watchlist.toml").read_text(encoding="utf-8"))
    publish(result(texts, watchlist), record=args.record)


def result(texts: Sequence[Text], watchlist: Watchlist) -> Result:
    """Time the first pass, then all parts in turn."""
    began = time.process_time()
    tagger = compile_tagger(watchlist, load_beat().tagging)
    compiled = time.process_time() - began
    looks = {**_ours(tagger, load_beat().facts), "bare ahocorasick-rs": _bare(watchlist)}
    all_of_it = looks["all: read, names, topics, people, relevance"]
    rows = [_row("the same, cold", [_seconds(all_of_it, texts)], texts)]
    seconds: dict[str, list[float]] = {name: [] for name in looks}
    for _ in range(ROUNDS):
        for name, look in looks.items():
            seconds[name].append(_seconds(look, texts))
    warm = [_row(name, taken, texts) for name, taken in seconds.items()]
    rates = {str(name): rate for name, rate, _ in (*warm, *rows)}
    return Result(
        name="tagging",
        title="Tagging throughput of one core",
        summary=f"{rates['all: read, names, topics, people, relevance']:,} a second "
        f"({rates['the same, cold']:,} cold); "
        f"bare ahocorasick-rs {rates['bare ahocorasick-rs']:,}",
        code=("transforms", "watchlist.toml"),
        tables=[
            Table(
                columns=["one core", "articles a second", "µs an article"],
                rows=[*warm[:-1], *rows, warm[-1]],
            )
        ],
        notes=[_note(texts, watchlist, compiled)],
    )


def _note(texts: Sequence[Text], watchlist: Watchlist, compiled: float) -> str:
    length = statistics.mean(len(title) + len(summary) for title, summary in texts)
    return (
        f"{len(texts):,} articles of {length:.0f} characters; {len(watchlist.aliases):,} "
        f"names, {len(watchlist.topics)} topics and events, compiled in {compiled:.2f} s; "
        f"ahocorasick-rs {version('ahocorasick-rs')}. CPU seconds, medians of {ROUNDS} "
        "passes in turn.\n"
    )


def _row(name: str, seconds: Sequence[float], texts: Sequence[Text]) -> list[Cell]:
    each = statistics.median(seconds) / len(texts)
    return [name, round(1 / each), round(1e6 * each, 1)]


def _seconds(look: Look, texts: Sequence[Text]) -> float:
    began = time.process_time()
    for text in texts:
        look(text)
    return time.process_time() - began


def _ours(tagger: Tagger, facts: FactLexicon) -> dict[str, Look]:
    def names(text: Text) -> object:
        return mentions_in(tagger.read(*text), tagger.mentions)

    def topics(text: Text) -> object:
        return tags_in(tagger.read(*text), (), tagger.topics)

    def everything(text: Text) -> object:
        return tag_document(tagger.read(*text), tagger)

    def rejecting(text: Text) -> object:
        return tag_document(tagger.read(*text), tagger, rejects=True)

    def headline(text: Text) -> object:
        return read_headline("", text.title, facts, is_digest=False)

    return {
        "read: fold, without credit lines": lambda text: tagger.read(*text),
        "read, names of companies": names,
        "read, topics and events": topics,
        "all: read, names, topics, people, relevance": everything,
        "all, topics only where they can bring it onto the beat": rejecting,
        "besides: is it a round-up": lambda text: is_digest(text.title),
        "besides: facts of the headline": headline,
    }


def _bare(watchlist: Watchlist) -> Look:
    automaton = ahocorasick_rs.AhoCorasick(_names(watchlist))

    def bare(text: Text) -> object:
        joined = f"{text.title}\n{text.summary}".lower()
        return automaton.find_matches_as_indexes(joined, overlapping=True)

    return bare


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


def _mixed(folder: Path) -> Iterator[Text]:
    """Read a Chinese text and one in Latin letters in turn."""
    files = sorted(folder.glob("*.jsonl.gz"))
    han = chain.from_iterable(_read(file, han=True) for file in files)
    latin = [_read(file, han=False) for file in files]
    for text in han:
        yield text
        for _ in latin:
            source = latin.pop(0)
            if found := next(source, None):
                latin.append(source)
                yield found
                break


def _read(file: Path, *, han: bool) -> Iterator[Text]:
    for row in json_lines(file):
        title, summary = row["title"], row.get("summary") or ""
        if len(summary) >= SHORTEST and bool(_HAN.search(title)) is han:
            yield Text(title[:LONGEST], summary[:LONGEST])


if __name__ == "__main__":
    main()
