"""``/acts``: publications of ministries and regulators, and the press that followed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flows.web.page import Page, PageView, Reading
from transforms.pages import acts as lines
from transforms.pages.acts import ACT_STORIES, ACTS
from transforms.pages.words import DataTable, Link

SHOWN = 100
# Older acts are read in SQL.
DAYS = 30
REGIONS = ("CN", "US", "EU", "HK")


def acts_page(reading: Reading) -> PageView:
    """Official acts of a month, on the beat, the newest first; with ``all`` off it, too."""
    ask, words = reading.ask, reading.words
    filters = {name: ask.text(name) or "" for name in ("body", "company")}
    region = ask.one_of("region", *REGIONS) or ""
    is_all = bool(ask.one_of("all", "1"))
    until = reading.publication.as_of + timedelta(days=1)
    period = {"since": until - timedelta(days=1 + DAYS), "until": until}
    params: dict[str, Any] = {**filters, **period, "region": region, "all": is_all}
    acts = reading.rows(ACTS, **params, limit=SHOWN)
    ids_of_acts = [act.article_id for act in acts]
    followed = reading.rows(ACT_STORIES, article_ids=ids_of_acts, **period)
    ids = dict.fromkeys([a.story_id for a in acts] + [s.story_id for s in followed])
    stories = reading.stories(list(ids))
    every = {**filters, "region": region, "all": "1" if is_all else ""}
    return PageView(
        template="acts.html.j2",
        title=words.word("acts.title"),
        section="acts",
        given={
            "acts": lines.act_lines(words, acts, followed, stories),
            "choices": [
                *(
                    Link(
                        text=words.word(f"acts.region.{each}"),
                        href=words.href(
                            "/acts", **every | {"region": "" if each == region else each}
                        ),
                        is_current=each == region,
                    )
                    for each in REGIONS
                ),
                Link(
                    text=words.word("acts.all"),
                    href=words.href("/acts", **every | {"all": "" if is_all else "1"}),
                    is_current=is_all,
                ),
            ],
            "on": [
                Link(
                    text=words.name(value) if name == "company" else value,
                    href=words.href("/acts", **every | {name: ""}),
                )
                for name, value in filters.items()
                if value
            ],
            "is_full": len(acts) == SHOWN,
            "shown": SHOWN,
            "sql": reading.sql(ACTS, **params, limit=SHOWN),
        },
        tables=(
            DataTable(name="acts", rows=[lines.record(act) for act in acts]),
            DataTable(name="followed", rows=[asdict(story) for story in followed]),
        ),
        feed=[stories[act.story_id] for act in acts if act.story_id in stories],
        feed_title=words.word("acts.title"),
    )


PAGES = (
    Page(
        path="/acts",
        nav="acts",
        view=acts_page,
        known=frozenset({"region", "body", "company", "all"}),
        forms=("json", "csv", "atom"),
    ),
)
