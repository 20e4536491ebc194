"""Documents as the Federal Register's interface lists them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from builders import shipped_beat

from connectors.errors import FeedParseError
from connectors.feeds.formats.parser import parse_document
from transforms.articles.normalize import normalize

NOW = datetime(2026, 8, 4, 12, tzinfo=UTC)
ADDRESS = "https://www.federalregister.gov/api/v1/documents.json?order=newest"


def document(number="2026-12345", **fields):
    """Return a document as the interface sends it, with what nobody reads."""
    return {
        "title": "Additions to the Entity List & Revisions to <Entries>",
        "type": "Rule",
        "abstract": "The Bureau adds 12 entities under the destination of China.",
        "document_number": number,
        "html_url": f"https://www.federalregister.gov/documents/2026/08/03/{number}/x",
        "pdf_url": "https://www.govinfo.gov/x.pdf",
        "publication_date": "2026-08-03",
        "agencies": [
            {"raw_name": "DEPARTMENT OF COMMERCE", "name": "Commerce Department", "id": 54},
            {"raw_name": "Bureau of Industry and Security", "id": 241},
        ],
        "excerpts": "…",
        "page_views": {"count": 812},
    } | fields


def answer(*documents):
    return {
        "count": len(documents),
        "description": "Documents published by Industry and Security Bureau",
        "total_pages": 1,
        "results": list(documents),
    }


@pytest.fixture
def parse(make_feed):
    """Parse what the interface answered."""

    def do(value, **options):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return parse_document(body, feed=make_feed(ADDRESS), now=NOW, **options)

    return do


def test_document(parse, make_feed):
    """Its words are plain text, its agencies the authors, its day that of publication."""
    parsed = parse(answer(document()))
    [entry] = parsed.entries
    assert parsed.format == "federal register"
    assert parsed.title == "Documents published by Industry and Security Bureau"
    assert entry.guid == "2026-12345"
    assert entry.published_at == datetime(2026, 8, 3, tzinfo=UTC)
    assert entry.authors == ("Commerce Department", "Bureau of Industry and Security")
    assert entry.categories == ("Rule",)
    article = normalize(entry, make_feed(ADDRESS), shipped_beat().outlets, NOW).article
    assert article.title == "Additions to the Entity List & Revisions to <Entries>"
    assert article.summary.startswith("The Bureau adds 12 entities")
    assert article.url.endswith("/2026-12345/x")


def test_known_documents_are_not_read_again(parse):
    """How often a document was looked at makes no news of it; a new abstract does."""
    known = frozenset(parse(answer(document())).item_hashes)
    again = answer(document(page_views={"count": 900}), document("2026-2"))
    assert [e.guid for e in parse(again, known=known).entries] == ["2026-2"]
    changed = answer(document(abstract="The Bureau adds 13 entities."))
    assert len(parse(changed, known=known).entries) == 1


def test_values_of_other_types_and_nothing_at_all(parse):
    """What is missing is left out, what is no document is skipped, none is no error."""
    odd = document(title=None, abstract=3, agencies="x", publication_date=None)
    entries = parse(answer(odd, "x", {"html_url": "https://x.example"})).entries
    assert [(e.title, e.summary, e.authors, e.published_at) for e in entries] == [
        ("", "3", (), None)
    ]
    assert parse({"count": 0, "description": "Documents of nobody"}).entries == []
    hostile = document(html_url="javascript:alert(1)")
    assert parse(answer(hostile)).entries[0].url == ""
    with pytest.raises(FeedParseError, match="not a JSON Feed"):
        parse({"results": [{"id": 1}]})


def test_dates_that_a_notice_names(parse, make_feed):
    """From when it holds and until when it takes comments; what is no day is none."""
    told = document(effective_on="2026-09-02", comments_close_on="2026-10-05")
    parsed = parse(answer(told, document("2026-1", effective_on="soon")))
    one, other = (
        normalize(entry, make_feed(ADDRESS), shipped_beat().outlets, NOW).article
        for entry in parsed.entries
    )

    assert (str(one.in_force_on), str(one.comments_close_on)) == (
        "2026-09-02",
        "2026-10-05",
    )
    assert (other.in_force_on, other.comments_close_on) == (None, None)
    assert parse(answer(told), known=frozenset(parsed.item_hashes)).entries == []
    moved = answer(told | {"comments_close_on": "2026-11-05"})
    assert len(parse(moved, known=frozenset(parsed.item_hashes)).entries) == 1
