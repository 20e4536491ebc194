"""Pages of a period: ``/trends``, and the brief of ``/brief/day`` and ``/brief/week``."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flows.steps.brief import DAYS, BriefContents, Period, read_brief
from flows.web.asked import DAY
from flows.web.errors import BadRequest, NotFound
from flows.web.page import Page, PageView, Reading, hindsight
from transforms.brief.render.charts import draw_alone
from transforms.brief.render.text import section_rows, story_rows
from transforms.pages import render, tables, voice
from transforms.pages.words import DataTable, meant
from transforms.search.query import SearchError, known_id
from warehouse.numbers.trends import trends

TREND_DAYS = 7
LONGEST = 366
ROWS = 20
_COMPARED = ("company", "brand", "foreign_company")


def trends_page(reading: Reading) -> PageView:
    """Return shares, movers, topics, terms, gaps, pairs and sources of a period."""
    ask, words = reading.ask, reading.words
    last_day = reading.day_of(reading.until)
    first, last = ask.period() or (last_day - timedelta(days=TREND_DAYS - 1), last_day)
    if (last - first).days >= LONGEST:
        raise BadRequest(f"a period has at most {LONGEST} days; ask for fewer")
    past = hindsight(reading, first, last)
    parts = trends(reading.con, since=first, until=last, as_of=reading.as_of, found=past)
    if not words.in_chinese:
        del parts["not_yet_in_english"]
    params: dict[str, Any] = {
        "since": first,
        "until": last,
        "limit": ROWS,
        "subjects": None,
    }
    count = ask.number("weeks", default=voice.WEEKS, most=voice.MOST_WEEKS)
    weeks = voice.week_starts(last, count)
    span: dict[str, Any] = {"first_day": weeks[0], "last_day": last + DAY}
    with reading.as_seen(past):
        shares = reading.shared(voice.VOICE, **span)
    firms = _firms(reading) or voice.most_told(shares, voice.SHOWN)
    found = voice.points(words, shares, firms, weeks)
    picture = voice.chart(words, found, weeks)
    compared = DataTable(name="voice", rows=[voice.record(point) for point in found])
    told = [DataTable(name=name, rows=rows) for name, rows in parts.items() if rows] or [
        DataTable(name="share_of_voice", rows=[])
    ]
    is_asked = ask.text("companies") or ask.text("weeks")
    return PageView(
        template="trends.html.j2",
        title=words.word("nav.trends"),
        section="trends",
        given={
            "first": first,
            "last": last,
            "picture": picture,
            "numbers": voice.table(words, found, weeks),
            "firms": ", ".join(map(words.name, firms)),
            "choices": voice.choices(
                words, firms, voice.most_told(shares, voice.OFFERED), ask.query
            ),
            "weeks": count,
            "query": dict(ask.query),
            "voice_sql": reading.sql(voice.VOICE, **span),
            "spans": [
                (
                    days,
                    words.href(
                        "/trends",
                        **{
                            **ask.query,
                            "since": last_day - timedelta(days=days - 1),
                            "until": last_day,
                        },
                    ),
                )
                for days in (1, 7, 28, 90)
            ],
            "days": (last - first).days + 1,
            "boards": {
                name: tables.trend_table(words, name, rows, (first, last))
                for name, rows in parts.items()
                if name != "warming_up"
            },
            "sql": {name: reading.sql(f"trends.{name}", **params) for name in parts},
            "warming": parts.get("warming_up", []),
            "multiples": tables.shares(words, shares, weeks),
        },
        # Times stand within tables.
        until=reading.until,
        tables=[compared, *told] if is_asked else [*told, compared],
        drawing=draw_alone(picture) if ask.form == "svg" else "",
    )


def _firms(reading: Reading) -> list[str]:
    """Return the firms asked for, each by the top of its group.

    Raises:
        BadRequest: One is unknown, or no firm; or there are too many.
    """
    names, entities = reading.publication.search_names, reading.publication.entities
    found: list[str] = []
    for asked in filter(str.strip, (reading.ask.text("companies") or "").split(",")):
        try:
            firm = known_id("company", asked, names.companies)
        except SearchError as exc:
            raise BadRequest(str(exc)) from exc
        while parent := entities[firm].parent_id:
            firm = parent
        if entities[firm].kind not in _COMPARED:
            raise BadRequest(f"{asked.strip()!r} is no firm: only firms are compared")
        found.append(firm)
    firms = list(dict.fromkeys(found))
    if len(firms) > voice.MOST:
        raise BadRequest(
            f"{len(firms)} firms are asked for; at most {voice.MOST} are drawn"
        )
    return firms


def numbers_page(reading: Reading) -> PageView:
    """Return the tables and charts of the brief of a period."""
    return brief_page(reading, has_numbers=True)


def brief_page(reading: Reading, *, has_numbers: bool = False) -> PageView:
    """Return the brief of the period up to a day, or up to the newest data.

    A week is of seven days of the calendar. Its front page, or its numbers.
    """
    ask, words, publication = reading.ask, reading.words, reading.publication
    period: Period = "week" if ask.place["period"] == "week" else "day"
    if ask.place["period"] not in DAYS:
        raise NotFound("", meant([f"/brief/{each}" for each in DAYS], words.language))
    last = ask.day("until")
    first, newest = publication.first_day, publication.last_day
    if last and (first is None or newest is None or not first <= last <= newest):
        raise BadRequest(words.word("none.day", day=words.day(last)))
    shown = last or reading.day_of(reading.until)
    before = shown - DAYS[period] * DAY
    brief = read_brief(
        reading.con,
        publication.rules,
        now=reading.until + timedelta.resolution,
        period=period,
        last=shown if period == "week" else last,
        as_of=reading.as_of,
        language=ask.language,
        contents=BriefContents(href=words.href),
    )
    path, own = f"/brief/{period}", {"until": last}
    page = "/numbers" if has_numbers else ""
    rows = section_rows(brief) if has_numbers else {"stories": story_rows(brief)}
    return PageView(
        template="brief.html.j2",
        title=f"{brief.title} · {words.word('numbers')}" if has_numbers else brief.title,
        section="brief",
        given={
            "brief": brief,
            "parts": render.parts(brief)["numbers" if has_numbers else "front"],
            "front_href": words.href(path, **own) if has_numbers else "",
            "numbers_href": "" if has_numbers else words.href(f"{path}/numbers", **own),
            "is_open": period == "week" and brief.until < reading.start_of(shown + DAY),
            "periods": [
                (each, words.href(f"/brief/{each}{page}"), each == period) for each in DAYS
            ],
            "before": words.href(f"{path}{page}", until=before)
            if first and first <= before
            else "",
        },
        # Its times and days are those of the reporting zone, on whatever clock it is read.
        until=reading.until,
        is_document=True,
        # A week has thousands, and its page shows few of them.
        tables=[
            DataTable(name=name, rows=told if ask.form != "html" else ())
            for name, told in rows.items()
        ],
    )


PAGES = (
    Page(
        path="/trends",
        nav="trends",
        view=trends_page,
        known=frozenset({"since", "until", "companies", "weeks", "as_of"}),
        forms=("json", "csv", "svg"),
    ),
    Page(
        path="/brief/{period}",
        nav="brief",
        entry="/brief/day",
        also=("/brief",),
        view=brief_page,
        known=frozenset({"until", "as_of"}),
    ),
    Page(
        path="/brief/{period}/numbers",
        view=numbers_page,
        known=frozenset({"until", "as_of"}),
    ),
)
