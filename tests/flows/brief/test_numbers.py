"""Every number of a brief is in the rows of a query that the brief prints.

The page is read as its reader has it; the SQL under each section is run by plain DuckDB
on the published file. Each cell, sentence, list item and chart may say only what the rows
say that it is about: their values, rounded, and what is computed from them below. Rows
of a query become *facts*, a mapping of a field to the ways its value may be written.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from math import sqrt
from statistics import mean, median
from string import Formatter
from zoneinfo import ZoneInfo

import duckdb
import lxml.html
import pytest
from builders import shipped_beat

from transforms.brief import render_markdown
from transforms.bursts.find import find_bursts, intervals, share_so_far, usual_days
from transforms.models import DayCount
from transforms.search.snippet import snippet
from transforms.trends.shifts import find_shifts
from transforms.trends.terms import emerging_terms
from transforms.words import phrases

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
NOW = datetime(2025, 11, 30, 8, 20, tzinfo=UTC)
THEN = datetime(2025, 11, 29, 10, 20, tzinfo=UTC)

# --- the page, as lines that each say something of one subject ------------------------


@dataclass
class Said:
    """A piece of the page: where it stands, and what row and column it belongs to."""

    section: str
    text: str
    head: str = ""
    column: str = ""
    folded: int = 0


def read(page):
    """Return what a page says, and the SQL under each of its sections."""
    root = lxml.html.document_fromstring(page.encode())
    for line_break in root.iter("br"):
        line_break.tail = " · " + (line_break.tail or "")
    said = [Said("title", text_of(root.find(".//h1")))]
    for path in (".//header/p", ".//main/p", ".//footer/p"):
        said += [Said("basis", text_of(p)) for p in root.iterfind(path)]
    queries = {}
    for section in root.iterfind(".//main/section"):
        key = section.get("aria-labelledby")
        queries[key] = {p.get("aria-label"): p.text_content() for p in section.iter("pre")}
        said += [piece for node in section for piece in pieces(node, key)]
    # What changed is told of any section; its own queries are those of basis and notices.
    queries["basis"] = queries["changed"]
    queries["changed"] = {k: sql for own in queries.values() for k, sql in own.items()}
    return said, queries


def pieces(node, key):
    """Yield what an element says; a table cell by cell, a drawing by its description."""
    if node.get("class") == "query":
        return
    if node.tag in ("p", "h2", "h3", "li", "caption", "figcaption", "desc"):
        yield Said(key, text_of(node), column="drawn" if node.tag == "desc" else "")
    elif node.tag == "summary":
        folded = node.getparent().findall("table/tbody/tr")
        yield Said(key, text_of(node), folded=len(folded))
    elif node.tag == "th" and node.get("scope") == "col":
        yield Said(key, text_of(node))
    elif node.tag == "tr" and node.find("td") is not None:
        for cell in node:
            yield Said(key, text_of(cell), text_of(node.find("th")), cell.get("data-label"))
    elif "mark-text role-mark" in node.get("class", ""):
        yield from (Said(key, text.text, column="drawn") for text in node.iter("{*}text"))
    else:
        for child in node:
            yield from pieces(child, key)


def text_of(node):
    return re.sub(r"[ \t\n]+", " ", node.text_content()).strip()


# --- how a value may be written -------------------------------------------------------


@dataclass
class Fact:
    """What one row says: names of its subject, and how each field may be written."""

    names: set[str] = field(default_factory=set)
    fields: dict[str, set[str]] = field(default_factory=dict)
    headlines: set[str] = field(default_factory=set)

    @property
    def texts(self):
        return set().union(*self.fields.values())


def percent(part, whole):
    """Return a percentage in a table, and rounded, in the description of a chart."""
    if whole < 10:
        return set()
    share = 100 * part / whole
    return {f"{share:.1f}\xa0%" if 0 < share < 10 else f"{share:.0f}\xa0%", f"{share:.0f}%"}


def wilson(part, whole):
    """Return Wilson's 95 % interval, by the textbook."""
    if whole < 10:
        return set()
    z, p = 1.96, part / whole
    middle = (p + z**2 / (2 * whole)) / (1 + z**2 / whole)
    reach = z / (1 + z**2 / whole) * sqrt(p * (1 - p) / whole + z**2 / (4 * whole**2))
    low, high = max(0, middle - reach), min(1, middle + reach)
    return {f"{100 * low:.0f}–{100 * high:.0f}\xa0%"}


