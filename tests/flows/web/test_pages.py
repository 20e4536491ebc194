"""Pages of the desk: each answers, opens what it counts, and says the same as the views."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from datetime import date, timedelta
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import duckdb
import httpx
import pytest
from newsroom import NOW

from flows.home import load_config
from flows.settings import load_settings
from flows.web.pages import PAGES
from transforms.pages.tables import NEEDLESS
from transforms.words import phrases, say
from warehouse.file.connect import PUBLISHED_NAME, open_published
from warehouse.queries import filled, load

ROOT = Path(__file__).resolve().parents[3]
ATOM = "{http://www.w3.org/2005/Atom}"
WEIGHT = 60_000


class Links(HTMLParser):
    """The addresses and ids of a page."""

    def __init__(self, text):
        super().__init__()
        self.found, self.outside, self.ids = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.ids += [given["id"]] if given.get("id") else []
        href = given.get("href")
        if tag in ("a", "link") and href and not href.startswith("data:"):
            (self.found if href.startswith("/") else self.outside).append((href, given))


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_the_navigation_is_made_of_the_pages(get, prefix):
    """Seven rooms, the rest under More; a page of a room leads to its others."""
    head = ["/", "/companies", "/topics", "/timeline", "/claims", "/alerts", "/search"]
    more = [
        "/trends",
        "/brief/day",
        "/developing",
        "/calendar",
        "/feeds",
        "/verdicts",
        "/cite",
        "/sql",
    ]
    text = get(f"{prefix}/acts").text
    menu, _, rest = text.partition("<nav")[2].partition("</nav>")
    links = Links(menu).found
    assert [href for href, _ in links] == [f"{prefix}{path}" for path in (*head, *more)]
    assert [href for href, _ in Links(menu.partition("<details")[2]).found] == [
        f"{prefix}{path}" for path in more
    ]
    current = [href for href, given in links if given.get("aria-current") == "page"]
    assert current == [f"{prefix}/timeline"]
    room = Links(rest.partition("<nav")[2].partition("</nav>")[0]).found
    assert [(href, "aria-current" in given) for href, given in room] == [
        (f"{prefix}{path}", path == "/acts") for path in ("/timeline", "/measures", "/acts")
    ]
    named = {page.entry or page.path for page in PAGES if page.nav}
    assert named == {*head, *more, "/measures", "/acts"}


def test_the_table_of_the_how_to_has_every_page():
    """And no other; a page with a part that changes stands with that part's name."""
    text = (ROOT / "docs/howto/desk.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| (`/[^|]*) \|", text, re.MULTILINE)
    shown = [path for cell in first_cells for path in re.findall(r"`([^`]+)`", cell)]

    assert sorted(shown) == sorted(re.sub(r":\w+", "", page.path) for page in PAGES)


def test_no_page_stays_undone_in_either_language(get):
    """Phrases that were forgotten would stand as their keys, names as their ids."""
    for path in ("/", "/companies/baidu", "/topics", "/alerts", "/feeds"):
        english, chinese = get(path).text, get(f"/zh{path}").text
        assert '<html lang="en"' in english
        assert '<html lang="zh-Hans"' in chinese
        assert english != chinese
    assert "百度" in get("/zh/companies/baidu").text


@pytest.mark.parametrize("company", ["baidu", "huawei", "bytedance"])
def test_a_bar_opens_as_many_stories_as_it_counts(get, query, company):
    """And the days are those of the view of groups, of which brands are a part."""
    days = {
        row["day"]: row["stories"]
        for row in get(f"/companies/{company}.json?table=days").json()
    }

    asked = "select day::varchar, stories from company_group_days where company_id = ?"
    first = (NOW.date() - timedelta(days=89)).isoformat()
    assert days == {day: n for day, n in query(asked, company) if day >= first}
    busiest = max(days, key=days.get)
    listed = get(f"/companies/{company}.json?day={busiest}").json()
    assert len(listed) == days[busiest]


def test_today_stands_in_the_order_of_the_brief(get, desk):
    """Same ranking, same window: the first ten are the brief's."""
    from flows.steps.brief import make_brief  # noqa: PLC0415

    rows = get("/today.json").json()
    brief = make_brief(load_config(load_settings(desk)), now=NOW)

    assert [row["story_id"] for row in rows[:10]] == [s.story_id for s in brief.stories]


