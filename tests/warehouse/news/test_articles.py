from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from builders import append_articles

from transforms.models import Article, ArticleVersion, Mention, Sighting, Tag
from transforms.models.articles import WORDING
from transforms.models.findings import Findings
from warehouse.file.connect import writer
from warehouse.news.articles import (
    StoredArticle,
    append_sightings,
    append_versions,
    count_articles,
    few_articles,
    get_articles,
    hand_over,
    iterate_articles,
    known,
    looks_like_id,
    places,
    update_articles,
    words,
)
from warehouse.news.findings import (
    append_findings,
    forget_findings,
    read,
    replace_findings,
)
from warehouse.upkeep.checks import run_checks

MENTION = Mention(
    article_id="a1",
    company_id="byd",
    field="title",
    alias="BYD",
    start=0,
    length=3,
    rules_version="w0",
)
# Where articles stand that findings are of.
AT = {"a1": 1, "a2": 2, "a3": 3}
TAG = Tag(
    article_id="a1",
    topic_id="ev-auto",
    kind="topic",
    term="EV",
    score=2.5,
    rules_version="w0",
)


def test_append_twice_appends_once(warehouse, make_article):
    """A feed carries an entry for days; it is one article all that time."""
    articles = [make_article("a1"), make_article("a2")]

    assert append_articles(warehouse, articles) == {"a1": 1, "a2": 2}
    assert append_articles(warehouse, [*articles, make_article("a3")]) == {"a3": 3}


def test_article_twice_in_a_batch_is_appended_once(warehouse, make_article):
    """Two feeds of one batch may carry the same article; the first one counts."""
    twice = [make_article("a1", publisher="First"), make_article("a1", publisher="Second")]

    assert append_articles(warehouse, twice) == {"a1": 1}
    assert get_articles(warehouse, ["a1"])[0].publisher == "First"


def test_article_comes_back_as_it_went_in(warehouse, make_article, noon):
    """Nothing of an article is lost or changed on its way."""
    article = make_article(
        "a1",
        title="华为发布芯片 “Kirin”",
        content="Text\nwith lines",
        authors=("A. Writer", "李四"),
        story_keys=(1, 2**64 - 1),
        script="hans",
        language="zh",
        is_digest=True,
        updated_at=noon,
    )
    append_articles(warehouse, [article], run_id="r7")

    assert get_articles(warehouse, ["a1"]) == [article]
    assert warehouse.execute("select seq, run_id from articles").fetchall() == [(1, "r7")]


def test_the_model_names_the_columns(warehouse):
    """Each column is a field, each field a column; nothing else lists all of them."""
    columns = {column for column, *_ in warehouse.execute("describe articles").fetchall()}
    named = {field.name for field in fields(Article)}

    assert columns - {"seq", "run_id"} == named
    assert named > set(WORDING)


def test_nothing_appended_is_nothing(warehouse):
    """An empty batch is no error."""
    assert append_articles(warehouse, []) == {}
    assert known(warehouse, []) == {}
    append_findings(warehouse, Findings(), {})


def test_known_articles_are_told_apart(warehouse, make_article):
    """Of what is asked for, only what is here is known, with its newest wording."""
    append_articles(warehouse, [make_article("a1", content_hash="h1")])

    assert known(warehouse, ["a1", "a2"]) == {
        "a1": StoredArticle(
            article_id="a1", seq=1, feed_id="sample", story_id="sa1", content_hash="h1"
        )
    }


def test_what_is_seen_is_what_is_here(warehouse, make_article):
    """The narrow table by which it is asked keeps step; a check says where it does not."""
    append_articles(warehouse, [make_article("a1"), make_article("a2")])
    append_articles(warehouse, [make_article("a2"), make_article("a3")])

    assert warehouse.execute(
        "select seq from seen join articles using (seq) "
        "where key = md5(article_id)::uuid order by seq"
    ).fetchall() == [(1,), (2,), (3,)]
    warehouse.execute("delete from seen where seq = 2; insert into seen values (uuid(), 9)")
    checks = {check.name: check for check in run_checks(warehouse)}
    assert checks["seen_is_what_is_here"].sample == ["a2", "article number 9"]