def robust_z(days):
    *before, last = days
    spread = 1.4826 * median(abs(day - median(before)) for day in before)
    z = (last - median(before)) / max(spread, sqrt(mean(before)), 1.0)
    return {f"{z:+.1f}".replace("-", "−")}


def changed(now, before):
    """Return a count with its change, where both are large enough to have one."""
    few = min(now, before) < 10
    return {f"{now:,}"} | (set() if few else {f"{100 * abs(now / before - 1):.0f}\xa0%"})


def rounded(key, value):
    if key == "q":
        return f"{value:.3f}" if value >= 0.001 else "<\xa00.001"
    if key == "expected" and value < 0.1:
        return f"{value:.1g}"
    return f"{value:.2f}" if key == "npmi" else f"{value:.1f}"


def times(ratio):
    return {f"{ratio:.2f} ×"}


def numbers(*values):
    return {f"{value:,}" for value in values}


class Facts:
    """The facts of every query, in the language of a brief and of its window."""

    def __init__(self, file, queries, brief, since, until, as_of):
        self.zh, self.since, self.until = brief.language == "zh", since, until
        self.week = since.date()
        self.as_of, self.words = as_of, phrases(brief.language)
        with duckdb.connect(str(file), read_only=True) as con:
            self.names = self.subjects(con)
            self.rows = {key: self.run(con, sql) for key, sql in queries["changed"].items()}
        if as_of:
            self.look_back()
        self.of = {
            key: [self.fact(key, row) for row in self.told(key, rows)]
            + [Fact(set(), self.sums(key, rows))]
            for key, rows in self.rows.items()
        }

    @staticmethod
    def run(con, sql):
        result = con.execute(sql)
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def subjects(self, con):
        """Return the name of every id; of one id a topic comes after an event."""
        rows = self.run(con, "select company_id as id, name, name_zh from companies")
        topics = "select topic_id as id, name, name_zh from topics order by kind"
        rows += self.run(con, topics)
        return {r["id"]: (self.zh and r["name_zh"]) or r["name"] for r in rows}

    # A day or a moment, in the language of the brief.

    def short(self, day):
        return f"{day.month}月{day.day}日" if self.zh else f"{day.day} {day:%b}"

    def dates(self, value):
        """Return the ways to write a day, a month, or a moment with the clock."""
        if not isinstance(value, datetime):
            month = f"{value.year}年{value.month}月" if self.zh else f"{value:%b %Y}"
            return {self.short(value), self.full(value), month}
        local = value.astimezone(SHANGHAI)
        clock, last = f"{local:%H:%M}", (self.until - timedelta.resolution).date()
        comma = " " if self.zh else ", "
        days = {self.short(local), f"{self.full(local)}{comma}{clock}"}
        return days | {clock if local.date() == last else self.short(local) + comma + clock}

    def full(self, day):
        chinese = f"{day.year}年{day.month}月{day.day}日"
        return chinese if self.zh else f"{day.day} {day:%b} {day.year}"

    def span(self, hours):
        units = ("分钟", "小时", "天") if self.zh else (" min", " h", " d")
        if hours < 1:
            return {f"{60 * hours:.0f}{units[0]}"}
        return {f"{hours:.0f}{units[1]}" if hours < 72 else f"{hours / 24:.0f}{units[2]}"}

    def written(self, key, value):
        """Return the ways a value of a row may be written, by its type and its field."""
        match value:
            case int():
                return numbers(value)
            case date():
                return self.dates(value)
            case [int(), *_]:
                return numbers(max(value), value[-1], len(value))
            case float() if key.endswith(("_hours", "_min")):
                return self.span(value / (60 if key.endswith("_min") else 1))
            case float():
                return {rounded(key, value)}
        return set()

    def fact(self, key, row):
        fields = {name: self.written(name, value) for name, value in row.items()}
        fields = {ALIASES.get(name, name): texts for name, texts in fields.items() if texts}
        fields |= getattr(self, f"of_{key}", lambda _: {})(row)
        names = {str(row[name]) for name in NAMING & set(row) if row[name]}
        codes = [str(v) for v in row.values() if isinstance(v, str)]
        names |= {self.names[code] for code in codes if code in self.names}
        names |= {
            self.words[f"{group}.{code}"]
            for group in ("region", "relation")
            for code in codes
            if f"{group}.{code}" in self.words
        }
        if key == "themes":
            names |= {shipped_beat().themes[row["theme"]]["zh" if self.zh else "en"]}
        # How new the data are is no subject that a sentence names.
        is_subject = key != "freshness"
        whens = [v for v in row.values() if isinstance(v, date) and is_subject]
        names |= set() if names else set().union(*map(self.dates, whens))
        return Fact(names, fields, {str(row[name]) for name in HEADLINES & set(row)})

    def told(self, key, rows):
        """Return the rows of a longer history that are told one by one."""
        if key == "share":
            week = max((r["week"] for r in rows if r["week"] <= self.week), default=None)
            return [row for row in rows if row["week"] == week]
        if key == "themes":
            whole = [r for r in rows if r["all_stories"] >= 10 and r["week"] <= self.week]
            rows = [r | {"part": 100 * r["stories"] / r["all_stories"]} for r in whole]
            most = max((row["part"] for row in rows), default=0)
            return [r for r in rows if r["week"] == self.week or r["part"] == most]
        return list(self.arcs()) if key == "arcs" else rows

    # What is computed of a row, or of all rows of a query.

    def of_window(self, r):
        usual = r["usual_stories"] or 0
        return {"usual": {f"{usual:,.0f}"} | percent(r["stories"], usual)}

    def of_quality(self, r):
        named = ("undated", "estimated")
        return {name: percent(r[name], r["articles"]) | numbers(r[name]) for name in named}

    def of_companies(self, r):
        change = changed(r["stories"], r["previous_stories"])
        return {"z": robust_z(r["days"]), "stories": change}

    def of_share(self, r):
        all_ = sum(o["stories"] for o in self.rows["share"] if o["week"] == r["week"])
        share, interval = percent(r["share"] * all_, all_), set()
        if all_ >= 10:
            interval = {f"{100 * r['low']:.0f}–{100 * r['high']:.0f}\xa0%"}
        return {"share": share, "interval": interval, "low": set(), "high": set()}

    def of_topics(self, r):
        return {"lift": times((r["stories"] + 5) / (r["previous_mean"] + 5))}

    def of_matrix(self, r):
        return {"stories": percent(r["stories"], r["company_stories"])}

    def of_themes(self, r):
        same = [row for row in self.rows["themes"] if row["theme"] == r["theme"]]
        before = [o["stories"] for o in same if 0 < (r["week"] - o["week"]).days <= 28]
        share = percent(r["stories"], r["all_stories"])
        return {"mean": {f"{sum(before) / 4:.1f}"}, "share.all": share}

    def of_stories(self, r):
        if not r["first_en_at"] or not r["first_zh_at"]:
            return {}
        hours = abs((r["first_en_at"] - r["first_zh_at"]).total_seconds()) / 3600
        said = {f"{round(60 * hours)} min", f"{round(60 * hours)}分钟"}
        if hours >= 1:
            said = {f"{round(hours)} h", f"{round(hours)}小时"}
        if hours >= 72:
            said = {f"{round(hours / 24)} d", f"{round(hours / 24)}天"}
        return {"between": said}

    def of_languages(self, r):
        ratio = (r["en"] + 0.5) / r["all_en"] / ((r["zh"] + 0.5) / r["all_zh"])
        return {"ratio": times(ratio), "both": numbers(r["en"] + r["zh"])}

    def of_firsts(self, r):
        return {
            "alone": percent(r["alone"], r["stories"]),
            "first.share": percent(r["firsts"], r["shared"]),
            "interval": wilson(r["firsts"], r["shared"]),
            "copied": percent(r["copies"], r["articles"]),
        }

    def of_ahead(self, r):
        return {"due": self.dates(r["due_on"])}

    def of_arcs(self, r):
        return {"earlier": set(map(self.short, r["ends"]))}

    def arcs(self):
        """Yield the days in the news of each subject, computed anew from the counts."""
        counts = [DayCount(**row) for row in self.rows["arcs"]]
        first, last = min(c.day for c in counts), max(c.day for c in counts)
        usual = usual_days(counts, first_day=first, until=last + DAY)
        for subject, means in usual.items():
            mine = {c.day: c.stories for c in counts if (c.kind, c.subject_id) == subject}
            days = [first + n * DAY for n, m in enumerate(means) if m is not None]
            known = [m for m in means if m is not None]
            spans = intervals([mine.get(day, 0) for day in days], known)
            if not spans:
                continue
            *before, now = [(span.start, span.end) for span in spans]
            yield {
                "subject_id": subject[1],
                "weeks": [mine.get(last - n * DAY, 0) for n in reversed(range(56))],
                "begun": days[now[0]],
                "ended": days[now[1] - 1],
                "stories": sum(mine.get(day, 0) for day in days[slice(*now)]),
                "usual": float(sum(known[slice(*now)])),
                "ends": [days[n] for start, end in before for n in (start, end - 1)],
            }

    def sums(self, key, rows):
        """Return what is said of all rows of a query together."""
        sides = defaultdict(list)
        for row in rows:
            sides[row.get("side") or row.get("event") or row.get("language")].append(row)
        # The lists show eight; tables fold, and the fold is counted apart.
        fields = {"left": numbers(*(len(side) - 8 for side in sides.values()))}
        if key == "alerts":
            fields["held"] = numbers(sum(row["state"] == "suppressed" for row in rows))
        if key == "bursts":
            causes = {row.get("headline", number) for number, row in enumerate(rows)}
            told = (1, 2, 3) if self.as_of else (min(3, len(causes)),)
            fields["left"] = numbers(*(len(rows) - n for n in told))
        if key in ("share", "themes"):
            of_week = defaultdict(int)
            for row in rows:
                of_week[row["week"]] += row.get("all_stories", row["stories"])
            full = [w for w, n in of_week.items() if n >= 10 and w <= self.week]
            fields["weeks"] = numbers(len(full))
        if key == "share" and full:
            fields["other"] = self.other_share(rows, full)
        if key == "crackdown" and rows:
            fields["days"] = numbers((rows[-1]["day"] - rows[0]["day"]).days + 1)
            fields |= {k: numbers(sum(r[k] for r in rows)) for k in ("events", "supports")}
        return fields

    @staticmethod
    def other_share(rows, full):
        most, last = defaultdict(int), [r for r in rows if r["week"] == max(full)]
        for row in rows:
            most[row["name"]] += row["stories"] * (row["week"] in full)
        top = sorted(most, key=lambda name: (-most[name], name))[:8]
        all_ = sum(row["stories"] for row in last)
        rest = sum(row["share"] for row in last if row["name"] not in top)
        return percent(rest * all_, all_)

    def look_back(self):
        """Put what the statistics make of the counts of a look back in their place."""
        if "bursts" in self.rows:
            self.look_back_at_bursts()
        if "shifts" in self.rows:
            self.look_back_at_weeks()

    def look_back_at_bursts(self):
        counts = [DayCount(**row) for row in self.rows["bursts"]]
        first, last = min(c.day for c in counts), max(c.day for c in counts)
        hours = defaultdict(int, {r["hour"]: r["stories"] for r in self.rows["hours"]})
        clock = self.as_of.astimezone(SHANGHAI)
        part = share_so_far([hours[n] for n in range(24)], clock.hour + clock.minute / 60)
        part = part if clock.date() == last else 1.0
        found = find_bursts(counts, first_day=first, until=last + DAY, so_far=part)
        told = self.rows["burst_stories"]
        told = {(row["kind"], row["subject_id"], row["day"]): row for row in told}
        self.rows["hours"] = self.rows["burst_stories"] = []
        self.rows["bursts"] = [
            {k: getattr(b, k) for k in ("subject_id", "day", "observed", "expected", "q")}
            | {k: told[b.kind, b.subject_id, b.day][k] for k in STORY}
            for b in found
            if b.day >= self.since.date()
        ]

    def look_back_at_weeks(self):
        titles = self.rows["emerging"]
        week = max(row["week"] for row in titles)
        told = [(r["week"], (r["title"], r["language"], r["publisher"])) for r in titles]
        now, before = [t for w, t in told if w == week], [t for w, t in told if w < week]
        terms = emerging_terms(now, before, week=week)
        self.rows["emerging"] = [
            {"week": t.week, "term": t.term, "count": t.count, "z": t.z} for t in terms
        ]
        panel = [DayCount(**row) for row in self.rows["shifts"]]
        first, last = min(c.day for c in panel), max(c.day for c in panel)
        shifts = find_shifts(panel, first_day=first, until=last + DAY)
        keys = ("subject_id", "since", "before", "after", "ratio", "low", "high")
        self.rows["shifts"] = [{k: getattr(s, k) for k in keys} for s in shifts]


