"""Texts that are tagged together: each is as if it were alone."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from builders import NOON, article, shipped_tagger

from transforms.headlines.digests import is_digest
from transforms.models.verdicts import Verdict
from transforms.names import tagging
from transforms.names.tagging import tag_all, tag_article, tag_document, untagged

HEADLINES = Path(__file__).parents[1] / "data" / "headlines.tsv"
PAGE = "Alibaba opens a cloud region in Hangzhou. " * 20


@pytest.fixture(scope="module")
def texts():
    """Return texts with and without names, lead, digest and a reader's word."""
    with HEADLINES.open(encoding="utf-8") as file:
        titles = [row[-1] for row in csv.reader(file, delimiter="\t")]
    titles += ["Storm closes three airports", "Best phones to buy this week: 10 deals"]
    tagger, made = shipped_tagger(), []
    for n, title in enumerate(titles):
        said = article(article_id=f"a{n}", title=title, is_digest=is_digest(title))
        verdicts = [Verdict(1, f"a{n}", "about", "baidu")] if n % 5 == 0 else ()
        page = PAGE if n % 7 == 0 else ""
        made.append(untagged(said, tagger, page=page, verdicts=verdicts))
    assert any(text.lead for text in made)
    return made


@pytest.mark.parametrize("rejects", [False, True])
@pytest.mark.parametrize("size", [1, 7, 400])
def test_a_text_is_tagged_among_others_as_alone(texts, size, rejects, monkeypatch):
    """Whatever else is in its batch, every finding of it is the same, in order."""
    monkeypatch.setattr(tagging, "_BATCH", size)
    tagger = shipped_tagger()

    alone = [
        tag_document(tagger=tagger, rejects=rejects, **text._asdict()) for text in texts
    ]
    together = tag_all(iter(texts), tagger, rejects=rejects)

    assert together == alone
    kinds = Counter((t.rejected, t.beat.is_on_beat, bool(t.mentions)) for t in together)
    assert len(kinds) >= (4 if rejects else 3)


def test_a_lead_decides_relevance_alone():
    """The article keeps the names and topics of its whole page."""
    tagger = shipped_tagger()
    said = article(article_id="a1", title="A new campus", published_at=NOON)
    page = f"{PAGE}Robots by Roborock clean it."

    found = tag_article(said, tagger, page=page)

    assert {mention.company_id for mention in found.mentions} >= {"alibaba", "roborock"}
    assert found.beat.is_on_beat


def test_nothing_is_tagged_where_there_is_nothing():
    """A poll without news has no batch."""
    assert tag_all([], shipped_tagger()) == []