def test_changed_article_shows_its_newest_wording(warehouse, make_article):
    """A new headline replaces the old one; identity, story and first sight stay."""
    article = make_article("a1", title="First wording")
    append_articles(warehouse, [article])
    changed = replace(
        article,
        title="Second wording",
        content_hash="h2",
        search_text="second wording",
        story_id="other",
        story_keys=(7,),
        first_seen_at=article.first_seen_at + timedelta(days=1),
        updated_at=article.first_seen_at + timedelta(hours=20),
    )

    update_articles(warehouse, [make_article("a1", title="Between"), changed])

    [stored] = get_articles(warehouse, ["a1"])
    assert stored == replace(changed, story_id="sa1", first_seen_at=article.first_seen_at)


@pytest.mark.parametrize(
    ("hours", "origin", "is_taken"),
    [(-2, "published", True), (2, "published", False), (-2, "first_seen", False)],
)
def test_article_is_handed_over(warehouse, make_article, noon, hours, origin, is_taken):
    """With its date, but for one that is a guess or later than the first sight."""
    first = make_article("a1", feed_id="blog", publisher="Blog", published_at=noon)
    append_articles(warehouse, [replace(first, first_seen_at=noon), make_article("a2")])
    at = noon + timedelta(hours=hours)
    own = replace(
        first,
        feed_id="outlet",
        publisher="Outlet",
        authors=("Ann",),
        published_at=at,
        published_from=origin,
    )

    hand_over(warehouse, [own], at={"a1": 1})

    [stored, other] = get_articles(warehouse, ["a1", "a2"])
    assert (stored.feed_id, stored.publisher, stored.authors) == (
        "outlet",
        "Outlet",
        ("Ann",),
    )
    assert stored.published_at == (at if is_taken else noon)
    assert other == make_article("a2")


def test_every_wording_is_kept_once(warehouse, noon):
    """The first wording is kept, a return to it is not a new one."""
    first = ArticleVersion(
        article_id="a1", seen_at=noon, title="A", summary="", content_hash="h1"
    )
    second = replace(first, title="B", content_hash="h2")

    assert append_versions(warehouse, [first, first], AT) == 1
    assert append_versions(warehouse, [second, first], AT) == 1
    assert append_versions(warehouse, [first], AT) == 0


def test_sighting_is_one_per_article_feed_and_link(warehouse, noon):
    """Another feed or another link is another sighting, another day is not."""
    sighting = Sighting(
        article_id="a1", feed_id="f1", guid="g", url="https://x/1", first_seen_at=noon
    )
    again = replace(sighting, first_seen_at=noon + timedelta(days=1), guid="other")
    others = [replace(sighting, feed_id="f2"), replace(sighting, url="https://x/1?s")]

    assert append_sightings(warehouse, [sighting, again], AT) == 1
    assert append_sightings(warehouse, [again, *others, *others], AT) == 2


def test_of_new_articles_nothing_is_looked_for(warehouse, noon):
    """What comes with an article that is new cannot be here; of others it is asked."""
    first = ArticleVersion(
        article_id="a1", seen_at=noon, title="A", summary="", content_hash="h1"
    )
    append_versions(warehouse, [first], AT)
    new = replace(first, article_id="a2")

    assert append_versions(warehouse, [first, new, new], AT, of_new={"a2"}) == 1


