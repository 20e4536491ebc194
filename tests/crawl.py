"""A crawl of the desk: each number opens what it says, and no link is dead.

A link that counts something says how much in ``data-n``, and a list its total in
``data-total``; a link whose text is a number without it, or a number that opens a page
without a total, is a fault. Of pages that stand alone so many numbers of each kind are
opened, of pages that are many (of a company, a day, a filter) so many of each kind.
Whole, each number is followed: some of each kind to the page, the others to its total
(``counts``). ``python tests/crawl.py HOME`` crawls the desk of a home whole.
"""

from __future__ import annotations

import gzip
import re
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import lxml.html
from counts import Counts, told
from serving import served

from flows.settings import load_settings
from flows.web.access import writing_token

NUMBER = re.compile(r"\d[\d,]*")
FORMS = re.compile(r"(\.json|\.csv|\.svg|/atom)$")
SECTIONS = ("companies", "topics", "people")
IDS = ("company_id", "topic_id", "subject_id", "publisher", "day")
# Columns that are called so in both languages.
SIGNS = {"NPMI", "z", "p", "q", "SQL", "×"}
SUBJECT = re.compile(r"(?:/zh)?/(?:companies|topics|people)/([^/?#]+)")
COLUMN = re.compile(r"\b[a-z]+_[a-z_]+\b")
# Of what marks a text's language: escaped twice.
MARKUP = re.compile(r"</(?:span|bdi)>")
DICTIONARY = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
COLUMNS = frozenset(COLUMN.findall(DICTIONARY.read_text(encoding="utf-8")))
# What is no label: code, and what a reader types.
NO_LABEL = {"script", "style", "title", "option", "textarea", "code", "pre"}
# Tables of stories that no page lists.
CLOSED = {"source_league", "voice"}
# What a page may weigh on its way.
WEIGHT = 60_000
OK = 200
ALL = sys.maxsize
# Whole, so many of each kind are opened as pages; of statements, each in a process, one.
OPENED, STATEMENTS, STRAYS = 2, 1, 20


@dataclass(frozen=True)
class Number:
    """A number that opens something."""

    page: str
    said: int
    href: str


@dataclass
class Opened:
    """A page: its total, numbers, other links, labels and visible words."""

    status: int = 200
    total: int | None = None
    numbers: list[Number] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    named: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""


def kind_of(href):
    """Return what pages are alike: the path without ids, and the names of parameters."""
    parts = urlsplit(href)
    path = re.sub(r"/\d{4}-\d\d-\d\d", "/DAY", parts.path)
    path = re.sub(
        r"^(/zh)?/(companies|topics|people|stories|searches)/[^/.]+", r"\1/\2/ID", path
    )
    query = parse_qs(parts.query)
    # A statement begins with what it is about.
    board = query["q"][0].partition("\n")[0] if path == "/sql" and "q" in query else ""
    return path + "".join(f"?{name}" for name in sorted(query)) + board[:60]


def spread(hrefs, most):
    """Return *most* of some addresses, spread over all of them, the same each time."""
    return sorted(dict.fromkeys(hrefs), key=lambda h: md5(h.encode()).digest())[:most]


