"""What the other language told days or weeks before a story."""

from __future__ import annotations

from datetime import timedelta

import pytest

from transforms.brief.ranking import EARLIER, known_since
from warehouse.news.findings import sync_watchlist
from warehouse.numbers.brief import EVER
from warehouse.queries import read

DAY = timedelta(days=1)
TODAY = {
    "article_id": "own", "story_id": "s1", "language": "en", "companies": ["byd"],
    "roles": {"byd": "subject"}, "events": ["m-and-a"],
    "title": "BYD buys Lumen for $1.2 billion",
}  # fmt: skip
BEFORE = {
    "article_id": "old", "story_id": "s0", "language": "zh", "companies": ["byd"],
    "roles": {"byd": "subject"}, "events": ["m-and-a"], "publisher": "晚报",
    "title": "比亚迪拟12亿美元收购流明",
}  # fmt: skip


@pytest.fixture
def known(warehouse, load, noon, make_company, shipped_topics):
    """Load a story of today and one of before; return who told it before."""
    companies = [make_company("byd"), make_company("lumen")]
    sync_watchlist(warehouse, companies, [], shipped_topics)

    def answer(*, days=12, objects=(None, None), as_of=EVER, **changed):
        own = {**TODAY, "published_at": noon - DAY / 2}
        old = {**BEFORE, "published_at": noon - DAY / 2 - days * DAY} | changed
        load(warehouse, own, old)
        for article_id, named in zip(("own", "old"), objects, strict=True):
            warehouse.execute(
                "update tags set event_object = $1 where article_id = $2",
                (named, article_id),
            )
        asked = {"story_ids": ["s1"], "since": noon - DAY, "until": noon, "as_of": as_of}
        return known_since({"s1": [TODAY["title"]]}, read(warehouse, EARLIER, asked))

    return answer


def test_the_same_amount_of_one_firm_and_event_was_told_before(known, noon):
    """The other language's article is the first teller, and its moment the date."""
    [(story_id, first)] = known().items()

    assert (story_id, first.publisher) == ("s1", "晚报")
    assert first.published_at == noon - DAY / 2 - 12 * DAY


def test_the_same_object_was_told_before(known):
    """A company that it is done to says as much as an amount."""
    assert known(objects=("lumen", "lumen"), title="比亚迪收购流明")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"days": 2}, id="within three days it is the same news"),
        pytest.param({"days": 31}, id="longer ago than thirty days"),
        pytest.param({"language": "en"}, id="the same language"),
        pytest.param({"story_id": "s1"}, id="its own story"),
        pytest.param({"events": ["funding"]}, id="another event"),
        pytest.param({"companies": ["lumen"], "roles": {"lumen": "subject"}}, id="another"),
        pytest.param({"roles": {"byd": "aside"}}, id="the firm stands aside"),
        pytest.param({"title": "比亚迪拟30亿美元收购流明"}, id="another amount"),
        pytest.param({"title": "比亚迪收购流明"}, id="neither object nor amount"),
        pytest.param({"is_on_beat": False}, id="off the beat"),
        pytest.param(
            {"title": "比亚迪收购流明", "objects": ("byd", "byd")}, id="the firm itself"
        ),
        pytest.param(
            {"title": "比亚迪收购流明", "objects": ("stake", "stake")}, id="a common noun"
        ),
    ],
)
def test_other_news_was_not_told_before(known, changed):
    assert not known(**changed)


def test_what_was_seen_later_was_not_known_then(known, noon):
    """Looking back, an archive that came in afterwards marks nothing."""
    assert not known(as_of=noon - 40 * DAY)


def test_a_side_acts_upon_the_same(known, warehouse):
    """Of states the side stands for the firm: who acts may be called otherwise."""
    named = {
        "companies": [],
        "roles": {},
        "title": "美国拟制裁流明",
        "objects": ("lumen",) * 2,
    }
    assert not known(**named)

    warehouse.execute(
        "insert into headline_facts by name select article_id, 'side' as kind, "
        "'us_eu' as value, '' as term, 'w' as rules_version, seq from articles "
        "where not exists (from headline_facts f where f.article_id = articles.article_id "
        "and f.kind = 'side')"
    )
    asked = {"story_ids": ["s1"], "as_of": EVER}
    [(since, until)] = warehouse.execute(
        "select max(published_at) - interval 12 hour, max(published_at) + interval 1 hour "
        "from articles"
    ).fetchall()
    [row] = read(warehouse, EARLIER, asked | {"since": since, "until": until})
    assert row.is_same_object