def test_findings_are_unique(warehouse):
    """A mention is one per article, company and field; a tag per article, topic, kind."""
    other_field = MENTION._replace(field="summary")
    event = TAG._replace(kind="event")

    again = MENTION._replace(alias="比亚迪")
    append_findings(
        warehouse,
        Findings([MENTION, again, other_field], [TAG, TAG._replace(score=9), event]),
        AT,
    )

    assert read(warehouse, Mention, AT.values()) == [MENTION, other_field]
    assert read(warehouse, Tag, AT.values()) == [TAG, event]


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        (["title", "summary", "content"], "title"),
        (["summary", "content"], "summary"),
        (["content"], None),
    ],
)
@pytest.mark.parametrize("back", [False, True], ids=["in order", "backwards"])
def test_one_naming_counts(warehouse, fields, counted, back):
    """Of headline and summary one counts, the headline if they come together."""
    mentions = [MENTION._replace(field=field) for field in fields]
    mentions = mentions[::-1] if back else mentions
    other = MENTION._replace(company_id="nio", field="summary")

    append_findings(warehouse, Findings([*mentions, other]), AT)

    found = warehouse.execute("""
        select field from mentions
        where company_id = 'byd' and field <> 'content' and not is_repeat
    """).fetchall()
    assert found == ([(counted,)] if counted else [])
    assert (
        warehouse.execute(
            "select is_repeat from mentions where company_id = 'nio' or field = 'content'"
        ).fetchall()
        == [(False,)] * 2
    )


def test_findings_are_replaced_as_a_whole(warehouse):
    """Retagging an article leaves nothing of what was found before, nor touches others."""
    other = MENTION._replace(article_id="a2")
    append_findings(warehouse, Findings([MENTION, other], [TAG]), AT)
    newer = MENTION._replace(company_id="nio", rules_version="w1", is_about=True)

    replace_findings(warehouse, Findings([newer]), {"a1": 1})

    assert read(warehouse, Mention, AT.values()) == [newer, other]
    assert read(warehouse, Tag, {"a1": 1}.values()) == []
    forget_findings(warehouse, {"a2": 2})
    assert read(warehouse, Mention, {"a2": 2}.values()) == []


def test_iteration_goes_through_all_in_order_of_arrival(warehouse, make_article, noon):
    """Every article comes once, chunk by chunk, as they arrived."""
    append_articles(warehouse, [make_article(f"b{n}") for n in range(3)])
    earlier = noon - timedelta(days=9)
    append_articles(warehouse, [make_article("a0", published_at=earlier)])

    chunks = [[a.article_id for a in c] for c in iterate_articles(warehouse, size=3)]

    assert chunks == [["b0", "b1", "b2"], ["a0"]]
    assert count_articles(warehouse) == 4


def test_large_batches_are_cut_and_counted_right(warehouse, make_article):
    """A batch larger than a statement takes is appended whole, each article once."""
    articles = [make_article(f"a{n % 6000}") for n in range(12_000)]

    assert len(append_articles(warehouse, articles)) == 6000
    assert count_articles(warehouse) == 6000
    assert len(known(warehouse, [a.article_id for a in articles])) == 6000


def test_words_of_an_article(warehouse, make_article):
    """An id has a form of its own, so that texts and ids can be told apart."""
    append_articles(
        warehouse, [make_article("0123456789abcdef0123", summary="Words", content="Full")]
    )

    assert looks_like_id("0123456789abcdef0123")
    assert not looks_like_id("Huawei opens")
    assert words(warehouse, "0123456789abcdef0123") == {
        "title": "Headline 0123456789abcdef0123",
        "summary": "Words",
        "content": "Full",
        "is_from_page": False,
        "sources": ["sample", "Sample"],
    }


def test_a_few_articles_are_read_in_little_memory(tmp_path, make_article):
    """A writer may keep 128 MB, which the full texts of two vectors of rows exceed."""
    content = "full text " * 1_800
    with writer(tmp_path, command="test") as con:
        for start in range(0, 5_000, 500):
            batch = [
                make_article(article_id=f"a{n}", url=f"https://x/{n}", content=content)
                for n in range(start, start + 500)
            ]
            append_articles(con, batch, run_id="r1")

        found = few_articles(con, places(con, ["a4000", "a7", "none"]).values())

    assert [article.article_id for article in found] == ["a7", "a4000"]
    assert found[0].content == content
