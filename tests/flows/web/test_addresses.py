"""Addresses of the desk: parameters that a page has, other spellings, ids of feeds."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import duckdb
import httpx
import pytest

from flows.web.pages import PAGES
from warehouse.file.connect import PUBLISHED_NAME

ATOM = "{http://www.w3.org/2005/Atom}"
PLACES = {"{day:day}": "2025-11-27", "{period}": "day", "{id}": "baidu", "{story_id}": "s0"}


def path_of(page):
    """Return an address of a page."""
    path = page.path
    for name, value in PLACES.items():
        path = path.replace(name, value)
    return path


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_no_page_takes_a_parameter_that_it_does_not_have(get, prefix):
    """Of 404 and 400, the latter: a colleague would get another view."""
    for page in PAGES:
        for form in ("html", *page.forms):
            path = page.base if form != "html" and page.base else path_of(page)
            ending = {"html": "", "atom": "/atom"}.get(form, f".{form}")
            answer = get(f"{prefix}{path}{ending}", params={"no_such": "1"})
            assert answer.status_code == 400, (path, form)
            assert "no_such" in answer.text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("/?languages=zh", "did you mean “language”?"),
        ("/search?q=x&Until=2025-11-27", "did you mean “until”?"),
        ("/zh/trends?since_=2025-11-27", "是否指“since”？"),
        ("/companies?table=companies", "It has: "),
        ("/companies/baidu/atom?table=days", "It has: "),
        ("/feeds?" + "x" * 3_000 + "=1", "x…”"),
        ("/sql?" + "p_" + "x" * 300 + "=1", "It has: "),
    ],
)
def test_an_unknown_parameter_names_the_nearest(get, asked, said):
    """And those that the page has; a table is named to a program alone."""
    answer = get(asked)
    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/?utm_source=mail&language=zh&fbclid=1", "/?language=zh"),
        ("/zh/search?q=百度+AI&gclid=x", "/zh/search?q=%E7%99%BE%E5%BA%A6+AI"),
        ("/today.json?utm_medium=x", "/today.json"),
        ("/companies/baidu/atom?mc_cid=1", "/companies/baidu/atom"),
        ("/brief", "/brief/day"),
        ("/zh/brief/?until=2025-11-27", "/zh/brief/day?until=2025-11-27"),
        ("/zh", "/zh/"),
        ("/today", "/"),
        ("/ZH/Companies/", "/zh/companies"),
        ("/companies/Baidu?day=2025-11-27", "/companies/baidu?day=2025-11-27"),
        ("/companies/BAIDU.json", "/companies/baidu.json"),
        ("/Feeds.CSV", "/feeds.csv"),
        ("/topics/AI-Models/", "/topics/AI-Models"),
    ],
)
def test_another_spelling_leads_to_the_page(get, asked, there):
    """Without who sent it, in small letters, without a slash, with its parameters."""
    answer = get(asked)
    assert (answer.status_code, answer.headers["location"]) == (301, there)
    assert get(there, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    "asked", ["//evil.example/", "//evil.example/companies/", "/nope/", "/companies/x/y/"]
)
def test_nothing_leads_elsewhere(get, desk_url, asked):
    """What would be no page without its slash is none, nor another site."""
    answer = get(desk_url + asked)
    assert answer.status_code == 404
    assert "location" not in answer.headers


def test_a_page_names_its_own_address(get):
    """Without the reader's zone, and with what chooses its rows."""
    page = get("/zh/search?zone=Asia/Tokyo&q=baidu&company=&sort=newest").text
    assert '<link rel="canonical" href="/zh/search?q=baidu&amp;sort=newest">' in page


def test_a_filtered_feed_is_one_of_its_own(get):
    """By its id and by where it is fetched again; nothing filtered keeps the former id."""
    found = {}
    for asked in (
        "/today/atom", "/today/atom?language=zh", "/zh/today/atom",
        "/companies/baidu/atom", "/companies/baidu/atom?language=zh",
        "/search/atom?q=baidu", "/search/atom?q=huawei",
    ):  # fmt: skip
        feed = ET.fromstring(get(asked).content)
        found[feed.findtext(f"{ATOM}id")] = asked
        [own] = [link.get("href") for link in feed.findall(f"{ATOM}link")]
        assert own.endswith(asked), own
    assert len(found) == 7
    assert found["urn:sinowire:desk:/"] == "/today/atom"
    assert found["urn:sinowire:desk:/companies/baidu?language=zh"]


def test_a_story_that_is_no_more_names_its_parts(desk, copy_desk, serve_desk):
    """One that split, at its old address; one that others went into, on its page."""
    home = copy_desk(desk)
    with duckdb.connect(home / "data" / PUBLISHED_NAME) as con:
        [(story, article)] = con.execute(
            "select story_id, max_by(article_id, published_at) from articles "
            "where not is_digest group by story_id having count(distinct title) > 1 "
            "order by story_id limit 1"
        ).fetchall()
        [(last,)] = con.execute(
            "select title from articles where article_id = ?", [article]
        ).fetchall()
        con.execute("insert into story_splits values (?, 'sgone', now())", [story])
        for gone, into in ((f"s{article}", "sbetween"), ("sbetween", story)):
            con.execute("insert into story_merges values (?, ?, now())", [gone, into])
    with (
        serve_desk(home) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        split, whole = client.get("/stories/sgone"), client.get(f"/stories/{story}").text
        moved = client.get(f"/stories/s{article}.json?zone=Asia/Tokyo")

    assert split.status_code == 404
    assert f'href="/stories/{story}"' in split.text
    joined = whole.partition('id="joined"')[2].partition("</section>")[0]
    assert last[:6] in joined
    assert moved.headers["location"] == f"/stories/{story}.json?zone=Asia%2FTokyo"


@pytest.mark.parametrize(
    ("asked", "near", "said"),
    [
        ("/company/baidu", "/companies/baidu", "Did you mean /companies/baidu?"),
        ("/zh/compannies/baidu", "/zh/companies/baidu", "是否指 /companies/baidu？"),
        ("/people", "/companies", "Did you mean /companies?"),
        ("/brief/month", "/brief/week", "Did you mean /brief/week?"),
        ("/claims?company=baidoo", "/claims?company=baidu", "has no company baidoo"),
        ("/measures?target=Baidu", "/measures?target=baidu", "has no company Baidu"),
        ("/?topic=robotic", "/?topic=robotics", "has no topic robotic"),
        ("/companies/baidu?event=fundin", "event=funding", "type of event fundin"),
    ],
)
def test_what_is_not_there_names_the_nearest(get, asked, near, said):
    """Of pages and of ids in filters: an empty page would say that nothing was told."""
    answer = get(asked)
    assert answer.status_code == 404
    assert f'{near}"' in answer.text
    assert said in answer.text


def test_what_is_near_nothing_names_none(get):
    """A guess that is no better than any other is none."""
    for asked in ("/zzz", "/claims?company=zzz"):
        assert "Did you mean" not in get(asked).text
        assert get(asked).status_code == 404