@pytest.mark.parametrize("query", ["", "?until=2025-11-23"])
@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_a_week_is_its_front_page_and_its_numbers(desk, get, prefix, query):
    """Each section of the brief of seven days of the calendar stands in one of the two."""
    from flows.steps.brief import make_brief  # noqa: PLC0415

    config = load_config(load_settings(desk))
    last = date.fromisoformat(query[-10:] or "2025-11-30")
    options = {"language": "zh" if prefix else "en", "period": "week"}
    brief = make_brief(config, now=NOW, last=last, **options)
    front = get(f"{prefix}/brief/week{query}").text
    numbers = f"{prefix}/brief/week/numbers{query}"
    assert f'href="{numbers}"' in front
    rest = get(numbers).text

    for sections, where, other in (
        (brief.front, front, rest),
        (brief.sections, rest, front),
    ):
        assert sections
        assert all(f'<h2 id="{part.key}">' in where for part in sections)
        assert not any(f'<h2 id="{part.key}">' in other for part in sections)
    rest = Links(front.partition('id="changed"')[2].partition('id="ahead"')[0]).outside
    assert not {href for href, _ in rest} & {each.urls[0] for each in brief.stories}
    assert (say("brief.open", options["language"]) in front) is not bool(query)
    json = numbers.replace("/numbers", "/numbers.json")
    mark = "&" if query else "?"
    assert get(f"{json}{mark}table=sources").json()


def test_a_past_day_is_told_as_it_was_known_then(get, query):
    """What came in later, or was published later, is not on its page."""
    day = "2025-11-27"
    rows = get(f"/{day}.json").json()
    assert rows
    known = query(
        "select story_id, count(*) from articles where first_seen_at <= "
        "timestamptz '2025-11-28 00:00:00+08' and published_at < '2025-11-28 00:00:00+08' "
        "and not is_digest group by story_id"
    )
    counts = dict(known)
    assert all(row["articles"] <= counts[row["story_id"]] for row in rows)
    assert max(row["last_published_at"] for row in rows) < "2025-11-27T16:00:00+00:00"


