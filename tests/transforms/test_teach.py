"""What verdicts teach: weights near those known, and nothing where they are too few."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from builders import (
    alert,
    article,
    mention,
    reader_of,
    shipped_beat,
    shipped_watchlist,
    tag,
)

from transforms.alerts import TaggedArticle
from transforms.alerts.rules.mutes import CUT, START, mutes_of, signs_of
from transforms.models.verdicts import TaughtWeight, Verdict, taught_version
from transforms.relevance.weights import taught_weights
from transforms.stories.pairs.similarity import StoryText, compare, weigher_of, weights_of
from transforms.teach import rows
from transforms.teach.fit import Labelled, chance, fitted, upper_bound
from transforms.teach.parts import Learnt, learn_mutes, learn_weights
from transforms.teach.report import Teaching, lines_of

LEXICON = shipped_beat().concepts
NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)


def alerts(kinds, sign=lambda _: "rule giants"):
    return [
        Labelled({sign(n): 1.0, "in en": 1.0}, float(kind), f"story {n}")
        for n, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        ([], "no verdicts on alerts (wanted, unwanted): too few, 10 more are needed"),
        ([1, 0] * 4, "8 verdicts on alerts (wanted, unwanted): too few, 2 more are needed"),
        ([1] * 26, "of 26 alerts judged none were unwanted: 4 more are needed"),
        ([0] * 24 + [1] * 2, "of 26 alerts judged 2 were wanted: 2 more are needed"),
        ([1, 0] * 13, "nothing is muted"),
    ],
)
def test_verdicts_that_teach_nothing_mute_nothing(kinds, said):
    """None, too few, of one kind, or nothing that tells wanted from unwanted."""
    learnt = learn_mutes(alerts(kinds))
    assert not learnt.helps
    assert said in learnt.sentence


def test_of_random_verdicts_hardly_any_set_helps():
    """What is muted must be surely less wanted than the rest."""
    dice = random.Random(7)
    sets = (
        learn_mutes(
            alerts(dice.choices([0, 1], k=40), lambda _: f"from {dice.choice('abc')}")
        )
        for _ in range(12)
    )
    assert sum(learnt.helps for learnt in sets) <= 1


def test_a_sign_of_what_nobody_wants_mutes():
    """An alert that bears it is muted and says so; what bears it not is sent."""
    kinds = [n % 2 for n in range(30)]
    learnt = learn_mutes(alerts(kinds, lambda n: "from A" if n % 2 else "from B"))
    mutes = mutes_of(learnt.weights)

    assert (learnt.helps, learnt.before, learnt.after, learnt.kept) == (True, 0.5, 1, 1)
    assert mutes.muted_by({"from A", "in en"}) is None
    assert mutes.muted_by({"from B", "in en"}).startswith("from B (-")
    assert {START, CUT} <= {each.name for each in learnt.weights}


def test_the_signs_of_an_alert():
    """Rule, companies, outlet, tags, steps; what lacks is a sign as well."""
    item = TaggedArticle(
        article=article(publisher="Blog", relevance=0.5, headline_weight=3),
        mentions=[mention("a1", "baidu", is_about=False)],
        tags=[tag("a1", "robotics")],
        feed_kind="blog",
    )
    told = alert(companies=("baidu",), publishers=1, step="publishers:5 language:en")
    signs = signs_of(told, item, is_again=True)

    assert signs >= {"rule giants", "company baidu", "from Blog", "from a blog feed"}
    assert signs >= {"topic robotics", "rule giants, from Blog", "no event"}
    assert signs >= {"update by publishers", "update by language", "told by one outlet"}
    assert signs >= {"its story was told before", "no company is its subject"}
    assert signs >= {"not surely on the beat", "its headline tells little"}
    assert signs_of(told, None, is_again=False) == {
        *("rule giants", "company baidu", "update by publishers", "update by language")
    }


def test_weights_keep_near_what_is_known():
    """The farther they may go the more verdicts have a say; without verdicts they stay."""
    prior = {"a": 1.0, "b": -2.0}
    given = [Labelled({"a": 1.0}, 0.0, str(n)) for n in range(5)]
    near, far = (fitted(given, prior, spread)["a"] for spread in (0.25, 1.0))

    assert far < near < 1
    assert fitted(given, prior, 1.0)["b"] == -2
    assert fitted([], prior, 1.0) == prior
    assert (chance(0), round(chance(-1000), 9)) == (0.5, 0)
    assert upper_bound(0, 4, 1.96) == pytest.approx(0.49, abs=0.01)


def read(n, title, publisher):
    made = article(
        article_id=f"a{n}", title=title, publisher=publisher, published_at=NOON, summary=""
    )
    return rows.read_again(made, reader_of(shipped_watchlist()), ())


@pytest.mark.long
def test_verdicts_move_the_beat_no_farther_than_what_nobody_spoke_of_allows():
    """An outlet becomes evidence, nothing shipped moves; where much turns, nothing does."""
    shipped = shipped_beat().weights
    judged = [
        (read(n, f"Baidu opens robot lab number {n}", "Blog"), 0.0) for n in range(10)
    ]
    silent = [read(50 + n, f"Alibaba raises {n} funds", "Daily") for n in range(40)]
    like = [read(150 + n, f"Baidu opens robot lab at {n}", "Blog") for n in range(40)]
    known = {r.article.article_id: r for r in [*silent, *like, *(r for r, _ in judged)]}

    def learn(beside):
        return learn_weights(
            "beat",
            rows.beat_rows(judged, shipped),
            rows.beat_prior(shipped),
            rows.silent_rows(beside, shipped),
            rows.beat_judge(known, shipped),
        )

    learnt, strayed = learn(silent), learn(like)
    weights = {each.name: each.weight for each in learnt.weights}
    assert (learnt.before, learnt.after, learnt.helps) == (0, 1, True)
    assert weights["from Blog"] < 0
    assert not weights.keys() & rows.beat_prior(shipped).keys()
    by = taught_weights(shipped, weights)
    assert by.intercept == shipped.intercept
    assert "from Blog" in by.learned
    assert not strayed.helps


def test_what_is_taught_of_pairs_is_what_they_are_compared_by():
    """A weight that verdicts move counts; the others are those that are shipped."""
    title = "Lumo opens a battery plant in Hungary"
    pair = (
        StoryText(title=title, published_at=NOON),
        StoryText(title="Lumo battery plant opens in Hungary today", published_at=NOON),
    )
    least = dict.fromkeys(rows.pair_prior("latin"), -9.0)
    taught = tuple(TaughtWeight("latin", *each) for each in least.items())

    assert compare(*pair, LEXICON).same
    assert not compare(*pair, LEXICON, weigher_of(taught)).same
    assert weigher_of(taught)("han") is weights_of("han")
    assert taught_version("w1", taught) != taught_version("w1", taught[1:])


def test_the_last_word_on_each_matter_counts():
    """Of two on one alert the later; a pair is one matter, whichever is named first."""
    said = [
        Verdict(1, "x", "wanted", ""),
        Verdict(2, "x", "unwanted", ""),
        Verdict(3, "a", "one-event", "b"),
        Verdict(4, "b", "not-one-event", "a"),
        Verdict(5, "a", "about", "baidu"),
        Verdict(6, "a", "headline", ""),
    ]
    assert [v.verdict_id for v in rows.last_words(said)] == [2, 4]


def test_a_report_keeps_to_eighty_cells():
    """Whatever outlets and signs are called, in either script."""
    long = "一家名字很长的媒体" * 8
    row = {"part": "source", "id": long, "wanted": 3, "judged": 4, "share": 0.75}
    row |= {"low": 0.3, "high": 0.95, "missing": 6}
    part = Learnt(
        part="beat",
        verdicts=9,
        sentence="of 9 verdicts 2 came out right, and 8 would " * 3,
        helps=True,
        before=0.2,
        after=0.9,
        weights=(TaughtWeight("beat", f"from {long}", -1.0),),
    )
    teaching = Teaching(
        verdicts=9, learnt=(part,), precision=(row,) * 30, changes=(), taught=part.weights
    )
    from rich.cells import cell_len  # noqa: PLC0415  as the report measures

    told = list(lines_of(teaching))
    assert max(cell_len(line) for text in told for line in text.splitlines()) <= 80
    assert any("and 20 more" in line for line in told)
