"""What is read in texts of our own, and how alike they are, number by number.

Weights, bounds and words are compared with what was recorded, as pages are: ``make
printed`` records what was meant to change.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from builders import shipped_beat, shipped_tagger
from recorded import recorded

from transforms.names.tagging import tag_text
from transforms.stories.pairs.demands import contradictions, share_count
from transforms.stories.pairs.similarity import (
    StoryText,
    compare,
    demanded,
    match,
    pair_evidence,
    pair_kind,
    side_of,
    weights_of,
)
from transforms.stories.settling import become_one, stay_one
from transforms.stories.signs import actor_keys, bridge_keys, story_keys

DATA = Path(__file__).parents[1] / "data"
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
# Of a headline what is no copy of another sign, and no number of this process.
READ = (
    *("script", "is_guide", "weight", "information", "lead", "names", "numbers", "counts"),
    *("counted", "units", "amounts", "versions", "matter", "acts", "telling", "rest"),
)
SENTENCES = [
    json.loads(line)
    for name in ("tagging_sentences", "salience", "explanations")
    for line in (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def texts():
    with (DATA / "headlines.tsv").open(encoding="utf-8") as file:
        return [
            StoryText(
                title=title,
                publisher=outlet,
                published_at=NOON + timedelta(hours=int(hours)),
                companies=frozenset(filter(None, firms.split(","))),
            )
            for hours, outlet, firms, title in csv.reader(file, delimiter="\t")
        ]


def test_a_headline_is_read_as_it_was(texts):
    """Its figures, names, versions, concepts and words, and the keys that find it."""
    lexicon, said = shipped_beat().concepts, []
    for text in texts:
        parts, named = side_of(text, lexicon).parts, (text.title, text.companies, lexicon)
        keys = (
            *story_keys(text.title),
            *bridge_keys(*named),
            *actor_keys(*named, is_chinese=parts.is_han),
        )
        read = {key: getattr(parts, key) for key in READ}
        read |= {"words": len(parts.words), "keys": len(keys), "first": keys[0] ^ keys[-1]}
        said += [text.title, *(f"  {key} {_plain(value)}" for key, value in read.items())]

    assert "\n".join(said) == recorded("headlines", "\n".join(said))


def test_pairs_are_as_alike_as_they_were(texts):
    """How likely they tell one event, why, what joining asks, and what became of it."""
    lexicon, said = shipped_beat().concepts, []
    for a, b in combinations(texts, 2):
        one, found = (side_of(a, lexicon), side_of(b, lexicon)), compare(a, b, lexicon)
        if found.score < 0.02 and not stay_one(*one):
            continue
        evidence = _plain([each for each in pair_evidence(*one) if each])
        decided = (
            *(match(*one), stay_one(*one), become_one(*one, found.score)),
            *(contradictions(*one), share_count(*one)),
            weights_of(pair_kind(*one)).meaning.above(*one),
        )
        asked = f"of {demanded(*one):.3f} {_plain(decided)}"
        said += [a.title, b.title, f"  {found.score:.3f} {asked} {found.why} {evidence}"]

    assert "\n".join(said) == recorded("headline-pairs", "\n".join(said))


def _plain(value):
    """Return a value as text that is the same in each process."""
    if isinstance(value, float):
        return f"{value:.3f}"
    if isinstance(value, dict):
        return _plain(list(value.items()))
    if isinstance(value, frozenset):
        return " ".join(sorted(map(_plain, value)))
    return " ".join(map(_plain, value)) if isinstance(value, list | tuple) else str(value)


def test_a_text_is_tagged_as_it_was():
    """Companies, people, topics, events, relevance, measure and claim of each."""
    said = []
    for row in SENTENCES:
        title, summary = row.get("title", row.get("text")), row.get("summary", "")
        found = tag_text(shipped_tagger(), title=title, summary=summary)
        told = {key: value for key, value in found.items() if value or key == "on_beat"}
        said += [f"{title} {summary}", f"  {json.dumps(told, ensure_ascii=False)}"]

    assert "\n".join(said) == recorded("tags", "\n".join(said))
