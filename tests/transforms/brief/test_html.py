"""A brief as one page: self-contained, accessible, safe, readable on a phone."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from brief_rows import answers
from builders import shipped_writing

from transforms.brief import compose_brief, render_html
from transforms.brief.model import Spark
from transforms.brief.render.shapes import draw_spark

DATA = Path(__file__).parents[2] / "data/brief"
NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """What a browser would find: elements in order, and whether they nest."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.open, self.texts = [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note an element and what it stands in."""
        self.elements.append((tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Note an element that closes itself."""
        self.elements.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        """Check that the innermost open element ends."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """Note a text."""
        self.texts.append(data)

    def all(self, *tags):
        """Return the attributes of the elements called one of *tags*."""
        return [attrs for tag, attrs, _ in self.elements if tag in tags]


def html_of(data, period="day", language="en"):
    days = {"day": (24, 25), "week": (16, 23)}[period]
    since, until = (date(2026, 11, day) for day in days)
    return render_html(
        compose_brief(
            answers(data),
            shipped_writing(),
            period=period,
            since=since,
            until=until,
            as_of=None,
            now=NOW,
            language=language,
        )
    )


def sample(period="day", **changed):
    return json.loads((DATA / f"{period}.json").read_text(encoding="utf-8")) | changed


@cache
def sample_html(period="day", language="en"):
    return html_of(sample(period), period, language)


PAGES = pytest.mark.parametrize(
    ("period", "language"), [("day", "en"), ("day", "zh"), ("week", "en"), ("week", "zh")]
)


@PAGES
def test_the_page_needs_nothing_else(period, language):
    """No script, no style sheet, no image, no font: nothing is fetched."""
    html = sample_html(period, language)
    page = Page(html)

    assert not page.all("script", "link", "img", "iframe", "object", "image", "use")
    assert not any("src" in attrs or "srcset" in attrs for _, attrs, _ in page.elements)
    assert "@import" not in html
    assert not re.search(r"url\((?!#)", html)
    assert "default-src 'none'" in html
    assert not any(name.startswith("on") for _, attrs, _ in page.elements for name in attrs)


@PAGES
def test_the_page_is_well_formed(period, language):
    """Elements nest and close, ids are unique, and every inner link has its target."""
    page = Page(sample_html(period, language))

    ids = Counter(attrs["id"] for _, attrs, _ in page.elements if "id" in attrs)
    assert page.open == []
    assert [name for name, count in ids.items() if count > 1] == []
    links = [attrs["href"] for attrs in page.all("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


@PAGES
def test_links_lead_to_the_web_and_tell_nothing(period, language):
    """Outer links are http or https and hand over neither window nor referrer."""
    links = [a for a in Page(sample_html(period, language)).all("a") if a["href"][0] != "#"]

    assert len(links) > 10
    assert all(re.match(r"https?://", link["href"]) for link in links)
    assert all("noopener" in link["rel"].split() for link in links)


@PAGES
def test_tables_can_be_heard(period, language):
    """Each table has a caption; heads have a scope, cells the name of their column."""
    page = Page(sample_html(period, language))

    assert len(page.all("table")) == len(page.all("caption")) > 3
    assert {attrs.get("scope") for attrs in page.all("th")} == {"col", "row"}
    assert all(attrs["data-label"] for attrs in page.all("td"))


@PAGES
def test_pictures_have_a_text(period, language):
    """Every drawing has the role of an image, a title, and a description if a chart."""
    page = Page(sample_html(period, language))

    ids = {attrs["id"] for _, attrs, _ in page.elements if "id" in attrs}
    drawings = page.all("svg")
    assert {attrs["role"] for attrs in drawings} == {"img"}
    titles = [
        path for tag, _, path in page.elements if tag == "title" and path[-1] == "svg"
    ]
    assert len(titles) == len(drawings)
    for svg in drawings:
        named = svg.get("aria-labelledby", "").split()
        assert svg.get("aria-label") or (len(named) == 2 and set(named) <= ids)


def test_the_page_says_its_language():
    """Screen readers and hyphenation need to know it."""
    assert '<html lang="en">' in sample_html("day", "en")
    assert '<html lang="zh-Hans">' in sample_html("day", "zh")


def test_the_front_page_comes_first():
    """After the title come leading stories, what changed and policy, then the numbers."""
    page = Page(sample_html())

    headings = [attrs["id"] for attrs in page.all("h2")]
    assert headings[:5] == ["stories", "changed", "policy", "numbers", "companies"]
    assert headings[-1] == "sources"


def test_thin_coverage_stands_above_what_changed():
    """The notice comes before the first heading of the body."""
    html = html_of(sample(window=[{"stories": 100, "usual_stories": 400}]))

    assert html.index('class="notice"') < html.index('id="changed"')
    assert 'class="notice"' not in sample_html()


def test_each_section_holds_its_query():
    """The SQL is one click away, and as text: no markup of it is obeyed."""
    told = {"alerts": sample()["alerts"], "queries": {"alerts": "select '<b>' where a < b"}}
    html = html_of(told)

    assert '<pre tabindex="0" role="group" aria-label="alerts"><code>select' in html
    assert "&#39;&lt;b&gt;&#39;" in html


def test_charts_follow_the_page_in_colour_and_width():
    """Colours are the page's variables, and a phone gets a drawing of its own width."""
    html = sample_html("week")

    assert html.count('class="chart wide"') == html.count('class="chart narrow"') == 5
    assert 'fill="var(--series-0)"' in html
    assert 'fill="var(--ink)"' in html
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert not re.search(r'(?:fill|stroke)="(?!var\(|none)', svg)
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_a_day_needs_no_chart_library():
    """The daily page has sparklines only, which are drawn by hand."""
    assert "chart wide" not in sample_html("day")
    assert sample_html("day").count('class="spark"') == 13


def test_hostile_text_stays_text():
    """Names, headlines, terms and reasons are shown letter by letter, in charts too."""
    evil = '</title></svg><script>alert("x")</script>\\1'
    share = [
        {"week": "2026-11-16", "company_id": f"c{n}", "name": f"{evil}{n}", "stories": 20}
        for n in range(3)
    ]
    data = sample(
        "week",
        share=share,
        topics=[{"topic_id": "t", "name": evil, "stories": 50, "previous_mean": 9.0}],
        stories=[{"headline": evil, "url": 'https://a.example/"><b>', "publishers": 2}],
        sources=[{"feed_id": "x", "publisher": evil, "state": evil, "reason": evil}],
    )

    html = html_of(data, "week")
    page = Page(html)

    assert page.open == []
    assert not page.all("script", "b")
    assert any('alert("x")' in text for text in page.texts)


def test_a_brief_without_data_is_a_page():
    """Every section is left out."""
    html = html_of({}, "week")

    assert Page(html).open == []
    assert html.count("<h2") == 1


def test_a_sparkline_shows_each_day():
    """One bar a day, the last one marked, no day without a trace, on the scale given."""
    svg = draw_spark(Spark((0, 5, 10), 'a "label" <here>'), 10)

    assert svg.count("<rect") == 3
    assert svg.count('class="last"') == 1
    assert 'height="1"' in svg
    assert 'height="10.5"' in draw_spark(Spark((5,), "half as high"), 10)
    assert "<title>a &quot;label&quot; &lt;here&gt;</title>" in svg
    assert draw_spark(Spark((), "nothing"), 1) == ""
