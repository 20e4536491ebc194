"""Verification of citations against what is published, or against a release."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import duckdb

from flows.steps.citations import TOLD, Row, ask, of_kind, read_basis
from transforms.citations.citation import (
    Basis,
    Cited,
    NumberError,
    NumberWithdrawn,
    moment,
    number_id,
    read_number,
)
from transforms.citations.read import CitationError, read_citations
from transforms.citations.verify import (
    CitationReason,
    Held,
    Verified,
    Wording,
    headline_hash,
    reason,
    verify,
    verify_number,
)
from transforms.text.lengths import cut
from transforms.urls.canonical import canonical_url
from transforms.urls.identity import article_id as id_of_address
from warehouse.news import citations as store
from warehouse.upkeep.released import Released

# Beyond these a file is the better way: a number of each may take a second.
PASTED = 20
_PLACE_DIGITS = 18
Wordings = Callable[[duckdb.DuckDBPyConnection, Iterable[int]], Mapping[int, Sequence[Row]]]


def verify_citations(
    con: duckdb.DuckDBPyConnection, cited: Sequence[Cited]
) -> list[Verified]:
    """Return what became of each citation, of a file of any product."""
    basis = read_basis(con)
    known = _Known.of(con, [each for each in cited if each.kind != "number"])
    return [
        _verify_number(con, each, basis)
        if each.kind == "number"
        else known.verify(each, basis.zone)
        for each in cited
    ]


def verify_released(
    con: duckdb.DuckDBPyConnection, cited: Sequence[Cited], released: Released
) -> list[Verified]:
    """Return what a release, read by *con*, tells of each citation; not of numbers."""
    told = [each for each in cited if each.kind != "number"]
    known = _Known.of(con, told, store.released_wordings)
    return [
        Verified(state="unknown", reasons=(reason("no-macros"),))
        if each.kind == "number"
        else _as_released(each, known.verify(each, released.zone), released)
        for each in cited
    ]


def verify_text(con: duckdb.DuckDBPyConnection, text: str) -> list[tuple[Cited, Verified]]:
    """Return what became of a few citations that were pasted.

    Raises:
        CitationError: They cannot be read, or are many.
    """
    cited = list(islice(read_citations([text]), PASTED + 1))
    if len(cited) > PASTED:
        raise CitationError(f"has more than {PASTED} citations; use: sinowire verify FILE")
    return list(zip(cited, verify_citations(con, cited), strict=True))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is held of everything that a file cites."""

    articles: Mapping[str, Held]
    stories: Mapping[str, Row]
    told: Mapping[str, Row]
    by_story: Mapping[str, str]

    @classmethod
    def of(
        cls,
        con: duckdb.DuckDBPyConnection,
        cited: Sequence[Cited],
        wordings: Wordings = store.wordings,
    ) -> _Known:
        """Look up all that is *cited*, and whatever its addresses lead to."""
        ids = {each.id for each in cited}
        stories = store.stories(con, of_kind(ids, "story"))
        heads = (row["article_id"] for row in stories.values())
        wanted = {key for each in cited for key in _keys(each)} | set(heads)
        rows = store.articles(con, wanted)
        told: dict[str, Row] = {}
        by_story: dict[str, str] = {}
        for kind, relation in TOLD.items():
            asked = of_kind(ids, kind)
            of = [rows[each[1:]]["story_id"] for each in asked if each[1:] in rows]
            for row in store.told(con, relation, asked, of):
                told[row["id"]] = row
                by_story |= {f"{kind} {story}": row["id"] for story in row["stories"]}
        return cls(_held(con, rows, wordings), stories, told, by_story)

    def verify(self, cited: Cited, zone: str) -> Verified:
        """Return what became of a citation of words."""
        match cited.kind:
            case "story":
                return self._story(cited, zone)
            case "measure" | "claim":
                return self._told(cited, zone)
        found = next((self.articles[k] for k in _keys(cited) if k in self.articles), None)
        if found is None:
            return _absent("absent")
        now = found.article_id if found.article_id != cited.id else ""
        return replace(verify(cited, found, zone), now=now)

    def _story(self, cited: Cited, zone: str) -> Verified:
        story = self.stories.get(cited.id)
        if story is None:
            return _absent("absent.kind", kind="story")
        head = self.articles.get(cited.facts.get("article", "")) or (
            self.articles.get(id_of_address(cited.url, "", "")) if cited.url else None
        )
        head = head or self.articles[story["article_id"]]
        found = replace(
            verify(cited, head, zone),
            now=story["story_id"] if story["story_id"] != cited.id else "",
        )
        said = (*found.reasons, *_moves(cited.id, story, head))
        if head.story_id != story["story_id"] and head.story_id not in story["parts"]:
            return replace(found, state="differs", reasons=(*said, reason("not-of-story")))
        return replace(found, reasons=said)

    def _told(self, cited: Cited, zone: str) -> Verified:
        held = self.articles.get(cited.id[1:])
        if held is None:
            return _absent("absent.kind", kind=cited.kind)
        if cited.id in self.told:
            return verify(cited, held, zone)
        now = self.by_story.get(f"{cited.kind} {held.story_id}")
        if now is None:
            return _absent("tells-none", kind=cited.kind)
        found = verify(cited, held, zone)
        why = reason("told-now", kind=cited.kind, now=now)
        return replace(found, reasons=(*found.reasons, why), now=now)


