"""How many headlines hold each concept? Its rarity weighs what two headlines share.

    python benchmarks/concept_rates.py [--shared DIR] [--write]

Reads the headlines of both languages from beside the repository, and prints the concepts
that most of them hold. A concept's rate is the geometric mean of its rates in both, for
ten thousand headlines. --write puts the rates into beats/china-tech/rates.toml.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from math import sqrt
from pathlib import Path

from results import ROOT, SHARED

from flows.home import load_beat
from transforms.stories.concepts import RAREST
from transforms.stories.signs import signs_of

RATES = ROOT / "beats" / "china-tech" / "rates.toml"
FILES = {
    "en": (
        "ai_news_2026-04_2026-06",
        "en_feeds_2025-11_2026-07",
        "reuters_2026-02_2026-07-10",
    ),
    "zh": ("hot_36kr_juejin_2023-10_2026-03", "hotlists_cn_2025-12_2026-06"),
}
# Articles for developers, which the other files have none of.
LEFT_OUT = frozenset({"juejin"})
A_LANGUAGE = 15_000
HEADER = """\
# How many of ten thousand headlines hold a concept, in the mean of both languages; those
# that are rarer than two are left out. Counted by benchmarks/concept_rates.py.

[rates]
"""


def main() -> None:
    """Print the most frequent concepts, and write all if asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    folder = args.shared / "corpus" / "headlines"
    if not folder.is_dir():
        raise SystemExit(f"no headlines at {folder}; name the folder with --shared")
    english, chinese = (_counted(folder, language) for language in FILES)
    rates = {c: sqrt((english[c] + 0.5) * (chinese[c] + 0.5)) for c in english | chinese}
    told = sorted(((rate, c) for c, rate in rates.items() if rate >= RAREST), reverse=True)
    for rate, concept in told[:40]:
        print(
            f"{concept:24} {rate:6.1f}"
            f"  en {english[concept]:6.1f}  zh {chinese[concept]:6.1f}"
        )
    if args.write:
        lines = "".join(f"{concept} = {rate:.1f}\n" for rate, concept in told)
        RATES.write_text(HEADER + lines, encoding="utf-8")


def _counted(folder: Path, language: str) -> Counter[str]:
    """Return how many of ten thousand headlines of a language hold each concept."""
    lexicon = load_beat().concepts
    counts: Counter[str] = Counter()
    titles = list(_titles(folder, FILES[language], language))
    step = max(1, len(titles) // A_LANGUAGE)
    for title in titles[::step]:
        counts.update(frozenset().union(*lexicon.concepts_of(signs_of(title).plain)))
    held = len(titles[::step])
    return Counter({concept: n * 1e4 / held for concept, n in counts.items()})  # type: ignore[misc]


def _titles(folder: Path, names: Iterable[str], language: str) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                wanted = row["lang"] == language and row["source"] not in LEFT_OUT
                if wanted and row["title"] not in seen:
                    seen.add(row["title"])
                    yield row["title"]


if __name__ == "__main__":
    main()
