"""The page of a brief in a real browser: on a phone and a desk, light, dark and printed."""

from __future__ import annotations

import itertools
from pathlib import Path

import chromium
import pytest

pytestmark = [chromium.NEEDED, pytest.mark.slow]

# Colours are blended over what lies behind them; of a gradient the worst stop counts.
CONTRAST = r"""
(() => {
  const parse = (text) => (text.match(/(?:rgba?|color)\([^)]*\)/g) || []).map((one) => {
    const n = one.replace('color(srgb', '').match(/-?[\d.]+(?:e-?\d+)?/g).map(Number);
    const of = one.startsWith('color') ? 1 : 255;
    return [n[0] / of, n[1] / of, n[2] / of, n.length > 3 ? n[3] : 1];
  });
  const over = (top, below) =>
    [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = (element) => {
    if (!element) return [[1, 1, 1, 1]];
    const style = getComputedStyle(element);
    const own = [...parse(style.backgroundColor), ...parse(style.backgroundImage)];
    return behind(element.parentElement)
      .flatMap((below) => own.map((color) => over(color, below)));
  };
  const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) =>
    sum + weight * (c[i] <= 0.03928 ? c[i] / 12.92 : ((c[i] + 0.055) / 1.055) ** 2.4), 0);
  const ratio = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  document.querySelectorAll('details').forEach((details) => { details.open = true; });
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const poor = [];
  let seen = 0;
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.closest('title, desc, style')) continue;
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [ink] = parse(element.closest('svg') ? style.fill : style.color);
    const worst = Math.min(...behind(element).map((back) => ratio(over(ink, back), back)));
    seen += 1;
    if (worst < 4.5) poor.push(`${worst.toFixed(2)} ${text.slice(0, 40)}`);
  }
  return { seen, poor };
})()
"""
STRUCTURE = r"""
(() => {
  const all = (path) => [...document.querySelectorAll(path)];
  const levels = all('h1, h2, h3, h4, h5, h6').map((h) => Number(h.tagName[1]));
  const han = /[\u3400-\u9fff]/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const unspoken = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const spoken = element.closest('[lang]').lang;
    if (han.test(walker.currentNode.data) && !spoken.startsWith('zh')
        && !element.closest('pre')) unspoken.push(walker.currentNode.data.trim());
  }
  return {
    ones: levels.filter((n) => n === 1).length,
    skipped: levels.filter((n, i) => i && n > levels[i - 1] + 1),
    bare: all('table').filter((t) => !t.caption || !t.querySelector('thead th[scope=col]')
      || !t.querySelector('tbody th[scope=row]')).map((t) => t.innerText),
    hidden_links: all('.opening li a, p a').filter((a) =>
      getComputedStyle(a).textDecorationLine === 'none'
      && getComputedStyle(a).fontWeight < 600).map((a) => a.innerText),
    parts_of_pictures: all('svg [role], svg [aria-label]').length,
    language: document.documentElement.lang,
    unspoken,
  };
})()
"""
NEED_A_NAME = {"link", "DisclosureTriangle", "image", "img", "table", "heading", "region"}


@pytest.fixture
def show(browser):
    """Open a page in a window of its own."""
    contexts = []

    def call(file, *, width=1280, scheme="light", media="screen", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, is_mobile=width < 600, **options
        )
        context.set_default_timeout(chromium.PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.emulate_media(color_scheme=scheme, media=media)
        page.goto(file.as_uri())
        return page

    yield call
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def file_of(page_of, tmp_path_factory):
    """Return a file that holds the page."""
    folder = tmp_path_factory.mktemp("pages")

    def call(period, language) -> Path:
        file = folder / f"{period}-{language}.html"
        file.write_text(page_of(period, language), encoding="utf-8")
        return file

    return call


BRIEFS = pytest.mark.parametrize(
    ("period", "language"), list(itertools.product(("day", "week"), ("en", "zh")))
)


@BRIEFS
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_can_be_read_on_any_screen(show, file_of, period, language, width, scheme):
    """Nothing to scroll sideways, folded rows included; all text at 4.5 to 1 or better."""
    page = show(file_of(period, language), width=width, scheme=scheme)

    found = page.evaluate(CONTRAST)

    assert found["poor"] == []
    assert found["seen"] > 200
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_pale_colour_is_noticed(show, file_of):
    page = show(file_of("day", "en"))
    page.evaluate("document.documentElement.style.setProperty('--muted', '#898f96'), true")

    assert page.evaluate(CONTRAST)["poor"] != []


@BRIEFS
def test_it_can_be_heard(show, file_of, period, language):
    """One title, no level of headings left out, tables with heads, tongues marked."""
    page = show(file_of(period, language))

    assert page.evaluate(STRUCTURE) == {
        "ones": 1, "skipped": [], "bare": [], "unspoken": [],
        "hidden_links": [], "parts_of_pictures": 0,
        "language": {"en": "en", "zh": "zh-Hans"}[language],
    }  # fmt: skip


@BRIEFS
def test_everything_that_can_be_used_has_a_name(show, file_of, period, language):
    """Links, folds, charts and tables, as the browser tells them to a screen reader."""
    page = show(file_of(period, language))
    devtools = page.context.new_cdp_session(page)
    nodes = devtools.send("Accessibility.getFullAXTree")["nodes"]

    roles = {}
    for node in nodes:
        if not node["ignored"]:
            name = node.get("name", {}).get("value", "").strip()
            roles.setdefault(node["role"]["value"], []).append(name)

    assert {"link", "DisclosureTriangle", "image", "table", "heading"} <= set(roles)
    assert {role for role in NEED_A_NAME if "" in roles.get(role, ())} == set()
    regions = [name.lower() for name in roles["region"]]
    assert len(set(regions)) == len(regions)


def test_it_works_without_scripts(show, file_of):
    """All of it is there, and a fold opens by the browser alone."""
    opens = "document.querySelectorAll('details[open]').length"
    page = show(file_of("week", "en"), java_script_enabled=False)
    before = page.evaluate(opens)
    page.locator("summary").first.click(position={"x": 9, "y": 9})

    assert (before, page.evaluate(opens)) == (0, 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_paper_it_is_black_on_white(show, file_of, scheme):
    """Whoever prints from a dark desk saves ink; what only a screen can use is left out."""
    page = show(file_of("week", "en"), scheme=scheme, media="print")

    assert (
        page.evaluate("getComputedStyle(document.body).backgroundColor")
        == "rgb(255, 255, 255)"
    )
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    )
    assert page.evaluate(CONTRAST)["poor"] == []