def test_a_day_that_was_imported_later_is_told_as_it_is_known_now(
    desk, serve_desk, tmp_path
):
    """Nobody knew of it at its end, and it has a page all the same."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    published = home / "data" / PUBLISHED_NAME
    shutil.copyfile(desk / "data" / PUBLISHED_NAME, published)
    with duckdb.connect(published) as con:
        for table in ("articles", "coverage"):
            con.execute(
                f"update {table} set first_seen_at = timestamptz '2025-11-30 07:00:00+00'"
            )
    with serve_desk(home) as address:
        answer = httpx.get(f"{address}/2025-11-27", trust_env=False, timeout=30)

    assert answer.status_code == 200
    assert "it came in later" in answer.text


@pytest.mark.parametrize("path", ["/2024-01-01", "/2025-12-25", "/zh/1999-12-31"])
def test_a_day_without_data_is_not_there(get, path):
    """Neither before the first article nor after the last."""
    assert get(path).status_code == 404


def test_the_day_before_is_the_last_with_articles(home, tell, serve_desk):
    """No link leads to a day without articles; one with none on the beat has a page."""
    old = {"url": "https://x.example/3", "title": "A lake froze", "publisher": "B"}
    new = {"url": "https://x.example/1", "title": "Baidu opens a lab", "publisher": "A"}
    tell(home, lines=(new, {**old, "published": "2026-07-30T09:00Z"}))
    with serve_desk(home) as address:

        def ask(path):
            return httpx.get(f"{address}{path}", trust_env=False, timeout=30)

        assert 'rel="prev" href="/2026-07-30"' in ask("/2026-08-04").text
        first = ask("/2026-07-30").text
        assert 'rel="next" href="/"' in first
        assert 'rel="prev"' not in first
        assert ask("/2026-08-01").status_code == 404


def test_numbers_beside_a_day_long_past_open_its_period(home, tell, serve_desk):
    """Its page counts the 90 days up to it, and not the newest."""
    old = {"url": "https://x.example/3", "title": "Baidu opens a lab", "publisher": "B"}
    new = {"url": "https://x.example/1", "title": "Baidu shows a car", "publisher": "A"}
    tell(home, lines=(new, {**old, "published": "2026-03-02T09:00Z"}))
    with serve_desk(home) as address:

        def ask(path):
            return httpx.get(f"{address}{path}", trust_env=False, timeout=30).text

        page = ask("/companies/baidu?day=2026-03-02")
        links = re.findall(
            r'href="([^"]*language=en[^"]*|[^"]*outlet=B[^"]*)" [^>]*data-n="1"', page
        )
        assert len(set(links)) > 1
        for link in set(links):
            assert 'data-total="1"' in ask(unescape(link).partition("#")[0])


def test_unknown_ids_name_what_is_near(get):
    """By id or by name, in either script."""
    assert 'href="/companies/baidu"' in get("/companies/baidoo").text
    assert 'href="/companies/baidu"' in get("/companies/百度公司").text
    assert 'href="/zh/topics/robotics"' in get("/zh/topics/robotic").text
    assert get("/stories/s000").status_code == 404


def test_an_id_without_stories_has_a_page(get, query):
    """Whoever is on the watchlist can be opened."""
    [(quiet, *_), *_] = query(
        "select company_id from companies "
        "where company_id not in (select company_id from mentions)"
    )
    answer = get(f"/companies/{quiet}")

    assert answer.status_code == 200
    assert re.search(r"None of the \d[\d,]* articles? of these days has", answer.text)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/search?q=zeppelin", r"None of the [\d,]+ articles looked at has these words"),
        ("/search?topic=ai-models&company=us-itc", "the names and words of the watchlist"),
        ("/companies/baidu?outlet=Nobody", "the × behind a filter takes it back"),
        ("/companies/baidu?since=2031-01-01&until=2031-01-02", "no data of these days"),
        (
            "/companies/zeppelin",
            r'href="/search\?q=zeppelin">look for “zeppelin” in all texts',
        ),
    ],
)
def test_none_is_told_from_not_found_by_its_names(get, path, said):
    """A page without stories says what was looked at, and where to look by words."""
    assert re.search(said, get(path).text)


def test_a_page_is_known_by_its_name_the_next_time(get):
    """Nothing is sent twice, compressed or not, nor for a parameter left empty."""
    first = get("/companies")
    again = get("/companies", headers={"If-None-Match": first.headers["etag"]})
    plain = get("/companies?kind=", headers={"Accept-Encoding": "identity"})

    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] == first.headers["etag"]
    assert plain.text == first.text
    assert get("/companies", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_round_up_says_whom_its_lines_name(get, query):
    """Counts of coverage leave it out; its own page does not."""
    [(story_id,)] = query("select story_id from articles where is_digest limit 1")
    page = get(f"/stories/{story_id}").text
    for company in ("huawei", "xpeng", "byd"):
        assert f'href="/companies/{company}"' in page


def test_the_cookbook_is_listed_by_its_questions(get):
    """Not by the last line of what explains them."""
    page = get("/sql").text
    assert "Look at readiness first when the warehouse is young</a>" in page
    assert "Who moves this week, beside the four weeks before?</a>" in page
    assert "which news is not quite" not in page.partition('id="recipes"')[2]


def test_the_sql_page_begins_with_a_question(get):
    """One of the cookbook: it is shown, and run by whoever asks."""
    page = get("/sql").text

    assert "Who moves this week" in page.partition("<textarea")[0]
    assert "from movers" in page.partition("<textarea")[2].partition("</textarea")[0]
    assert 'role="status"' not in page


def test_rows_of_a_statement_lead_to_their_pages(get):
    """Ids that have one, in lists too, and web addresses; nothing else."""
    sql = """
    select
        article_id, story_id, url, ['baidu', 'nobody'] as companies,
        'ai-models' as topic_id, 'javascript:alert(1)' as link, 'baidu' as word,
        '../x' as story_id, 'y' as article_id
    from articles order by story_id limit 1
    """
    row = get("/sql", params={"q": sql}).text.partition("<tbody>")[2].partition("</tr>")[0]
    found = Links(row)
    article, story, company, topic = (href for href, _ in found.found)

    assert article == story
    assert story.startswith("/stories/")
    assert (company, topic) == ("/companies/baidu", "/topics/ai-models")
    assert [given["rel"] for _, given in found.outside] == ["noreferrer noopener"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_error_of_a_statement_stands_below_its_place(get, end):
    """Where the line is, a wide character is as wide as two."""
    answer = get("/sql", params={"q": f"select 1,{end}  '小米', nope from companies"})
    line, below = answer.text.partition('tabindex="0">')[2].splitlines()[:2]

    assert answer.status_code == 400
    assert (unescape(line), below) == (
        "  '小米', nope from companies",
        "   \u3000\u3000   ^</pre>",
    )


def test_tables_are_there_for_programs(get):
    """JSON, CSV with the line ends of the shell, and Atom with addresses that lead back."""
    rows = get("/today.json").json()
    lines = get("/today.csv").text
    feed = ET.fromstring(get("/today/atom").content)

    assert "\r" not in lines
    assert [r["story_id"] for r in csv.DictReader(io.StringIO(lines))] == [
        row["story_id"] for row in rows
    ]
    entries = feed.findall(f"{ATOM}entry")
    dates = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert dates == sorted(dates, reverse=True)
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert all(get(link).status_code == 200 for link in links[:3])


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/today.json?table=nothing", 400, "it has stories"),
        ("/zh/companies/baidoo.json", 404, "baidoo"),
        ("/search.json?qq=1", 400, "did you mean “q”?"),
        ("/nope.json", 404, "address"),
        ("/companies/baidoo.csv", 404, "baidoo"),
        ("/trends.svg?weeks=no", 400, "weeks"),
        ("/search/atom?qq=1", 400, "qq"),
    ],
)
def test_programs_are_told_what_is_wrong_as_data(get, path, status, said):
    """JSON where they ask for JSON, else a line of text: never a page."""
    answer = get(path)

    assert answer.status_code == status
    assert "<html" not in answer.text
    if ".json" in path:
        told = answer.json()
        assert told["error"]
        assert said in told["detail"]
    else:
        assert answer.headers["content-type"].startswith("text/plain")
        assert said in answer.text


def test_a_search_with_a_name_has_a_page_and_a_feed(desk, serve_desk, tmp_path):
    """It finds what its words find; one that is not there names those that are."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    os.link(desk / "data" / PUBLISHED_NAME, home / "data" / PUBLISHED_NAME)
    (home / "searches.toml").write_text(
        '[search.baidu]\nname = "Baidu & <co>"\nwords = "baidu"\n', encoding="utf-8"
    )
    with (
        serve_desk(home, runs_url="http://127.0.0.1:4200") as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        named, typed = (
            client.get("/searches/baidu.json"),
            client.get("/search.json?q=baidu"),
        )
        feed = ET.fromstring(client.get("/searches/baidu/atom").content)
        listed, gone = client.get("/search").text, client.get("/searches/baido")
        (home / "searches.toml").write_text("[search.x]\nword = 1\n", encoding="utf-8")
        wrong = client.get("/searches/x")

    assert named.json() == typed.json() != []
    assert feed.findtext(f"{ATOM}title") == "Baidu & <co> · Sinowire"
    own = [link.get("href") for link in feed.findall(f"{ATOM}link")]
    assert own == [f"{address}/searches/baidu/atom"]
    assert 'href="/searches/baidu">Baidu &amp; &lt;co&gt;</a>' in listed
    assert '<a href="http://127.0.0.1:4200" rel="noreferrer">' in listed
    assert (gone.status_code, '"/searches/baidu"' in gone.text) == (404, True)
    assert (wrong.status_code, "searches.toml" in wrong.text) == (503, True)


def test_a_search_for_topics_off_the_beat_says_what_is_not_looked_for(get):
    """On the beat everything is, and so is what names a company."""
    said = "not looked for in what is off the beat"

    assert said in get("/search?topic=robotics&all=1").text
    assert said not in get("/search?topic=robotics").text
    assert said not in get("/search?q=baidu&topic=robotics&all=1").text


def test_words_that_are_everywhere_are_searched_among_the_latest_days(get, monkeypatch):
    """The page says so, and leads to all years."""
    monkeypatch.setattr("flows.web.pages.stories.PLENTY", {14: 1})
    # In letters in which no other test asks: a page that was made is kept.
    late, ever = get("/search?q=BAIDU"), get("/search?q=BAIDU&ever=1")
    number = re.compile(r'data-total="(\d+)">')
    words = Links(late.text.partition("<aside")[2]).found[0][0]

    assert "of the last 14 days" in late.text
    assert "of the last" not in ever.text
    assert int(number.search(late.text)[1]) < int(number.search(ever.text)[1])
    assert "&since=" in words  # what narrows it goes on with its days


@pytest.mark.parametrize("path", ["/search?q=baidu", "/zh/search?q=百度&sort=newest"])
def test_a_facet_opens_as_many_stories_as_it_counts(get, path):
    """Of every kind; what is asked for already is offered to take away instead."""
    number = re.compile(r'id="stories"><span data-total="(\d+)')
    aside = get(path).text.partition("<aside")[2]
    rows = re.findall(
        r'="board-by-(\w+)"|<td class="number"><a href="([^"]+)"[^>]*>([\d,]+)',
        aside,
    )
    kinds, kind = {}, ""
    for begins, href, count in rows:
        kind = begins or kind
        if href and len(kinds.setdefault(kind, [])) < 2:
            page = get(unescape(href)).text
            kinds[kind].append(href)
            assert number.search(page)[1] == count, (kind, href)
            assert f'id="board-by-{kind}"' not in page or kind == "week"
            assert 'class="on"' in page
    assert set(kinds) == {"company", "topic", "event", "outlet", "language", "week"}


def test_a_brief_links_to_no_day_before_the_first(get, query):
    """Of the first days there is none before; of the next there is."""
    [(first,)] = query("select min(day) from article_days")
    early, later = (
        get(f"/brief/week?until={first + timedelta(days=days)}").text for days in (3, 7)
    )

    assert 'rel="prev"' not in early
    assert f'rel="prev" href="/brief/week?until={first}"' in later


def test_a_slip_is_asked_about_and_a_name_leads_to_its_page(get):
    """A near name where little is found; pages of what begins with it, or is called it."""
    slip, part = get("/search?q=Baidoo+robots").text, get("/zh/search?q=百度").text

    assert 'href="/search?q=Baidu+robots"' in slip
    assert 'href="/companies/baidu"' in slip.partition("Did you mean")[2]
    assert "Did you mean" not in get('/search?q="baidu"').text
    assert 'class="open" href="/zh/companies/baidu"' in part
    assert "Did you mean" not in get("/search?q=baidu").text


def test_what_changed_is_told_beside_the_day_before(get, query):
    """Each number opens its stories and is that of the 24 hours."""
    page = get("/").text
    board = page[page.index('id="changed"') :].partition("</section>")[0]
    found = re.findall(
        r'href="(/\w+/[\w-]+)\?hours=24#stories" data-n="(\d+)">.*was (\d+)', board
    )

    assert found
    for path, number, before in found:
        assert number != before
        assert len(get(f"{path}.json?hours=24").json()) >= min(int(number), 30)


def test_a_page_of_a_calendar_day_keeps_to_the_calendar(get):
    """Its times are of the zone that its day is of, and it says which one."""
    page = get("/2025-11-27").text

    assert ">Asia/Shanghai</span></h1>" in page
    assert "times in Asia/Shanghai" in page
    # Without a date: they are all of that day, or say of which.
    assert re.search(r">\d\d:\d\d</time>", page)


def test_the_outlets_own_clock_shows_where_a_time_is_pointed_at(get, query):
    """In the zone of the feed that brought the article."""
    [(story, published, zone)] = query(
        "select story_id, arg_min(published_at, published_at), "
        "arg_min(timezone, published_at) from articles join feeds using (feed_id) "
        "where not is_digest group by story_id order by story_id limit 1"
    )
    told = f"{published.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"

    assert f'title="{told}"' in get(f"/stories/{story}").text


def test_times_are_told_in_the_zone_asked_for(get):
    """In the reporting zone by default; a link keeps the zone that was asked for."""
    here, there = get("/").text, get("/?zone=America/New_York").text

    assert "16:00" in here  # NOW is 08:00 UTC
    assert "03:00" in there
    assert 'href="/companies?zone=America%2FNew_York"' in there


def test_two_lines_of_what_was_said_stand_beneath_a_headline(told, serve_desk):
    """On the story, in search with what matched, for feed readers; and no stock phrase."""
    said = "Two hundred engineers of Baidu move in this autumn, the company said."
    marked = said.replace("Baidu", "<mark>Baidu</mark>")
    with (
        serve_desk(told) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=60) as client,
    ):
        found = client.get("/search?q=baidu").text
        path = re.search(r'<a class="open" href="(/stories/[^"]*)"', found)[1]
        assert f'<p class="said"><bdi>{marked}</bdi></p>' in found
        assert f'<p class="said"><bdi>{said}</bdi></p>' in client.get(path).text
        assert f'<bdi lang="en">{said}</bdi>' in client.get(f"/zh{path}").text
        assert escape(marked) in client.get("/search/atom?q=baidu").text
        for page in (found, client.get(path).text):
            assert "Read more" not in page