HEADLINES = {"headline", "headline_en", "headline_zh", "title"}
HEADLINES |= {"top_headline", "top_headline_en", "top_headline_zh"}
HEADLINES |= {"sentence", "settled_headline"}
STORY = ("headline", "headline_en", "headline_zh")
NAMING = HEADLINES | {"name", "name_zh", "publisher", "first_publisher", "feed_id", "term"}
NAMING |= {"rule_id", "reason", "amount"}
# Fields whose column has a key of its own.
ALIASES = {
    "previous_stories": "before", "previous_mean": "mean", "publishers": "outlets",
    "half_hours": "half", "behind_hours": "behind", "usual_gap_hours": "gap",
    "since": "day", "first_seen": "first", "created_at": "time", "last_article_at": "last",
}  # fmt: skip
# A line of ours repeats the sum of the headline before it.
OURS = re.compile(r" \[[^]]+; our words\]|〔[^〕]+；我们的话〕")
MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
NUMERAL = re.compile(
    rf"""(?x) (?: \d+[ ](?:{MONTH})(?:[ ]\d{{4}})? | (?:\d{{4}}年)?\d+月(?:\d+日)? )
         (?: ,?[ ]\d\d:\d\d )?
    | (?:{MONTH})[ ]\d{{4}} | \d\d:\d\d
    | (?: <\xa0 | (?<![\w–])[+−] )? \d+(?:,\d{3})*(?:\.\d+)? (?:–\d+)?
         (?: \xa0?% | [ ]× | [ ](?:min|h|d)\b | 分钟 | 小时 | 天 )?"""
)