def _as_released(cited: Cited, found: Verified, released: Released) -> Verified:
    """Say of what is not in a release whether it could be there."""
    if found.state == "absent":
        days = reason("released", since=released.since, until=released.until)
        return replace(found, reasons=(*found.reasons, days))
    as_of = cited.facts.get("as-of", "")
    newest = moment(released.as_of) if released.as_of else ""
    if found.state == "differs" and as_of > newest:
        later = reason("later", as_of=cut(as_of, 40), newest=newest)
        return replace(found, reasons=(*found.reasons, later))
    return found


def _keys(cited: Cited) -> list[str]:
    """Return the ids of articles by which a citation may be found here.

    One that is not ours is found by its address, and by that alone.
    """
    if cited.kind == "article":
        is_ours = "id" in cited.facts
        return [cited.id] if is_ours else [cited.id, *_of_address(cited)]
    named = cited.facts.get("article", "")
    return [key for key in (named, cited.id[1:], *_of_address(cited)) if key]


def _of_address(cited: Cited) -> list[str]:
    return [id_of_address(cited.url, "", "")] if canonical_url(cited.url) else []


def _moves(asked: str, story: Row, head: Held) -> list[CitationReason]:
    said = []
    if story["story_id"] != asked:
        into, when = story["story_id"], story["merged_at"]
        day = {"day": f"{when:%Y-%m-%d}"} if when else {}
        said.append(reason("merged.on" if when else "merged", story=into, **day))
    if story["split_at"]:
        others = [part for part in story["parts"] if part != story["story_id"]]
        on, named = f"{story['split_at']:%Y-%m-%d}", ", ".join(others[:3])
        said.append(reason("parted", day=on, parts=named))
    if head.story_id != story["story_id"]:
        said.append(reason("of-story", story=head.story_id))
    return said


def _held(
    con: duckdb.DuckDBPyConnection, rows: Mapping[str, Row], wordings: Wordings
) -> dict[str, Held]:
    seqs = {row["seq"] for row in rows.values()}
    worded, addresses = wordings(con, seqs), store.addresses(con, seqs)
    made = {
        row["seq"]: _of_row(row, worded.get(row["seq"], []), addresses.get(row["seq"], []))
        for row in rows.values()
    }
    return {key: made[row["seq"]] for key, row in rows.items()}


def _of_row(row: Row, wordings: Sequence[Row], addresses: Sequence[Row]) -> Held:
    links = {each["url"] for each in addresses}
    feeds = {each["publisher"] for each in (*wordings, *addresses)}
    return Held(
        article_id=row["article_id"],
        story_id=row["story_id"],
        title=row["title"],
        published_at=row["published_at"],
        wordings=[_wording(each) for each in wordings],
        outlets=frozenset({row["outlet"], *feeds} - {None}),
        urls=frozenset({row["url"], *links, *map(canonical_url, links)}),
        gone_at=row["fetched_at"] if row["page_outcome"] == "gone" else None,
    )


def _wording(row: Row) -> Wording:
    digest = row.get("title_hash") or headline_hash(row["title"])
    return Wording(row["seen_at"], digest, row["content_hash"])


def _verify_number(con: duckdb.DuckDBPyConnection, cited: Cited, basis: Basis) -> Verified:
    try:
        number = read_number(cited.facts.get("number", ""))
        as_of = datetime.fromisoformat(cited.facts.get("as-of", ""))
    except (NumberError, ValueError) as exc:
        return _no_number(exc)
    if as_of.tzinfo is None or as_of > basis.as_of:
        return _absent("not-yet", as_of=cut(cited.facts["as-of"], 40), newest=basis.as_of)
    if number_id(number, moment(as_of)) != cited.id:
        return Verified(state="differs", reasons=(reason("another-id"),))
    try:
        result = ask(con, number, as_of)
    except NumberError as exc:
        return Verified(state="differs", reasons=(reason("said", said=exc),))
    found = verify_number(cited, number.text, result, basis.rules)
    if found.state == "same":
        return found
    since = _since(con, cited.facts.get("arrivals", ""), as_of)
    return replace(found, reasons=(*found.reasons, *since))


def _since(
    con: duckdb.DuckDBPyConnection, arrivals: str, as_of: datetime
) -> Iterator[CitationReason]:
    """Yield what may have changed a number, though it is asked as of its moment."""
    counts = {"moved": store.moved(con, as_of)}
    if arrivals.isascii() and arrivals.isdigit() and len(arrivals) <= _PLACE_DIGITS:
        counts["backdated"] = store.backdated(con, int(arrivals), as_of)
    for key, count in counts.items():
        if count:
            yield reason(f"{key}.one" if count == 1 else key, n=f"{count:,}")


def _no_number(exc: Exception) -> Verified:
    if isinstance(exc, NumberWithdrawn):
        return Verified(state="withdrawn", reasons=(reason("withdrawn"),))
    return _absent("no-number", said=exc)


def _absent(key: str, **parts: object) -> Verified:
    return Verified(state="absent", reasons=(reason(key, **parts),))
