"""The page of a day shows of a story what is its own."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from brief_rows import answers
from builders import shipped_writing

from transforms.brief.ranking import EarlierTelling
from transforms.brief.sections.stories import STORIES
from transforms.pages.rows.stories import ToldArticle
from transforms.pages.stories import told_story
from transforms.pages.today import Chosen, lead_cards, leading
from transforms.pages.words import PageWords

NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)
WORDS = PageWords(language="en", zone=ZoneInfo("UTC"), names={}, until=NOON)


def row(story_id, title, company, **changed):
    return {
        "story_id": story_id, "titles": [title], "outlets": ["A"], "affairs": ["a1"],
        "subjects": [company], "companies": [company], "first_published_at": NOON,
    } | changed  # fmt: skip


def told(story_id, title):
    article = ToldArticle(
        story_id=story_id, article_id=story_id, title=title, url="https://x.example/1",
        summary="",
        publisher="A", language="en", published_at=NOON, published_from="published",
        first_seen_at=NOON, feed_id="x", is_digest=False, speaks=0, zone=None,
    )  # fmt: skip
    return told_story([article])


def cards_of(*rows, known=None):
    stories = answers({"stories": rows}).of(STORIES)
    shown = {s.story_id: told(s.story_id, s.titles[0]) for s in stories}
    by_id = {s.story_id: s for s in stories}
    by = shipped_writing().ranking
    leads = leading(stories, Chosen(), (), by, most=10)
    return lead_cards(WORDS, leads, by_id, shown, since=NOON, known=known or {}, by=by)


def test_companies_of_another_story_of_the_affair_stand_beside_that_one():
    """Byd's recall is no news of the maker whose answer is folded under it."""
    [card] = cards_of(
        row("s1", "BYD recalls a car", "byd", outlets=["A", "B"]),
        row("s2", "CATL answers for its cells", "catl"),
    )

    assert [link.href for link in card.companies] == ["/companies/byd"]
    [folded] = card.folded
    assert [link.href for link in folded.companies] == ["/companies/catl"]


def test_a_story_that_was_told_before_says_so_with_the_first_teller():
    earlier = EarlierTelling(
        story_id="s1", title="比亚迪召回", url="https://y.example/1", publisher="晚报",
        published_at=datetime(2026, 7, 12, tzinfo=UTC), is_same_object=True,
    )  # fmt: skip

    [card] = cards_of(row("s1", "BYD recalls a car", "byd"), known={"s1": earlier})

    assert card.known
    assert (card.known.text, card.known.href) == (
        "known since 12 Jul, 晚报",
        "https://y.example/1",
    )
