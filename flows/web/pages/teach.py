"""``/teach``: what verdicts taught, and how good what came was by them. Only read."""

from __future__ import annotations

from dataclasses import asdict

import orjson

from flows.web.pages.page import Page
from flows.web.reading import PageView, Reading
from transforms.pages.links import DataTable
from transforms.pages.rows.verdicts import PRECISION, TAUGHT, Taught

_SIGNS = 20


def teach_page(reading: Reading) -> PageView:
    """What stands of what verdicts taught, and the precision of rules, outlets, events."""
    words = reading.words
    precision, taught = reading.rows(PRECISION), reading.rows(TAUGHT)
    said = [row for each in taught for row in orjson.loads(each.report)]
    return PageView(
        template="teach.html.j2",
        title=words.word("teach.title"),
        section="verdicts",
        given={
            "precision": precision,
            "taught": taught[0] if taught else None,
            "parts": [row for row in said if row["section"] == "part" and row["helps"]],
            "weights": _heaviest(said),
            "changes": [row for row in said if row["section"] == "change"],
            "sql": reading.sql(PRECISION),
        },
        tables=(
            DataTable(name="precision", rows=[asdict(row) for row in precision]),
            DataTable(name="taught", rows=[_record(each) for each in taught]),
        ),
    )


def _heaviest(said: list[dict[str, object]]) -> list[dict[str, object]]:
    helping = {row["part"] for row in said if row["section"] == "part" and row["helps"]}
    found = [r for r in said if r["section"] == "weight" and r["part"] in helping]
    return sorted(found, key=lambda row: -abs(float(str(row["weight"]))))[:_SIGNS]


def _record(taught: Taught) -> dict[str, object]:
    return {**asdict(taught), "report": orjson.loads(taught.report)}


PAGES = (Page(path="/teach", view=teach_page),)
