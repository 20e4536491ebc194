"""The desk in a browser, as an analyst uses it in the morning."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files

import chromium
import pytest
from newsroom import DAY, NOW

from flows.setting_kinds import TranslateSettings
from flows.settings import load_settings
from flows.web.access import writing_token
from flows.web.pages import PAGES
from transforms.models import FullText, Translated
from warehouse.file.connect import PRIVATE_NAME, PUBLISHED_NAME, writer
from warehouse.file.publish import publish
from warehouse.news.texts import store_full_texts as keep_pages
from warehouse.news.texts import store_translations as keep_translations

pytestmark = [chromium.NEEDED, pytest.mark.xdist_group("browser"), pytest.mark.slow]
STORY = "/stories/"
OF_LATE = """
select article_id, seq, url, content_hash, title, language from articles
where first_seen_at > $since and not is_digest
"""
PAGE = "A page goes on where its headline ends. " * 9
# Addresses of pages that ask for something. Of those without one, a story and the form that
# corrects it come besides, a day has today's template, and the newsroom named no search.
EXAMPLES = {
    "/companies/{id}": ("/companies/baidu",),
    "/topics/{id}": ("/topics/ai-models",),
    "/people/{id}": ("/people/robin-li",),
    "/brief/{period}": ("/brief/day",),
    "/brief/{period}/numbers": ("/brief/week/numbers",),
    "/search": ("/search?q=baidu",),
    "/cite": ("/cite?q=share_between('2025-11-01',+'2025-12-01')",),
    "/sql": ("/sql?q=from+companies+limit+3",),
    "/stories/{story_id}": (),
    "/verdicts/new": (),
    "/{day:day}": (),
    "/searches/{id}": (),
}
EVERY_PAGE = (
    *(path for page in PAGES for path in EXAMPLES.get(page.path, (page.path,))),
    "/nope",
)
UNFOLD = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"
WIDTH = "document.documentElement.scrollWidth"
# Of what is well, not even the names come back: they are most of a report's time.
AXE = """(tags) =>
  axe.run({ runOnly: tags, resultTypes: ['violations'] }).then((told) => told.violations)
"""
# Of neighbours of one make, which differ in their words alone, the first five stay.
THIN = """() => {
  const make = (node) => node.nodeType === Node.TEXT_NODE ? '' : node.nodeName
    + [...node.attributes ?? []].map(({ name, value }) =>
      name + (['class', 'lang', 'role', 'type'].includes(name) ? value : ''))
    + '(' + [...node.childNodes].map(make) + ')';
  for (const parent of document.querySelectorAll('body *')) {
    const seen = {};
    for (const child of [...parent.children]) {
      const made = make(child);
      seen[made] = (seen[made] ?? 0) + 1;
      if (seen[made] > 5) child.remove();
    }
  }
}"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def open_page(browser, desk_url, token):
    """Open the desk in a window of its own; what the policy refused fails the test."""
    contexts, refused = [], []

    def call(path="/", **options):
        password = {"username": "ann", "password": options.pop("token", token)}
        context = browser.new_context(
            base_url=desk_url,
            timezone_id="Asia/Shanghai",
            http_credentials=password,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: refused.append(said.text))
        page.goto(path)
        return page

    yield call
    for context in contexts:
        context.close()
    assert [text for text in refused if "Security Policy" in text] == []


def test_an_analysts_morning(open_page):
    """Today, a story, a company, the bar of a day, its stories, SQL, a table."""
    page = open_page()
    title = page.locator(".stories h2 a").first.inner_text()
    page.locator(".stories h2 a").first.click()
    assert page.locator("h1").inner_text() == title
    assert page.locator(".articles li").count() >= 1
    page.locator("aside a[href*='/companies/']").first.click()
    assert "/companies/" in page.url
    page.locator("svg.bars a").last.click()
    assert re.search(r"day=\d{4}-\d\d-\d\d#stories", page.url)
    bar = page.locator("svg.bars rect.current").count()
    assert bar == 1
    assert page.locator(".stories li").count() >= 1
    page.locator("figcaption a.sql").click()
    assert "company_coverage" in page.locator("textarea").input_value()
    assert page.locator("table.numbers tbody tr").count() >= 1
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV", exact=True).first.click()
    assert coming.value.path().read_text("utf-8").startswith("day,stories,")