def said_of(story_ids, file):
    """Return what articles of some stories say beneath their headlines."""
    with duckdb.connect(str(file), read_only=True) as con:
        told = con.execute(
            "select title, summary, language from articles where story_id in $ids",
            {"ids": story_ids},
        ).fetchall()
    return {found.text for row in told if (found := snippet(*row))}


class Check:
    """Hold a page against its own queries."""

    def __init__(self, brief, page, file, as_of=None):
        days = {"day": 1, "week": 7}[brief.period]
        self.until = (as_of or NOW).astimezone(SHANGHAI)
        self.since = datetime.combine(self.until, time(), SHANGHAI) - (days - 1) * DAY
        self.language = brief.language
        _, self.queries = read(page)
        self.facts = Facts(file, self.queries, brief, self.since, self.until, as_of)
        self.columns = {
            word: key.removeprefix("column.")
            for key, word in phrases(self.language).items()
            if key.startswith("column.")
        }
        names = {
            n for facts in self.facts.of.values() for fact in facts for n in fact.names
        }
        names |= set(self.facts.names.values())
        # An outlet's own words, as its headlines are.
        names |= said_of(
            [each for story in brief.stories for each in story.story_ids], file
        )
        longest = sorted(names, key=len, reverse=True)
        spelled = [re.escape(name) for name in longest if not NUMERAL.fullmatch(name)]
        self.names = re.compile("|".join(spelled))

    def problems(self, page):
        return [p for said in read(page)[0] for p in self.off(said)]

    def off(self, said):
        """Yield what a piece of the page says, and no row that it is about does."""
        shown, known = self.shown(said)
        for found in shown:
            if {found, found.removesuffix("天")}.isdisjoint(known):
                yield f"{said.section}: {found!r} in {said.text!r} ({said.head})"

    def shown(self, said):
        """Return the numerals of a piece of the page, and those that it may have."""
        text, facts = self.without_own_digits(said.text), self.about(said)
        key = self.columns.get(said.column, "")
        known = self.given(said).union(*(f.fields.get(key) or f.texts for f in facts))
        known = {str(said.folded)} if said.folded else known
        return NUMERAL.findall(self.names.sub(" ", OURS.sub("", text))), known

    def about(self, said):
        """Return the facts of the subject that is named, else those of the section."""
        own = self.queries.get(said.section, {})
        facts = [fact for key in own for fact in self.facts.of[key]]
        if said.head:
            heads = {said.head, *said.head.split(" · ")}
            row = [fact for fact in facts if heads & (fact.names | fact.texts)]
            return [fact for fact in row if said.column in fact.names] or row
        named = [f for f in facts if any(n in said.text for n in f.names if len(n) > 1)]
        headed = [f for f in named if any(n in said.text for n in f.headlines)]
        sums = [f for f in facts if not f.names] if said.column == "drawn" else []
        return (headed or named or facts) + sums

    def given(self, said):
        """Return the dates that were asked for."""
        moments = (self.since, self.until, NOW)
        asked = set().union(*map(self.facts.dates, (*moments, self.facts.week)))
        if said.section != "title":
            return asked
        _, week, _ = self.since.isocalendar()
        days = {f"{self.since.day}", f"{self.since.year}", f"{self.until:%H:%M}"}
        return asked | days | {"7", f"{week}"} | self.facts.dates(self.until.date())

    def without_own_digits(self, text):
        """Return *text* without the digits that are words of a phrase: "12 weeks"."""
        for pattern in own_digits(self.language):
            if found := pattern.search(text.strip()):
                text = text.strip()[: found.start()] + " ".join(("", *found.groups()))
        return text


