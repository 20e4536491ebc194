"""Groups covered more in one language than in the other, by their share of each."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

from transforms.brief.draft import Draft, Heading
from transforms.brief.measures import MIN_PERCENT
from transforms.brief.model import Bar, Chart, Section
from transforms.brief.tables import Columns, name, number, table
from transforms.models import Query

MIN_TOLD = 20  # stories; below, one language by itself is no wonder
MIN_SIDE = 5  # stories in either language; a ratio over fewer swings with each of them
SIDE = 8  # bars at either end
# Half a story on each side, so that none against twenty is not infinite.
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLanguages:
    """Stories on a group in English and in Chinese, and those on all groups."""

    company_id: str
    name: str
    name_zh: str
    en: int
    zh: int
    all_en: int
    all_zh: int

    @property
    def ratio(self) -> float:
        """The share of the English stories over that of the Chinese, in doublings."""
        return log2((self.en + HALF) / self.all_en * self.all_zh / (self.zh + HALF))


LANGUAGES = Query(
    name="brief_week.languages",
    row=GroupLanguages,
    relations=("companies", "languages_between"),
    counts="no relation has a group's stories by language",
)

COLUMNS: Columns[GroupLanguages] = {
    "company": name("company_id"),
    "#en": number("en"),
    "#zh": number("zh"),
    "#ratio": lambda _draft, row: f"{2**row.ratio:.2f} ×",
}


def section(draft: Draft) -> Section:
    """Draw both ends above the table of all groups that can be compared."""
    rows = [
        row
        for row in draft.rows(LANGUAGES)
        if row.en + row.zh >= MIN_TOLD
        and min(row.en, row.zh) >= MIN_SIDE
        and min(row.all_en, row.all_zh) >= MIN_PERCENT
    ]
    rows.sort(key=lambda row: -row.ratio)
    ends = table(draft, "caption.languages", COLUMNS, rows, show=6)
    return draft.section(
        "languages",
        *((_chart(draft, rows), ends) if rows else ()),
        notes=(draft.line("languages.few"),) if rows else (),
    )


def _chart(draft: Draft, rows: list[GroupLanguages]) -> Chart:
    shown = rows if len(rows) <= 2 * SIDE else [*rows[:SIDE], *rows[-SIDE:]]
    bars = tuple(
        Bar(draft.name(row.company_id), "", row.ratio, row.en + row.zh) for row in shown
    )
    ends = [f"{bar.bar} {2**bar.value:.2f} ×" for bar in (bars[0], bars[-1])]
    return Chart(
        kind="lift",
        title=draft.word("chart.languages"),
        alt=draft.word("chart.languages.alt", highest=ends[0], lowest=ends[1]),
        bars=bars,
        series=(draft.word("chart.languages.axis"),),
    )


HEADING = Heading(key="languages", write=section, queries=(LANGUAGES,), periods=("week",))
