"""Health of feeds: ``sinowire feeds health`` and ``check --all``, with remedies."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import typer
from rich.cells import cell_len, chop_cells, set_cell_size

from connectors.feeds.check.survey import Surveyed, is_enough, survey_feeds
from connectors.feeds.poll.outcomes import answered, in_words, remedy_of
from flows.console import output
from flows.console.output import Console, Format
from flows.steps.ingest.ingest import fetch_options
from transforms.models import FEED_STATES, Feed
from transforms.text.fit import GAP
from transforms.text.lengths import counted
from transforms.text.tables import render_table
from transforms.urls.canonical import redact_target
from warehouse import feeds as feed_store
from warehouse.errors import NotPublished

Row = Mapping[str, Any]
COLUMNS = ("feed_id", "state", "newest", "every", "next", "reason")
LONGEST_ID = 26
# A reason takes what room the other columns leave, within these.
SHORTEST_REASON, LONGEST_REASON = 20, 60
# In this order: what is lost, what may pass, and what works but wants to be looked at.
_GROUPS = (
    *("gone", "moved", "not_a_feed", "permanent_error", "too_large"),
    *("challenge", "transient_error"),
    *("stale", "empty", "moved_for_good"),
)
# Of states that are no outcome, and of many feeds at once.
_REMEDIES = {
    "transient_error": "try again later; where nobody answers, see whether the address is "
    "right and this machine online",
    "stale": "see whether the outlet still publishes there; a feed that only rests takes "
    'max_silence = "90d"',
    "moved_for_good": "it is read there; write the new address, for a redirect may end",
}
_BY = {"you": "yours", "outlet": "the outlet's", "nobody": "nobody's"}
# Prose is broken here where no terminal says how wide it is, or one is very wide.
_WIDEST = 100
_INDENT = " " * 6


def health_table(rows: Iterable[Row], width: int | None = None) -> str:
    """Return the rows of ``feed_health`` as a table, ages and spans in words.

    It fits into *width* cells, or into 120.
    """
    shown = list(map(_told, rows))
    others = [[name, *(row[name] for row in shown)] for name in COLUMNS[:-1]]
    taken = sum(max(map(cell_len, column)) + GAP for column in others)
    room = min(max((width or 120) - taken, SHORTEST_REASON), LONGEST_REASON)
    lines = [line for row in shown for line in _lines(row, room)]
    return render_table(lines, Format.table.value, columns=COLUMNS)


def health_summary(rows: Sequence[Row]) -> str:
    """Return the number of feeds in each state, as of the last run."""
    counts = Counter(row["state"] for row in rows)
    listed = ", ".join(f"{counts[state]} {state}" for state in FEED_STATES if counts[state])
    as_of = next((row["as_of"] for row in rows if row["as_of"]), None)
    when = f" at the last run, {as_of:%Y-%m-%d %H:%M} UTC" if as_of else ""
    return f"{counted(len(rows), 'feed')}{when}: {listed or 'none'}"


def answer_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what the list is worth today, from the rows of ``feed_answers``."""
    counts = {row["kind"]: row["feeds"] for row in rows}
    yield (
        f"{counts.get('answered', 0)} of {counted(sum(counts.values()), 'enabled feed')} "
        "answered when they were last asked"
    )
    for row in rows:
        if row["remedy_by"]:
            first = ", ".join(row["feed_ids"][:3]) + (", …" if row["feeds"] > 3 else "")  # noqa: PLR2004
            yield (
                f"  {row['feeds']} {in_words(row['kind'])} since {row['since']:%Y-%m-%d} "
                f"({first}); {_BY[row['remedy_by']]}: {_remedy(row['kind'])}"
            )


def _lines(row: Row, room: int) -> Iterator[Row]:
    reason, *more = wrapped(row["reason"], room)
    yield {**row, "reason": reason}
    yield from ({"reason": line} for line in more)


def _told(row: Row) -> Row:
    return {
        "feed_id": _cut(row["feed_id"]),
        "state": row["state"],
        "newest": _ago(row["last_article_at"], row["as_of"]),
        "every": span(row["pace"] or row["usual_gap"]),
        "next": _ahead(row["next_poll_at"], row["as_of"]),
        "reason": row["reason"],
    }


def _cut(feed_id: str) -> str:
    if len(feed_id) <= LONGEST_ID:
        return feed_id
    return set_cell_size(feed_id, LONGEST_ID - 1) + "…"


def _ago(moment: datetime | None, now: datetime | None) -> str:
    return f"{span(max(now - moment, timedelta()))} ago" if moment and now else ""


def _ahead(moment: datetime | None, now: datetime | None) -> str:
    if not moment or not now:
        return ""
    return span(moment - now) if moment > now else "due"


def span(length: timedelta | None) -> str:
    """Return a duration in its largest unit: 40s, 15m, 3h, 12d."""
    if length is None:
        return ""
    seconds = length.total_seconds()
    for unit, size, least in (("d", 86_400, 172_800), ("h", 3_600, 7_200), ("m", 60, 60)):
        if seconds >= least:
            return f"{seconds / size:.0f}{unit}"
    return f"{seconds:.0f}s"