def test_a_search_in_either_script_finds_the_company(open_page):
    """By its English name or its Chinese one, from any page, without a script too."""
    for path, word in (("/feeds", "Baidu"), ("/zh/", "百度")):
        page = open_page(path, java_script_enabled=False)
        page.locator("header input[name=q]").fill(word)
        page.locator("header button").click()
        assert page.locator(".stories li").count() >= 1
        assert page.locator("a[href*='/companies/baidu']").count() >= 1


def test_everything_is_there_without_a_script(open_page):
    """Pages, filters, folded lists: nothing waits for the script."""
    page = open_page(java_script_enabled=False)
    assert page.locator(".stories > li").count() >= 10
    page.locator(".filters summary").click()
    page.locator(".filters a", has_text="Chinese").click()
    assert "language=zh" in page.url
    assert page.locator(".stories > li").count() >= 1
    page.goto("/companies/baidu")
    page.locator("figure summary").click()
    page.locator("figure td a").first.click()
    assert page.locator(".choices .on").count() == 1


def test_keys_walk_the_list(open_page):
    """J and k move, o opens, / searches, ? tells the keys."""
    page = open_page()
    for key in "jjjk":
        page.keyboard.press(key)
    chosen = page.locator(".stories li.at a.open")
    assert chosen.count() == 1
    second = page.locator(".stories > li > article > h2 a").nth(1)
    assert chosen.get_attribute("href") == second.get_attribute("href")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("jo")
    assert page.locator("#q").input_value() == "jo"
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    page.wait_for_url("**/stories/*")


def test_what_is_hidden_and_new_this_browser_alone_remembers(open_page):
    """H hides and shows again; numbers stay; what came since the last look is marked."""
    page = open_page("/zh/companies/baidu")
    story = page.locator(".stories > li")
    first, second = (story.nth(n).get_attribute("data-story") for n in (0, 1))
    assert page.locator(".fresh").count() == 0  # at first all would be
    page.keyboard.press("j")
    page.keyboard.press("h")
    assert page.locator(".stories > li.at").get_attribute("data-story") == second
    page.goto("/companies/baidu")
    assert not page.locator(f"[data-story='{first}']").is_visible()
    assert page.locator(f"[data-story='{second}']").evaluate("row => row.value") == 2
    assert page.locator(".since").inner_text().startswith("1 hidden here")
    page.locator(".since button").click()
    page.keyboard.press("j")
    page.keyboard.press("h")
    assert page.locator(".put-away, .since").count() == 0

    arrived = page.evaluate(
        "[...document.querySelectorAll('li')].map(x => x.dataset.arrived)"
    )
    before = sorted(int(at) for at in arrived if at)[-3]
    look = f"{{before: 0, at: {before}, when: Date.now() - 3_600_000}}"
    page.evaluate(f"localStorage.setItem('sinowire.looked', JSON.stringify({look}))")
    page.reload()
    fresh = page.locator(".fresh").count()
    assert 0 < fresh < story.count()
    assert page.locator(".since").inner_text().startswith(f"{fresh} new or grown since")
    assert violations(page, ("/companies/baidu",)) == {}
    page.locator(".since button").click()
    page.reload()
    assert page.locator(".fresh, .since").count() == 0


def test_no_page_scrolls_sideways(open_page):
    """On a phone, with letters of 200 % and on a tablet, in either language.

    All of it is folded open.
    """
    page = open_page()
    form = form_of(page.locator(".stories h2 a").first.get_attribute("href"))
    for path in (*EVERY_PAGE, form):
        for prefix in ("", "/zh"):
            answer = page.goto(prefix + path)
            assert answer.ok or path == "/nope", path
            page.evaluate(UNFOLD)
            for width in (360, 640):
                page.set_viewport_size({"width": width, "height": 800})
                wide = page.evaluate(WIDTH)
                assert wide <= width, (prefix + path, width, wide)
            page.set_viewport_size({"width": 390, "height": 800})
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            wide = page.evaluate(WIDTH)
            assert wide <= 390, (prefix + path, "large letters", wide)