@cache
def own_digits(language):
    """Return the phrases that have digits themselves, as patterns of what is filled in."""
    found = []
    for phrase in phrases(language).values():
        parts = [(literal, name) for literal, name, *_ in Formatter().parse(phrase)]
        if any(re.search(r"\d", literal) for literal, _ in parts):
            pieces = [re.escape(a) + ("" if name is None else "(.*?)") for a, name in parts]
            found.append(re.compile("".join(pieces) + "$"))
    return found


# --- the tests ------------------------------------------------------------------------

BRIEFS = pytest.mark.parametrize(
    "asked",
    [
        pytest.param((period, language, as_of), id=f"{period}-{language}-{when}")
        for period in ("day", "week")
        for language in ("en", "zh")
        for when, as_of in (("now", None), ("as-of", THEN))
    ],
)


@pytest.fixture(scope="session")
def check_of(desk, brief_of, page_of):
    @cache
    def call(*asked):
        file, as_of = desk / "data/sinowire.duckdb", [*asked, None, None][2]
        return Check(brief_of(*asked), page_of(*asked), file, as_of)

    return call


@pytest.mark.slow
@BRIEFS
def test_every_number_is_that_of_a_printed_query(page_of, check_of, asked):
    """Tables, folded rows, sentences, lists and charts."""
    assert check_of(*asked).problems(page_of(*asked)) == []