def wrapped(text: str, width: int) -> list[str]:
    """Return *text* in lines of at most *width* cells; longer words are broken."""
    lines = [""]
    for word in text.split():
        for part in chop_cells(word, width):
            line = f"{lines[-1]} {part}" if lines[-1] else part
            if cell_len(line) <= width:
                lines[-1] = line
            else:
                lines.append(part)
    return lines


def survey(
    console: Console, feeds: Sequence[Feed], shape: Format, *, as_json: bool
) -> None:
    """Check *feeds*, and print the report; Ctrl-C ends it with the results so far.

    Raises:
        WorkError: Fewer than nine in ten work.
    """
    surveyed: list[Surveyed] = []
    try:
        asyncio.run(_look(console, feeds, surveyed, as_json=as_json))
    except KeyboardInterrupt:
        _print(surveyed, shape, as_json=as_json)
        output.note(f"stopped: {len(surveyed)} of {counted(len(feeds), 'feed')} were asked")
        raise typer.Exit(output.STOPPED) from None
    _print(surveyed, shape, as_json=as_json)
    working = sum(each.report.ok for each in surveyed)
    if not is_enough(working, len(surveyed)):
        raise output.WorkError(
            f"{working} of {counted(len(surveyed), 'feed')} work, fewer than nine in ten: "
            + ("edit feeds.toml" if working else "see whether this machine is online")
            + ", and check again"
        )


async def _look(
    console: Console, feeds: Sequence[Feed], found: list[Surveyed], *, as_json: bool
) -> None:
    progress = output.progress()
    now = datetime.now(UTC)
    looks = survey_feeds(
        feeds, now=now, options=fetch_options(console.settings), held=_held(console, now)
    )
    try:
        async with aclosing(looks):
            async for each in looks:
                found.append(each)
                progress(f"{len(found)} of {counted(len(feeds), 'feed')}")
                if as_json:
                    output.say(
                        output.json_line(
                            each.report.record()
                            | {"state": each.state, "edit": each.edit or None}
                        )
                    )
    finally:
        progress("")


def _held(console: Console, now: datetime) -> list[str]:
    """Return the hosts that are held since an earlier run."""
    try:
        with console.published() as con:
            return list(feed_store.held_hosts(con, now))
    except NotPublished:
        return []


def _print(found: Sequence[Surveyed], shape: Format, *, as_json: bool) -> None:
    if as_json:
        return
    ordered = sorted(found, key=lambda each: each.report.feed.feed_id)
    if shape is not Format.table:
        output.rows([each.row() for each in ordered], shape)
        return
    width = min(output.terminal_width() or _WIDEST, _WIDEST)
    output.say("\n".join(report_lines(ordered, width)))


def report_lines(found: Sequence[Surveyed], width: int) -> Iterator[str]:
    """Yield the report on *found* in lines of *width* cells.

    Addresses and edits, lines of the feed's table in feeds.toml, stay whole.
    """
    yield from wrapped(answered(Counter(each.report.outcome for each in found)), width)
    working = Counter(each.state for each in found if each.report.ok)
    if told := ", ".join(f"{n} {_word(state)}" for state, n in working.most_common()):
        yield from wrapped(f"of those that answered: {told}", width)
    if any(each.edit for each in found):
        yield from wrapped(
            "a line NAME = VALUE is for the feed's table in feeds.toml", width
        )
    for state in _GROUPS:
        group = [each for each in found if each.state == state]
        if group:
            yield from _group_lines(state, group, width)


def _group_lines(state: str, group: Sequence[Surveyed], width: int) -> Iterator[str]:
    remedy = _remedy(state)
    yield ""
    yield from wrapped(f"{_word(state)} ({len(group)}): {remedy}", width)
    for each in group:
        yield f"  {each.report.feed.feed_id}  {each.row()['url']}"
        said = "; ".join(filter(None, (*_said(each), _own_remedy(each, remedy))))
        lines = [*wrapped(said, width - len(_INDENT)), each.edit]
        yield from (f"{_INDENT}{line}" for line in lines if line)


def _said(each: Surveyed) -> Iterator[str]:
    report = each.report
    if report.ok and report.silent_since:
        yield f"nothing new since {report.silent_since:%Y-%m-%d}"
    if each.state == "moved" and report.document:
        yield f"redirects to {redact_target(report.document.url, report.feed.url)}"
    yield report.error
    if each.is_found:
        yield "its site names a feed that works"


def _own_remedy(each: Surveyed, usual: str) -> str:
    """Return the remedy for this feed where it differs from *usual*, else ""."""
    remedy = each.report.remedy.removesuffix(f"; this may do: {each.edit}")
    is_usual = each.report.ok or each.state == "transient_error" or remedy.startswith(usual)
    return "" if is_usual else remedy


def _remedy(state: str) -> str:
    return _REMEDIES.get(state) or remedy_of(state)


def _word(state: str) -> str:
    return "well" if state == "new" else in_words(state)