def test_a_firms_share_is_of_this_week_or_none(get, query):
    """A firm that was told of before, and not in the last seven days, has 0 of them."""
    [(last,)] = query("select max(day) + 1 from article_days")
    found = query(
        "select company_id from share_every(7, $1::date - 84, $1::date) where not is_peer "
        "group by company_id having max(start) < $1::date - 7 order by company_id",
        last,
    )
    assert found
    for (firm,) in found[:2]:
        page = re.sub("<[^>]*>", "", get(f"/companies/{firm}").text)
        assert re.search(r"of company stories on the beat, 7 days\s*0\.0 % 0\.0–", page), (
            firm
        )
        assert page.count("so far") == 1
        past = get(f"/companies/{firm}?since=2025-10-01&until=2025-11-01").text
        assert "so far" not in past


def test_trends_compare_the_firms_asked_for(get, query):
    """By id or name in either language, as page, table and picture of the same numbers."""
    first, second = [
        firm
        for (firm,) in query(
            "select company_id from share_of_voice where not is_peer "
            "group by company_id order by sum(stories) desc, company_id limit 2"
        )
    ]
    [(name,)] = query(f"select name_zh from companies where company_id = '{first}'")
    asked = f"companies={name},{second.upper()}&weeks=3"
    rows = get(f"/trends.json?{asked}").json()
    assert [row["company_id"] for row in rows] == [first] * 3 + [second] * 3
    assert [row["share"] for row in get(f"/trends.json?table=voice&{asked}").json()] == [
        row["share"] for row in rows
    ]
    picture = get(f"/trends.svg?{asked}")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    known = [row for row in rows if row["share"] is not None]
    assert picture.text.count("<circle") == len(known) > 0
    page = get(f"/zh/trends?{asked}").text
    assert f">{name} {100 * rows[2]['share']:.1f}" in page
    assert escape(f"/zh/trends.svg?{asked}".partition("?")[0]) in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("companies=huawie", "did you mean &#39;huawei&#39;"),
        ("companies=samr", "only firms are compared"),
        ("weeks=99", "a number from 1 to 52"),
        ("companies=huawei,xiaomi,byd,tencent,baidu,jd,meituan", "at most 6"),
    ],
)
def test_what_cannot_be_compared_is_refused(get, query, said):
    """With the nearest name, or what there is."""
    answer = get(f"/trends?{query}")
    assert answer.status_code == 400
    assert said in answer.text


