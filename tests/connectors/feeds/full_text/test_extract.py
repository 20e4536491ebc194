"""The article in a page: with all of its text, and without what stands around it."""

from __future__ import annotations

import json

import pytest

from connectors.feeds.full_text import extract
from connectors.feeds.full_text.extract import text_of
from transforms.articles.enrichment import clean

TEXT = (
    "工信部周四发布通知，要求各地在年底前完成算力设施的登记，登记结果将向社会公布。",
    "通知说，登记的范围包括数据中心、智算中心和边缘节点，由省级部门负责审核。",
    "多家企业表示，登记之后可以共享闲置的算力，中小企业的成本有望下降两成左右。",
    "业内人士认为，统一登记是建设全国算力网络的第一步，后续还需要统一的计价标准。",
)
RANKS = "".join(
    f"<li><a href='/n/{n}'>{n}2345某地发布第{n}号天气预警，市民出行须注意安全</a></li>"
    for n in range(1, 13)
)
REPLIES = "".join(
    f"<div class='reply-item'><p>第{n}位网友说，这个登记早就该做了，支持一下，"
    "顶上去让更多人看到吧。</p></div>"
    for n in range(3)
)


@pytest.fixture(autouse=True)
def memory(monkeypatch):
    """Leave the tests' own memory as it is: the bound is a parser process's."""
    monkeypatch.setattr(extract, "_bound_memory", lambda: None)


def paragraphs(lines=TEXT, tag="p"):
    return "".join(f"<{tag}>{line}</{tag}>" for line in lines)


def found(body, *, head=""):
    page = f"<!doctype html><html><head><title>T</title>{head}</head><body>{body}</body>"
    return clean(text_of(f"{page}</html>".encode(), "text/html")[0])


def portal(article):
    """Return a portal's page around *article*: ranks and replies outweigh it."""
    return (
        "<ul><li><a href='/'>首页</a></li><li><a href='/t'>科技</a></li></ul>"
        f"<ul class='columns'><li class='left'><h3>算力登记</h3>{article}"
        f"<div class='hot-rank'><h4>跟贴排行</h4><ul>{RANKS}</ul></div>"
        f"<div id='replies'>{REPLIES}</div></li>"
        f"<li class='right'><ul>{RANKS}</ul></li></ul><div>举报邮箱：a@b.example</div>"
    )


@pytest.mark.parametrize(
    "article",
    [
        f"<div class='all-txt'>{paragraphs()}</div>",
        f"<div class='all-txt'>{paragraphs(tag='div')}</div>",
        f"<div id='x'>{'<br><br>'.join(TEXT)}</div>",
        f"<div id='x'>{''.join(f'<div><p>{line}</p></div>' for line in TEXT)}</div>",
        f"<div class='share-area has-comments'>{paragraphs()}</div>",
        f"<table><tr><td>{paragraphs()}</td></tr></table>",
    ],
)
def test_a_portal_gives_its_article_alone(article):
    """However its paragraphs are written, ranks and readers' replies stay out."""
    assert found(portal(article)) == "\n".join(TEXT)


def test_sections_are_paragraphs():
    """WeChat writes each paragraph as a section."""
    page = f"<div id='js_content'>{paragraphs(tag='section')}</div><p>微信扫一扫</p>"
    assert found(page) == "\n".join(TEXT)


def test_a_lead_above_the_article_stays():
    """What is said before an article's element is a part of it where it is sentences."""
    lead = "算力登记将在全国展开，省级部门负责审核，登记结果年底前向社会公布。"
    page = (
        f"<article><div class='lead'><p>{lead}</p></div><div class='meta'>记者 张三</div>"
        f"<div class='text'>{paragraphs(TEXT * 2)}</div></article>"
    )
    lines = found(page).split("\n")
    assert lines[0] == lead
    assert lines[1:] == list(TEXT * 2)


def test_no_paragraph_comes_twice():
    """Lines between breaks may be one line of the page and two of the element."""
    text = (
        f"<div class='post'>{TEXT[0]}<br>{TEXT[1]}<br><br>{TEXT[2]}<br><br>{TEXT[3]}</div>"
    )
    lines = found(f"<div class='date'>2026-08-04</div><div class='outer'>{text}</div>")
    assert all(lines.count(line) == 1 for line in TEXT)


def test_the_next_articles_of_a_page_are_not_taken_along():
    """A page may go on with articles that hold more than its own."""
    others = "".join(
        f"<div class='n'>{paragraphs([f'{line[:-1]}{n}。' for line in TEXT])}</div>"
        for n in range(9)
    )
    own = f"<div class='entry-content'>{paragraphs(TEXT * 3)}</div>"
    page = f"<main><div><h1>One</h1>{own}</div><div>{others}</div></main>"
    assert found(page) == "\n".join(TEXT * 3)


def data(value):
    return f"<script type='application/ld+json'>{json.dumps(value)}</script>"


CAPTION = "图为周四在北京举行的发布会现场，工信部有关负责人介绍算力设施登记的安排。"


@pytest.mark.parametrize(
    "nested",
    [lambda x: x, lambda x: [x], lambda x: {"@graph": [x]}],
    ids=["object", "list", "graph"],
)
@pytest.mark.parametrize("shown", ["加载中", CAPTION])
def test_an_article_that_a_script_shows_is_read_from_the_data(nested, shown):
    """A page that shows a caption only states its text for search engines."""
    value = nested({"@type": "NewsArticle", "articleBody": "\n\n".join(TEXT * 2)})
    page = f"<h1>Title</h1><div id='app'><p>{shown}</p></div>"
    lines = found(page, head=data(value)).split("\n")
    assert "".join(lines).replace(" ", "") == "".join(TEXT * 2)


def test_markup_in_the_data_is_none():
    """What is stated as text with tags becomes text."""
    value = {"articleBody": "\n".join(f"<p>{line}</p>" for line in TEXT * 2)}
    lines = found(f"<p>{CAPTION}</p>", head=data(value)).split("\n")
    assert "".join(lines).replace(" ", "") == "".join(TEXT * 2)


@pytest.mark.parametrize(
    "head",
    [
        data({"articleBody": TEXT[0]}),
        data({"articleBody": [1, None, {"articleBody": 7}]}),
        "<script type='application/ld+json'>{\"articleBody\": broken</script>",
        data(json.loads("[" * 40 + '{"articleBody": "' + "x" * 900 + '"}' + "]" * 40)),
    ],
    ids=["less", "no text", "broken", "deep"],
)
def test_data_that_says_less_or_nothing_changes_nothing(head):
    """The page's own text is what a reader sees: data stands in for it only."""
    assert found(f"<article>{paragraphs()}</article>", head=head) == "\n".join(TEXT)