@pytest.mark.parametrize(
    ("prefix", "scheme", "width", "paths", "is_whole"),
    [
        ("", "light", 1280, EVERY_PAGE[1:], True),
        ("/zh", "dark", 390, EVERY_PAGE[1:], False),
        ("", "dark", 1280, ("/sql?q=from+companies+limit+3",), False),
        ("/zh", "light", 390, ("/search?q=baidu",), False),
    ],
)
def test_nothing_stands_in_anybodys_way(open_page, prefix, scheme, width, paths, is_whole):
    """Axe finds no violation of WCAG 2.2 A and AA, nor of best practice.

    Each page is looked at in one language and theme, as broad as a desk; in the other
    ones, narrow as a phone; today's and a story's in all four. Every row is looked at once;
    in other languages and themes, the first rows of a kind stand for the others.
    """
    page = open_page(
        prefix + "/", color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    story = page.locator(".stories h2 a").first.get_attribute("href")
    paths = (*(prefix + path for path in paths), prefix + "/", story, form_of(story))
    assert violations(page, paths, is_whole=is_whole) == {}


def form_of(story):
    """Return the address of the form that corrects a story."""
    return story.replace("/stories/", "/verdicts/new?story=")


def test_two_keys_and_a_click_correct_a_story(open_page, told, serve_desk):
    """J, x and a button; the reader is back at the line, which tells when it is applied."""
    with serve_desk(told) as address:
        token = writing_token(load_settings(told))
        page = open_page(f"{address}/search?q=baidu", token=token)
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.get_by_role("button", name="Not about Baidu").click()
        page.wait_for_url(f"{address}/search?q=baidu&said=*")
        page.locator('.notice[data-key="said.applied"]').wait_for(timeout=60_000)
        assert page.locator(".stories > li").count() == 0
        page.goto(f"{address}/verdicts")
        assert page.locator(".stories > li .state").inner_text() == "applied"
        undo = page.locator("a.correct").get_attribute("href")
        assert violations(page, (f"{address}/verdicts", address + undo)) == {}
        page.get_by_role("button", name="Take it back").click()
        page.locator('.notice[data-key="said.applied"]').wait_for(timeout=60_000)
        page.goto(f"{address}/search?q=baidu", wait_until="load")
        assert page.locator(".stories > li").count() == 1


ELSEWHERE = """<form method="post" action="{}/verdicts">
<input name="about" value="story:x"><button name="verdict" value="off-beat">Win</button>
</form>"""


def test_a_form_elsewhere_corrects_nothing(open_page, desk_url, web):
    """In a browser that is signed in: from another port, and from a page of no origin."""
    form = {"body": ELSEWHERE.format(desk_url).encode(), "content_type": "text/html"}
    web.page("/", **form)
    web.page("/null", **form, headers={"Content-Security-Policy": "sandbox allow-forms"})
    page = open_page()
    page.locator("a.correct").first.click()
    for path, origin in (("/", web.url), ("/null", "null")):
        page.goto(web.url + path)
        with page.expect_response(f"{desk_url}/verdicts") as coming:
            page.get_by_role("button", name="Win").click()
        assert coming.value.status == 403
        assert coming.value.request.headers["origin"] == origin


def test_enter_in_a_field_says_nothing(open_page):
    """Who gives a reason and presses Enter has not chosen yet; without a script too."""
    page = open_page(java_script_enabled=False)
    page.locator("a.correct").first.click()
    page.locator("input[name=why]").fill("because")
    page.keyboard.press("Enter")
    assert "/verdicts/new?story=" in page.url


def violations(page, paths, *, is_whole=True):
    """Return what axe finds on pages, by path and rule, with what it was found on."""
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    found = {}
    for path in paths:
        page.goto(path)
        # What is folded away is looked at as well.
        page.evaluate(UNFOLD)
        if not is_whole:
            page.evaluate(THIN)
        page.evaluate(axe)
        for violation in page.evaluate(AXE, WCAG):
            nodes = [node["html"][:200] for node in violation["nodes"][:3]]
            found[path, violation["id"]] = (violation["help"], nodes)
    return found


@pytest.fixture(scope="module")
def rich_url(desk, serve_desk, tmp_path_factory):
    """The newsroom's desk with official acts, excerpts and translated headlines."""
    home = tmp_path_factory.mktemp("rich") / "home"
    shutil.copytree(desk, home)
    private = home / "data" / PRIVATE_NAME
    if not private.exists():  # on a lake: what it published is a warehouse as well
        shutil.copyfile(home / "data" / PUBLISHED_NAME, private)
    with writer(home / "data", command="test") as con:
        con.execute("update feeds set kind = 'official' where feed_id = 'zhengce'")
        told = con.execute(OF_LATE, {"since": NOW - DAY}).fetchall()
        pages = [
            FullText(
                article_id=article_id, fetched_at=NOW, url=url, outcome="read",
                attempts=0, next_try_at=None, content_hash=content_hash, text=PAGE,
                search_text=PAGE.lower(),
            )
            for article_id, _, url, content_hash, *_ in told
        ]  # fmt: skip
        keep_pages(con, pages, {article_id: seq for article_id, seq, *_ in told})
        for into, text in (("en", "A headline in English"), ("zh", "中文标题")):
            titles = {title for *_, title, language in told if language != into}
            made = [Translated(title=title, text=text) for title in sorted(titles)]
            keep_translations(con, made, into, made_by="test", made_at=NOW)
    publish(home / "data")
    with serve_desk(home, translate=TranslateSettings(command="cat")) as address:
        yield address


@pytest.mark.parametrize(
    ("prefix", "scheme", "width"), [("", "dark", 1280), ("/zh", "light", 390)]
)
def test_acts_translations_and_excerpts_stand_in_nobodys_way(
    open_page, rich_url, prefix, scheme, width
):
    """What the newsroom's own home does not have, on the pages that show it."""
    page = open_page(
        f"{rich_url}{prefix}/acts",
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )
    acts = page.locator(".stories > li").count()
    page.goto(f"{rich_url}{prefix}/")
    translated = page.locator(".stories article:has(h2 .tag) h2 a")
    story = translated.first.get_attribute("href")
    page.goto(rich_url + story)
    excerpts = page.locator(".excerpt").count()

    assert acts >= 1
    assert excerpts >= 1
    assert violations(page, (f"{rich_url}{prefix}/acts", rich_url + story)) == {}


def test_what_stands_in_the_way_is_found(open_page):
    """A walk that could find nothing would prove nothing: a pale word, a field unnamed."""
    page = open_page("/nope")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))

    found = {violation["id"] for violation in page.evaluate(AXE, WCAG)}
    assert {"color-contrast", "label"} <= found


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "UTC", "Pacific/Kiritimati"])
def test_a_day_is_one_day_wherever_it_is_read(browser, desk_url, zone):
    """Title, heading, the day before and the clock are those of the reporting zone."""
    context = browser.new_context(base_url=desk_url, timezone_id=zone)
    page = context.new_page()
    for path, day, clock in (
        ("/", "Sunday, 30 Nov 2025", "16:00"),
        ("/zh/", "2025年11月30日 星期日", "16:00"),
        ("/2025-11-27", "Thursday, 27 Nov 2025", "28 Nov, 00:00"),
    ):
        page.goto(path)
        assert page.title().startswith(f"{day} · ")
        assert page.locator("h1").inner_text() == f"{day} Asia/Shanghai"
        before = page.locator("a[rel=prev]").first.get_attribute("href")
        assert before.endswith("/2025-11-26" if path[1:5] == "2025" else "/2025-11-29")
        assert page.locator("footer time").inner_text() == clock
        assert "Asia/Shanghai" in page.locator("footer").inner_text()
    context.close()


def test_a_clock_that_is_asked_for_is_no_other_day(browser, desk_url):
    """By the address or the setting: no heading moves."""
    context = browser.new_context(base_url=desk_url, timezone_id="Pacific/Kiritimati")
    page = context.new_page()
    page.goto("/?zone=Pacific/Honolulu")
    told = page.locator("footer time").inner_text(), page.locator("h1").inner_text()
    page.goto("/brief/day?zone=Pacific/Honolulu")
    brief = page.locator("footer").inner_text(), page.locator("h1").inner_text()
    context.close()

    assert told == ("29 Nov, 22:00", "Sunday, 30 Nov 2025 Asia/Shanghai")
    assert "Asia/Shanghai" in brief[0]
    assert "16:00" in brief[1]