def test_alerts_of_a_rule_say_what_it_demands_and_how_to_try_it(get, query):
    """With the id of each; of a rule that is no more, that it is none."""
    [(rule, alert), *_] = query(
        "select rule_id, alert_id from alerts where kind = 'mention' order by alert_id"
    )
    page, chinese = get(f"/alerts?rule={rule}").text, get(f"/zh/alerts?rule={rule}").text

    assert f"sinowire alerts backtest --rule {rule}" in page
    assert "<dt>sent to</dt>" in page
    assert "<dt>发送至</dt>" in chinese
    assert "mute_until = 2025-12-07" in page
    assert f"<code>{alert}</code>" in page
    assert "no such rule" in get("/alerts?rule=none").text


def test_what_needs_more_days_has_a_word_in_either_language(query):
    """Pages and briefs name what has too little history."""
    relations = {f"relation.{name}" for (name,) in query("select relation from readiness")}
    for language in ("en", "zh"):
        assert relations <= phrases(language).keys()


def test_outlets_of_trends_lead_to_their_stories(get):
    """Those of the 28 days that the tables of outlets tell of."""
    link = r'href="(/search\?outlet=[^"]+&amp;since=2025-11-03&amp;until=2025-11-30)"'
    [first, *_] = re.findall(link, get("/trends").text)

    assert re.search(r'data-total="[1-9]', get(unescape(first)).text)


def test_every_column_of_trends_has_a_word_in_either_language(desk):
    """None is shown by its name in SQL."""
    params = {"since": NOW.date(), "until": NOW.date(), "limit": 1, "subjects": None}
    params["as_of"] = NOW
    boards = [each for each in load("trends") if f"trend.{each}" in phrases("en")]
    assert len(boards) == 11
    with open_published(desk / "data" / PUBLISHED_NAME) as con:
        for board in boards:
            told = con.execute(filled(f"trends.{board}", params)).description
            for column in {column for column, *_ in told} - NEEDLESS:
                assert f"head.{column}" in phrases("en").keys() & phrases("zh").keys(), (
                    board
                )