class Crawl:
    """A crawl with *get*, a function that asks for an address."""

    def __init__(self, get, *, most=ALL, each=ALL, counts=None, part=(0, 1)):
        self.get, self.most, self.each = get, most, each
        self.counts, (self.part, self.parts) = counts, part
        self.pages: dict[str, Opened] = {}
        self.told: dict[str, int | None] = {}
        self.numbers: dict[Number, None] = {}
        self.faults: dict[str, None] = {}
        self.checked = 0

    def run(self, *starts):
        """Crawl from the front page and some others; returns all faults."""
        self.starts = set(starts)
        bases = self._walk("/", "/search", *starts)
        # What pages open is opened, and of one page of each kind what it opens in turn.
        opened = self._follow(bases, self.most)
        firsts = {kind_of(href): href for href in reversed(spread(opened, ALL))}
        self._follow(firsts.values(), min(self.most, 2))
        if self.counts:
            self._tell([*bases, *firsts.values()])
        for alike in _by_kind(bases).values():
            for href in spread(alike, min(self.most, 6)):
                self._in_chinese(href)
                self._as_data(href)
                self._as_feed(href)
        self.compare()
        return list(self.faults)

    def __str__(self):
        return f"{len(self.pages):,} pages, {self.checked:,} numbers compared"

    def compare(self):
        """Compare each number with the total of the page that it opens, if that is open."""
        self._compare_names()
        for number in self.numbers:
            self._compare_told(number)
            page = self.pages.get(_plain(number.href))
            if page is None or page.status != OK:
                continue
            self.checked += 1
            if "#" in number.href:
                self._part(page, number.href, "#" + number.href.partition("#")[2])
            if page.total is None:
                self._fault(f"{number.href} says no total, as {number.page} opens it")
            elif page.total != number.said:
                there = f"{number.href}, which has {page.total}"
                self._fault(f"{number.page}: {number.said} opens {there}")

    def _compare_names(self):
        """Compare what subjects are called with their ids."""
        # Rows of a statement are as they are stored.
        shown = {h: page for h, page in self.pages.items() if "/sql" not in h}
        for source, page in shown.items():
            prefix = "/zh" if source.startswith("/zh") else ""
            for key, text in page.named:
                own = (self.pages.get(f"{prefix}/{at}/{key}") for at in SECTIONS)
                called = [f"{page.title} " for page in own if page]
                if text == key and not all(c.startswith(f"{key} ") for c in called):
                    self._fault(f"{source}: the id {key} is a label")

    def _compare_told(self, number):
        told = self.told.get(_plain(number.href), number.said)
        self.checked += _plain(number.href) in self.told
        if told != number.said:
            there = f"{number.href}, of which there are {told}"
            self._fault(f"{number.page}: {number.said} opens {there}")

    def hear(self, answers):
        """Compare what assistants are told: the tool, each number, and what it opens."""
        heard = [Number(*answer) for answer in answers]
        self.told |= self.counts.totals(_plain(number.href) for number in heard)
        for number in heard:
            if _plain(number.href) not in self.told:
                self.open(number.href)
        self.numbers |= dict.fromkeys(heard)
        self.compare()
        return list(self.faults)

    def _tell(self, bases):
        """Ask for the totals of what numbers open, and for what links lead to."""
        opened = dict.fromkeys(
            _plain(number.href) for href in bases for number in self.pages[href].numbers
        )
        self.told = self.counts.totals(opened)
        for source, page in self.pages.items():
            for link in map(_plain, page.links):
                if _is_bare(link) and not self.counts.has(link):
                    self._fault(f"{source}: {link} leads nowhere")

    def open(self, href):
        """Open a page, once."""
        href = _plain(href)
        if href not in self.pages:
            self.pages[href] = self._read(href)
            self.numbers |= dict.fromkeys(self.pages[href].numbers)
        return self.pages[href]

    def _walk(self, *starts):
        """Open all pages without parameters, and so many of each kind with an id or day."""
        opened, found = {}, dict.fromkeys(starts)
        while waiting := [h for h in self._some(found) if h not in opened]:
            for href in waiting:
                opened[href] = None
                page = self.open(href)
                for link in map(_plain, (*page.links, *(n.href for n in page.numbers))):
                    if _is_bare(link):
                        found[link] = None
        return list(opened)

    def _some(self, hrefs):
        """Return addresses without an id or day, and so many of each kind of others."""
        return [
            href
            for kind, alike in _by_kind(hrefs).items()
            for href in self._own(kind, alike)
        ]

    def _own(self, kind, alike):
        if not self.counts:
            return spread(alike, self.most if _is_of_many(kind) else ALL)
        if not _is_of_many(kind):
            return alike if self.part == 0 else []
        # Those without a story show no number.
        strays = spread([h for h in alike if h not in self.starts], STRAYS)
        return [
            href
            for href in (*strays, *(h for h in alike if h in self.starts))
            if md5(href.encode()).digest()[0] % self.parts == self.part
        ]

    def _follow(self, hrefs, most):
        """Open what the numbers and links of some pages lead to; returns what was opened.

        Of a page that stands alone *each* of its kinds of numbers, of others *most*.
        """
        kinds = defaultdict(list)
        for source in hrefs:
            page, kind = self.open(source), kind_of(source)
            of = "many" if _is_of_many(kind) else source
            for number in page.numbers:
                kinds[of, kind_of(number.href)].append(number.href)
            for href in page.links:
                if not href.startswith("/zh"):
                    alike = kind_of(href)
                    # A few of each kind: whatever filters lead there.
                    alike = alike if most == ALL else alike.partition("?")[0]
                    kinds["many", alike].append(href)
        return [
            _plain(href)
            for (of, kind), alike in kinds.items()
            for href in spread(map(_plain, alike), self._most(of, kind, most))
            if self.open(href)
        ]

    def _most(self, of, kind, most):
        if kind.startswith("/sql?"):
            return STATEMENTS
        if self.counts:
            return min(most, OPENED)
        return most if of == "many" else self.each

    def _read(self, href):
        answer = self.get(href)
        if answer.status_code != OK:
            self._fault(f"{href} answers {answer.status_code}")
            return Opened(status=answer.status_code)
        if "html" not in answer.headers["content-type"]:
            return Opened()
        if len(gzip.compress(answer.content)) > WEIGHT:
            self._fault(f"{href} is heavier than {WEIGHT:,} bytes")
        page, body = Opened(), lxml.html.fromstring(answer.content)
        page.ids = body.xpath("//@id")
        if len(page.ids) != len(set(page.ids)):
            self._fault(f"{href} has an id twice")
        for link in body.iter("a"):
            self._link(page, href, link)
        totals = {int(total) for total in body.xpath("//@data-total")}
        page.total = totals.pop() if len(totals) == 1 else None
        page.heads = [_text(node) for node in body.xpath("//thead//th|//dt|//h1|//h2")]
        page.title = " ".join(map(_text, body.xpath("//h1")))
        if MARKUP.search(body.text_content()):
            self._fault(f"{href} shows markup as text")
        if "/sql" not in href:
            for word in _columns(body):
                self._fault(f"{href}: the column {word} is a label")
        return page

    def _link(self, page, source, link):
        href, text, said = link.get("href", ""), _text(link), link.get("data-n")
        if href.startswith("#"):
            self._part(page, source, href)
            return
        if not href.startswith("/"):
            is_out = href.startswith(("http://", "https://"))
            if not is_out or link.get("rel") != "noreferrer noopener":
                self._fault(f"{source}: {href} is no link outwards")
            return
        if subject := SUBJECT.match(href):
            page.named.append((subject[1], text))
        if said is None:
            page.links.append(href)
            if NUMBER.fullmatch(text):
                self._fault(f"{source}: {text} opens {href} and does not say data-n")
        else:
            page.numbers.append(Number(source, int(said), href))
            found = [int(n.replace(",", "")) for n in NUMBER.findall(text)]
            if int(said) not in found:
                self._fault(f"{source}: a link shows {text!r} and stands for {said}")

    def _part(self, page, source, href):
        if href[1:] not in page.ids:
            self._fault(f"{source} has no {href}")

    def _in_chinese(self, href):
        """Compare a page with the Chinese one, which has the same numbers."""
        there = self.open("/zh" + href)
        own = [(n.said, n.href) for n in self.pages[href].numbers]
        other = [(n.said, n.href.removeprefix("/zh")) for n in there.numbers]
        for number in dict.fromkeys(set(own) ^ set(other)):
            self._fault(f"{href}: {number} is in one language alone")
        for head in there.heads:
            if re.fullmatch(r"[a-z][a-z_ ,0-9%]+", head) and head not in SIGNS:
                self._fault(f"/zh{href}: {head!r} is no Chinese")

    def _as_data(self, href):
        """Compare the rows of a page's JSON with the numbers that it shows.

        A brief prints most of its numbers as text, of the same rows.
        """
        if "/brief/" in href:
            return
        at = "/today.json" if href == "/" else f"{href}.json"
        asked = self.get(at, params={"table": "-"})
        named = re.search(r"it has ([\w, ]+)", asked.text)
        if asked.status_code != 400 or not named:
            return
        shown = {(n.said, n.href) for n in self.pages[href].numbers}
        for table in spread(named[1].split(", "), self.each):
            rows = self.get(at, params={"table": table}).json()
            for row in rows:
                self._row(href, table, row, shown)
            for name in {name for row in rows for name in row if "_" in name}:
                heads = self.pages[href].heads
                if name in heads:
                    self._fault(f"{href}: the column {name} is a label")

    def _row(self, href, table, row, shown):
        ids = [quote(str(row[name]), safe="") for name in IDS if row.get(name)]
        told = row.get("stories")
        # Acts have a list of their stories, not a number.
        if not told or isinstance(told, list) or not ids or table in CLOSED:
            return
        self.checked += 1
        if not any(
            said == row["stories"] and any(one in link.replace("+", "%20") for one in ids)
            for said, link in shown
        ):
            self._fault(
                f"{href}.json: {table} has {row['stories']} of {ids}, unlike the page"
            )

    def _as_feed(self, href):
        """Open the stories of a page's Atom; each stands on the page."""
        at = "/today/atom" if href == "/" else f"{href}/atom"
        answer = self.get(at)
        if answer.status_code != OK:
            return
        feed = lxml.html.fromstring(answer.content)
        told = [urlsplit(link.get("href")).path for link in feed.xpath("//entry/link")]
        listed = {_plain(h) for h in self.pages[href].links} | {
            _plain(n.href) for n in self.pages[href].numbers
        }
        for story in told:
            self.checked += 1
            if story not in listed:
                self._fault(f"{at}: {story} is not on the page")
        for story in spread(told, 3):
            self.open(story)

    def _fault(self, said):
        self.faults[said] = None


