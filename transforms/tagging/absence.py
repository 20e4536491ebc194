"""Say why a company is not named where none of its names counts as one or stands there."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from transforms.alerts.rules.text import folded, people_finder
from transforms.mentions.documents import ArticleText
from transforms.tagging.tag import Tagger
from transforms.watchlist import Company, Watchlist


def absence(
    tagger: Tagger, document: ArticleText, company: Company, named: Collection[str]
) -> str:
    """Return the sentence, with what a reader may have taken for the company.

    *named* are the companies that the text does name.
    """
    text = " ".join(field.original for field in document.fields)
    return "; ".join(
        [
            f"none of its {len(company.aliases)} names stands in the text",
            *_below(tagger.watchlist, company.company_id, named),
            *_unmarked(company, text),
            *_people(tagger.watchlist, company.company_id, text),
        ]
    )


def _below(watchlist: Watchlist, company_id: str, named: Collection[str]) -> Iterator[str]:
    for below in named:
        if company_id in _parents(watchlist, below):
            yield (
                f"{below} is named, which belongs to it: only the most specific company "
                "is tagged, and counts for its parent in sums of groups"
            )


def _parents(watchlist: Watchlist, company_id: str) -> Iterator[str]:
    while parent := watchlist.company(company_id).parent_id:
        yield parent
        company_id = parent


def _unmarked(company: Company, text: str) -> Iterator[str]:
    for ticker in company.tickers:
        bare = ticker.partition(".")[0]
        if re.search(rf"(?<![A-Za-z0-9]){re.escape(bare)}(?![A-Za-z0-9])", text):
            marked = ticker if bare.isdigit() else f"${bare}"
            yield (
                f"{bare} stands there, but a ticker counts only where it is marked as "
                f"one, such as {marked}"
            )


def _people(watchlist: Watchlist, company_id: str, text: str) -> Iterator[str]:
    found = folded(text)
    for person in watchlist.people:
        if person.company_id != company_id:
            continue
        others = (p for p in watchlist.people if p is not person)
        namesakes = frozenset(name for other in others for name in other.names)
        if people_finder(frozenset(person.names), namesakes).search(found):
            role = f", its {person.role}," if person.role else ""
            yield f"{person.name}{role} is named, but a person stands for no company"
