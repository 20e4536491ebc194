"""The page of a story says who was first where outlets said when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from transforms.pages.rows.stories import ToldArticle
from transforms.pages.story import lines
from transforms.pages.words import PageWords

NOON = datetime(2026, 8, 4, 12, tzinfo=UTC)


def told(language, *, hours, origin):
    """Build an article of a story."""
    return ToldArticle(
        story_id="s1",
        article_id=f"a{hours}",
        title="Lumo opens plant",
        summary="",
        url="https://x.example/1",
        publisher="Outlet",
        language=language,
        published_at=NOON + timedelta(hours=hours),
        published_from=origin,
        first_seen_at=NOON,
        feed_id="x",
        is_digest=False,
        speaks=0,
        zone=None,
    )


@pytest.mark.parametrize(
    ("first", "second", "is_said"),
    [
        pytest.param("published", "published", True, id="both told"),
        pytest.param("first_seen", "published", False, id="the first was seen"),
        pytest.param("published", "first_seen", False, id="the other was seen"),
        pytest.param("published", "relative", False, id="about"),
    ],
)
def test_first_of_a_language_is_said_of_publications_alone(first, second, is_said):
    """A hot list's time is that of the poll that saw it."""
    articles = [
        told("zh", hours=0, origin=first),
        told("en", hours=3, origin=second),
        told("en", hours=4, origin="published"),
    ]
    words = PageWords(language="en", zone=ZoneInfo("UTC"), names={}, until=NOON)

    made = lines(words, articles, ())

    assert [line.is_first_of_language for line in made] == [False, is_said, False]