def _is_of_many(kind):
    return "/ID" in kind or "/DAY" in kind or "?" in kind


def _is_bare(link):
    """Tell whether an address is that of a page, without language and parameters."""
    return "?" not in link and not link.startswith("/zh") and not FORMS.search(link)


def _by_kind(hrefs):
    kinds = defaultdict(list)
    for href in hrefs:
        kinds[kind_of(href)].append(href)
    return kinds


def _columns(body):
    """Yield the names of columns among the words of a page."""
    for node in body.iter():
        if isinstance(node.tag, str) and node.tag not in NO_LABEL:
            for text in (node.text, *(child.tail for child in node)):
                yield from COLUMNS & set(COLUMN.findall(text or ""))


def _plain(href):
    return href.partition("#")[0]


def _text(node):
    return " ".join("".join(node.itertext()).split())


def main(home):
    """Crawl the desk of a home, and print each fault."""
    settings = load_settings(Path(home))
    counts = Counts(settings.home)
    with served(settings.home) as url:
        options = {"base_url": url, "timeout": 60, "trust_env": False}
        with httpx.Client(auth=("reader", writing_token(settings)), **options) as client:
            crawl = Crawl(client.get, counts=counts)
            crawl.run(*counts.starts())
            faults = crawl.hear(told(settings.home, counts.firms(), ["AI", "华为"]))
    for fault in faults:
        print(fault)  # noqa: T201
    print(f"{crawl} and {len(faults):,} faults")  # noqa: T201
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