def test_nearly_every_section_of_the_week_has_rows_to_hold_it_against(check_of):
    empty = {key for key, rows in check_of("week").facts.rows.items() if not rows}

    assert empty <= {"warming_up", "uncomputed"}


def test_a_number_that_is_off_by_one_is_found(page_of, check_of):
    cell = re.compile(r'(data-label="Stories" class="numeric">)(\d+)<')

    off = cell.sub(lambda m: f"{m[1]}{int(m[2]) + 1}<", page_of("week"), count=1)

    [problem] = check_of("week").problems(off)
    assert problem.startswith("share: ")


@pytest.mark.slow
@pytest.mark.parametrize("period", ["day", "week"])
def test_hardly_a_number_could_be_another(page_of, check_of, period):
    """Each numeral of tables, lists and sentences, its last digit raised by one.

    A day has few of them: one more or less of its lines moves the part by a half per cent.
    """
    pieces = [said for said in read(page_of(period))[0] if said.column != "drawn"]
    tried = missed = 0
    for numerals, known in map(check_of(period).shown, pieces):
        tried += len(numerals)
        missed += sum(raised(numeral) in known for numeral in numerals)

    assert tried > {"day": 200, "week": 700}[period]
    assert missed < {"day": 0.06, "week": 0.05}[period] * tried


HEADS = ("title", "changed", "numbers", "basis")


def raised(numeral):
    *_, last = re.finditer(r"\d", numeral)
    return f"{numeral[: last.start()]}{(int(last[0]) + 1) % 10}{numeral[last.end() :]}"


@BRIEFS
def test_markdown_has_the_numbers_of_the_page(brief_of, page_of, asked):
    """Those of each section are among the page's, which draws and folds more."""
    in_page = defaultdict(Counter)
    for said in read(page_of(*asked))[0]:
        key = "basis" if said.section in HEADS else said.section
        in_page[key] += Counter(NUMERAL.findall(said.text))

    body = render_markdown(brief_of(*asked)).partition("\n---\n")[0]
    body = re.sub(r"\]\([^)\s]*\)|\\|\*|<sub>.*|^ *\d+\. ", "", body, flags=re.MULTILINE)
    head, *sections = re.split(r'<a id="(\w+)"></a>', body)
    told = list(zip(sections[::2], sections[1::2], strict=True))
    heads = " ".join(text for key, text in told if key in HEADS)
    parts = [(key, text) for key, text in told if key not in HEADS]
    for key, text in [("basis", f"{head} {heads}"), *parts]:
        assert Counter(NUMERAL.findall(text)) <= in_page[key]
